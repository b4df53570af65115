// Six charts of a dashboard, drawn anew at each step of a brush: by ECharts, and as SVG by Vue. Runs in a page; charts.mjs
// starts it.
import { BarChart, HeatmapChart } from "echarts/charts";
import { GridComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { createApp, h, nextTick, shallowRef } from "vue";

echarts.use([
  BarChart,
  HeatmapChart,
  GridComponent,
  VisualMapComponent,
  SVGRenderer,
  CanvasRenderer,
]);

/** Bars, or cells, of each chart. */
const sizes = { hours: 168, durations: 12, rounds: 15, intent: 7, outcomes: 16, days: 30 };
const names = Object.keys(sizes);
const [width, height] = [440, 220];

let seed = 1;
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const numbers = (count, least, most) =>
  Array.from({ length: count }, () => least + (most - least) * random());
/** What is there without a brush: the outlines. */
const all = Object.fromEntries(names.map((name) => [name, numbers(sizes[name], 500, 1500)]));
const brushed = () =>
  Object.fromEntries(
    names.map((name) => [name, all[name].map((value) => value * (0.3 + 0.5 * random()))]),
  );

const cells = (values) => values.map((value, at) => [at % 24, Math.floor(at / 24), value]);
const data = (name, values) => (name === "hours" ? cells(values) : values);

/** The options of one chart, as the chart at a place among several. */
function options(name, at) {
  const axes = { xAxisIndex: at, yAxisIndex: at };
  const category = (values) => ({ type: "category", data: values, gridIndex: at });
  if (name === "hours") {
    const hours = Array.from({ length: 24 }, (_, hour) => String(hour));
    return {
      xAxis: category(hours),
      yAxis: category([..."一二三四五六日"]),
      series: [{ type: "heatmap", id: name, ...axes, data: cells(all.hours) }],
      visualMap: { show: false, min: 0, max: 1500, inRange: { color: ["#eee", "#06c"] } },
    };
  }
  return {
    xAxis: category(all[name].map((_, bar) => String(bar))),
    yAxis: { type: "value", max: 1600, gridIndex: at },
    series: [
      {
        type: "bar",
        id: `${name} outline`,
        ...axes,
        data: all[name],
        barGap: "-100%",
        itemStyle: { color: "none", borderColor: "#999" },
      },
      { type: "bar", id: name, ...axes, data: all[name] },
    ],
  };
}

function element(wide, high) {
  const made = document.createElement("div");
  made.style.cssText = `width: ${wide}px; height: ${high}px; float: left`;
  document.body.append(made);
  return made;
}

const six = (renderer) => () => {
  const charts = names.map((name) => {
    const chart = echarts.init(element(width, height), null, { renderer });
    chart.setOption({ animation: false, ...options(name, 0) });
    return chart;
  });
  return (values) => {
    names.forEach((name, at) => {
      charts[at].setOption({ series: [{ id: name, data: data(name, values[name]) }] });
      charts[at].getZr().flush();
    });
  };
};

const one = (renderer) => () => {
  const chart = echarts.init(element(width * 3, height * 2), null, { renderer });
  const parts = names.map(options);
  chart.setOption({
    animation: false,
    grid: names.map((_, at) => ({
      left: (at % 3) * width + 40,
      top: Math.floor(at / 3) * height + 10,
      width: width - 60,
      height: height - 40,
    })),
    xAxis: parts.map(({ xAxis }) => xAxis),
    yAxis: parts.map(({ yAxis }) => yAxis),
    series: parts.flatMap(({ series }) => series),
    visualMap: parts.flatMap(({ visualMap }) => visualMap ?? []),
  });
  return (values) => {
    chart.setOption({
      series: names.map((name) => ({ id: name, data: data(name, values[name]) })),
    });
    chart.getZr().flush();
  };
};

function svgByVue() {
  const values = shallowRef(all);
  const y = (value) => 200 - value / 8;
  const bars = (name) =>
    values.value[name].flatMap((value, at) => {
      const step = 380 / sizes[name];
      const place = { x: 40 + at * step, width: step * 0.8 };
      return [
        h("rect", {
          ...place,
          y: y(all[name][at]),
          height: all[name][at] / 8,
          fill: "none",
          stroke: "#999",
        }),
        h("rect", { ...place, y: y(value), height: value / 8, fill: "#06c" }),
        h("text", { x: place.x, y: 214 }, String(at)),
      ];
    });
  const axis = () =>
    [0, 400, 800, 1200, 1600].flatMap((value) => [
      h("line", { x1: 40, x2: 420, y1: y(value), y2: y(value), stroke: "#ddd" }),
      h("text", { x: 36, y: y(value), "text-anchor": "end" }, String(value)),
    ]);
  const heat = () =>
    values.value.hours.map((value, at) =>
      h("rect", {
        x: 40 + (at % 24) * 16,
        y: 10 + Math.floor(at / 24) * 26,
        width: 15,
        height: 25,
        fill: "#06c",
        "fill-opacity": value / 1600,
      }),
    );
  const draw = (name) =>
    h("svg", { width, height }, name === "hours" ? heat() : [axis(), bars(name)]);
  createApp({ render: () => names.map(draw) }).mount(element(width * 3, height * 2));
  return (next) => {
    values.value = next;
    return nextTick();
  };
}

const contestants = {
  "six ECharts, SVG": six("svg"),
  "six ECharts, canvas": six("canvas"),
  "one ECharts, six grids, SVG": one("svg"),
  "one ECharts, six grids, canvas": one("canvas"),
  "SVG by Vue": svgByVue,
};

globalThis.contestants = Object.keys(contestants);

/** Median and 95th percentile of script and of layout of a step, in milliseconds. */
globalThis.measure = async (name, steps) => {
  document.body.textContent = "";
  const update = contestants[name]();
  const times = { script: [], layout: [] };
  for (let step = 0; step < steps; step += 1) {
    const values = brushed();
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    await update(values);
    const drawn = performance.now();
    document.body.getBoundingClientRect();
    times.script.push(drawn - begun);
    times.layout.push(performance.now() - drawn);
  }
  // The first steps compile.
  const quantile = (all, share) => {
    const sorted = all.slice(5).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length * share)];
  };
  return {
    median: quantile(times.script, 0.5),
    late: quantile(times.script, 0.95),
    layout: quantile(times.layout, 0.5),
  };
};
