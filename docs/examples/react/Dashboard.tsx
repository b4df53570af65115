// The calls of a company, kept up to date: numbers, three charts that filter each other, and the calls that pass.
import { CallTable, explain, label } from "byrobot-calls";
import { useAnswer, useLinked, useTable } from "byrobot-calls/react";
import { BarChart } from "./BarChart";
import { Calls } from "./Calls";
import { client } from "./client";
import { download } from "./download";

const edges = [0, 10, 30, 60, 120, 600];
const metrics = ["answerRate", "intentRate", "meanDuration", "billableMinutes"] as const;
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export function Dashboard() {
  const { table, error, syncing } = useTable(
    () => new CallTable(),
    (table, signal) => client.follow(table, { companyId: 1 }, { signal }),
  );
  const total = useAnswer(table, (calls) => calls.length, []);
  const linked = useLinked(table, {
    dates: { groupBy: "date" },
    durations: { histogram: "duration", edges },
    hours: { groupBy: "hourOfDay" },
    outcomes: { groupBy: "finishStatus", top: 6 },
    totals: { statistics: true },
  });
  const { charts, results, length, brushes, brush } = linked;

  const cards = metrics.map((metric) => {
    const value = results?.totals[metric] ?? null;
    const format = metric.endsWith("Rate") ? percent : decimal;
    return { ...explain(metric, "en"), value: value === null ? "–" : format.format(value) };
  });
  const [low, high] = brushes.durations ?? [0, Infinity];
  const durations = Array.from(results?.durations.counts ?? [], (calls, bin) => {
    const [from, to] = [edges[bin]!, edges[bin + 1]!];
    const isChosen = low <= from && to <= high;
    return { key: { from, to }, name: `${from}–${to}`, calls, isChosen };
  });
  const hours = (results?.hours ?? []).map(({ key, calls }) => {
    return { key, name: `${key ?? "?"}`, calls, isChosen: brushes.hours?.includes(key) ?? true };
  });
  const outcomes = (results?.outcomes ?? []).map(({ key, calls }) => {
    const name = label("finishStatus", key, "en");
    return { key, name, calls, isChosen: brushes.outcomes?.includes(key) ?? true };
  });

  function exportCsv() {
    const passing = charts!.view();
    download(passing.toCSV({ language: "en", bom: true, forSpreadsheet: true }));
    passing.free();
  }

  return (
    <>
      {error !== null && <p role="alert">{String(error)}</p>}
      <div className="bar">
        <p>
          {length} of {total} calls, {syncing ? "reading" : "up to date"}
        </p>
        <select
          aria-label="Date"
          value={brushes.dates?.[0] ?? ""}
          onChange={({ target: { value } }) => brush("dates", value ? [value] : null)}
        >
          <option value="">All dates</option>
          {results?.dates.map(({ key, calls }) => (
            <option key={key} value={key ?? ""}>
              {key} ({calls})
            </option>
          ))}
        </select>
        <button disabled={!charts} onClick={exportCsv}>
          Export CSV
        </button>
      </div>
      <dl className="cards">
        {cards.map(({ title, formula, value }) => (
          <div key={title} title={formula}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="charts">
        <BarChart
          title="Duration, seconds"
          bars={durations}
          onChoose={(keys) => brush("durations", keys && [keys[0]!.from, keys.at(-1)!.to])}
        />
        <BarChart title="Hour" bars={hours} onChoose={(keys) => brush("hours", keys)} />
        <BarChart title="Outcome" bars={outcomes} onChoose={(keys) => brush("outcomes", keys)} />
      </div>
      <Calls linked={linked} />
    </>
  );
}
