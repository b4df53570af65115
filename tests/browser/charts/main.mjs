// The page of the chart tests: the charts, each in its panel, and a record of what they emit.
import { createApp, h, reactive } from "vue";
import BarChart from "../../../www/src/charts/BarChart.vue";
import ChartPanel from "../../../www/src/charts/ChartPanel.vue";
import FunnelChart from "../../../www/src/charts/FunnelChart.vue";
import HeatChart from "../../../www/src/charts/HeatChart.vue";
import LineChart from "../../../www/src/charts/LineChart.vue";
import ShareBar from "../../../www/src/charts/ShareBar.vue";
import SurvivalChart from "../../../www/src/charts/SurvivalChart.vue";
import { i18n } from "../../../www/src/i18n";
import "../../../www/src/styles/tokens.css";
import "../../../www/src/styles/base.css";
import "../../../www/src/styles/controls.css";

i18n.global.locale.value = "en";

const chosen = reactive({});
/** What the charts emitted, and in which frame. */
const record = [];
let frame = 0;
const count = () => {
  frame += 1;
  requestAnimationFrame(count);
};
count();
Object.assign(globalThis, { chosen, record });

const listener = (name) => (value) => {
  record.push({ name, value, frame });
  chosen[name] = value;
};

const seconds = [0, 3, 5, 10, 20, 30, 60, 120];
// A filter on the hours halves the durations: the unfiltered values stay behind them.
const durations = () =>
  seconds.map((from, index) => ({
    key: from,
    label: String(from),
    value: (index + 1) * (chosen.cells ? 50 : 100),
    ghost: (index + 1) * 100,
  }));
const codes = ["answered", "rejected", "busy", "off"].map((key, index) => ({
  key,
  label: key,
  value: 400 - index * 100,
}));
const weights = Array.from({ length: 168 }, (_, cell) => (cell === 33 ? 18 : 100));
const values = weights.map((_, cell) => (cell % 24) / 24);
const days = Array.from({ length: 10 }, (_, index) => ({ key: index, label: `3/${index + 1}` }));
const rates = days.map((_, index) => (index === 4 ? null : 0.4 + index / 100));
const steps = ["imported", "dialled", "answered"].map((key, index) => ({
  key,
  label: key,
  value: 300 - index * 100,
  ofPrevious: "",
  ofFirst: "",
  idle: index === 0,
}));
const levels = ["A", "B", "C"].map((key, index) => ({ key, label: key, value: 10 * (index + 1) }));
const survival = { key: "s", name: "s", survival: [1, 0.5, 0.2], hazard: [0.5, 0.6, 1] };

/** They emit one key instead of a list. */
const picks = new Set([FunnelChart, SurvivalChart]);

const panel = (name, chart, props, more = {}) =>
  h(
    ChartPanel,
    {
      id: name,
      title: name,
      brushed: chosen[name] != null,
      onClear: () => listener(name)(null),
      ...more,
    },
    () =>
      h(chart, {
        selected: chosen[name] ?? null,
        [picks.has(chart) ? "onPick" : "onBrush"]: listener(name),
        ...props,
      }),
  );

const table = () => ({
  columns: [
    { key: "from", name: "From" },
    { key: "calls", name: "Calls", end: true },
  ],
  rows: seconds.map((from, index) => ({ from: `${from} s`, calls: String((index + 1) * 100) })),
});

createApp({
  render: () => [
    panel("durations", BarChart, { bars: durations() }, { answer: "most are long", table }),
    panel("codes", BarChart, { bars: codes, mode: "keys", direction: "horizontal" }),
    panel("cells", HeatChart, { values, weights }),
    panel("days", LineChart, { points: days, series: [{ key: "r", name: "r", values: rates }] }),
    panel("step", FunnelChart, { steps }),
    panel("round", SurvivalChart, { series: [{ ...survival, atRisk: [200, 100, 40] }] }),
    panel("levels", ShareBar, { segments: levels }),
    panel("nothing", BarChart, { bars: [] }, { empty: true, onClearFilters: listener("filters") }),
  ],
})
  .use(i18n)
  .mount("#app");
