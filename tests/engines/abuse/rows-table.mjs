// Rows of abuse: tables, views, linked charts, arrays of calls, words. A row is a function, right arguments, and what it
// may return; without `errors` it may throw `invalid_argument` only. `isWritten`: its argument is written as JSON.

import { dispose } from "./values.mjs";

const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isNothing = (value) => value === undefined;
const isArray = (value) => Array.isArray(value);
const isFunction = (value) => typeof value === "function";
const isSet = (value) => isCount(value?.length) && isFunction(value.where);
const isCharts = (value) => isFunction(value?.read) && isCount(value.length);
const isBytes = (value) => value instanceof Uint8Array;
const isReport = (value) => isCount(value?.added) && isArray(value.oddities);
const isInterval = (value) => value === null || (isArray(value) && value.every(Number.isFinite));
const free = (value) => value?.free?.();

const filter = ({ callJobId }) => ({
  finishStatus: 0,
  intentLevel: ["A", null],
  duration: { min: 1, max: 600 },
  startTime: { from: 1e12, to: new Date(2e12) },
  hourOfDay: [9, 10],
  weekday: 1,
  callerPhone: "1",
  callJobId,
  results: [{ name: "客户意向等级", values: ["A级(较强)", null] }],
  properties: [{ name: "城市", values: ["北京"] }],
  not: { date: "2024-02-29" },
  anyOf: [{ jobName: "回访" }, {}],
  text: "1",
});
const csv = () => ({ language: "en", maskPhones: true, bom: true, forSpreadsheet: true, columns: ["duration", { field: "chatRound", title: "rounds" }, { result: "客户意向等级" }] }); // prettier-ignore
const rowsOptions = () => ({ offset: 1, limit: 2, sortBy: "duration", descending: true });
const statistics = () => ({ quantiles: [0.5], unusable: [1] });
const groups = () => ({ order: "calls", top: 3 });
const charts = () => ({
  lengths: { histogram: "duration", edges: [0, 10, 60] },
  hours: { groupBy: "hourOfDay" },
  lines: { groupBy: ["callerPhone", "date"], top: 3 },
  heat: { heatmap: true },
  rounds: { roundSurvival: true },
  all: { statistics: true },
});

/** Whether a stream of CSV is one; reads it to its end. */
async function isStream(value) {
  const reader = value?.getReader?.();
  if (!reader) return false;
  for (;;) if ((await reader.read()).done) return true;
}

/** The questions of a set of calls, under the name of its class. */
const questions = (of, name) => ({
  [`${name}#length`]: { call: (w) => of(w).length, args: () => [], result: isCount },
  [`${name}#where`]: { call: (w, ...a) => of(w).where(...a), args: (w) => [filter(w)], result: isSet, tidy: free }, // prettier-ignore
  [`${name}#statistics`]: { call: (w, ...a) => of(w).statistics(...a), args: () => [statistics()], result: (value) => isCount(value?.calls) }, // prettier-ignore
  [`${name}#groupBy`]: { call: (w, ...a) => of(w).groupBy(...a), args: () => [["hourOfDay", "date"], groups()], result: isArray }, // prettier-ignore
  [`${name}#histogram`]: { call: (w, ...a) => of(w).histogram(...a), args: () => ["duration", { edges: [0, 10, 60] }], result: (value) => value?.counts?.length > 0 }, // prettier-ignore
  [`${name}#heatmap`]: { call: (w, ...a) => of(w).heatmap(...a), args: () => [], result: (value) => value?.calls?.length === 168 }, // prettier-ignore
  [`${name}#roundSurvival`]: { call: (w, ...a) => of(w).roundSurvival(...a), args: () => [], result: isArray }, // prettier-ignore
  [`${name}#repeats`]: { call: (w, ...a) => of(w).repeats(...a), args: () => [{ within: 1000 }], result: (value) => isArray(value?.numbers) }, // prettier-ignore
  [`${name}#expectedRates`]: { call: (w, ...a) => of(w).expectedRates(...a), args: () => ["callerPhone", ["callJobId", "date"]], result: isArray }, // prettier-ignore
  [`${name}#linked`]: { call: (w, ...a) => of(w).linked(...a), args: () => [charts()], result: isCharts, tidy: free }, // prettier-ignore
  [`${name}#rows`]: { call: (w, ...a) => of(w).rows(...a), args: () => [rowsOptions()], result: isArray }, // prettier-ignore
  [`${name}#toCSV`]: { call: (w, ...a) => of(w).toCSV(...a), args: () => [csv()], result: isText },
  [`${name}#toCSVStream`]: { call: (w, ...a) => of(w).toCSVStream(...a), args: () => [csv()], result: isStream }, // prettier-ignore
  [`${name}#toArrowIPC`]: { call: (w, ...a) => of(w).toArrowIPC(...a), args: () => [], result: isBytes }, // prettier-ignore
});

/** `free` of a copy, twice. */
const freed = (make) => ({
  args: () => [],
  result: isNothing,
  call(w, ...a) {
    const one = make(w);
    one.free(...a);
    return one[dispose](...a);
  },
});

const ownRow = (w) => ({
  callInstanceId: w.callInstanceId,
  duration: 31,
  startTime: new Date(1.7e12),
  resultList: { 客户意向等级: "A级(较强)" },
  extra: { own: 1 },
});

/** What `ingest` may refuse besides rows and options: bodies that are no answers. */
const bodyErrors = ["invalid_argument", "not_json", "unexpected_shape"];

/** For the entry points with a table. */
export const tableRows = {
  "new CallTable": { call: (w, ...a) => new w.calls.CallTable(...a), args: () => [], result: isSet, tidy: free }, // prettier-ignore
  "CallTable.restore": { call: (w, ...a) => w.calls.CallTable.restore(...a), args: (w) => [w.table.snapshot()], result: isSet, tidy: free, errors: ["invalid_argument", "snapshot"] }, // prettier-ignore
  ...questions((w) => w.table, "CallTable"),
  ...questions((w) => w.view, "CallView"),
  "CallTable#ingest": { call: (w, ...a) => w.other.ingest(...a), args: (w) => [[ownRow(w)], { columns: { duration: "duration" } }], result: isReport, changes: true, errors: bodyErrors }, // prettier-ignore
  "CallTable#ingest of one row": { isWritten: true, call: (w, row) => w.other.ingest([row]), args: (w) => [ownRow(w)], result: isReport, changes: true }, // prettier-ignore
  "CallTable#ingest under own names": { isWritten: true, call: (w, row) => w.other.ingest([row], { columns: { callInstanceId: "id", duration: "seconds" } }), args: () => [{ id: 7, seconds: 31 }], result: isReport, changes: true }, // prettier-ignore
  "CallTable#ingest of a callback": { isWritten: true, call: (w, row) => w.other.ingest([row]), args: (w) => [{ sceneInstance: { callInstanceId: w.callInstanceId }, taskResult: [{ resultName: "a", resultValue: "b" }] }], result: isReport, changes: true }, // prettier-ignore
  "CallTable#ingest of CSV": { call: (w, ...a) => w.other.ingest(...a), args: () => ["callInstanceId,duration\n7,31", { format: "csv", columns: {} }], result: isReport, changes: true, errors: bodyErrors }, // prettier-ignore
  "CallTable#revision": { call: (w) => w.table.revision, args: () => [], result: isCount },
  "CallTable#subscribe": {
    args: () => [() => {}],
    result: isFunction,
    call: (w, ...a) => w.table.subscribe(...a),
    tidy: (value) => typeof value === "function" && value(),
  },
  "CallTable#snapshot": { call: (w, ...a) => w.table.snapshot(...a), args: () => [], result: isBytes }, // prettier-ignore
  "CallTable#get": { call: (w, ...a) => w.table.get(...a), args: (w) => [w.callInstanceId], result: (value) => value === null || isNumber(value?.callInstanceId) }, // prettier-ignore
  "CallTable#clear": { call: (w, ...a) => w.other.clear(...a), args: () => [], result: isNothing },
  "CallTable#memory": { call: (w, ...a) => w.table.memory(...a), args: () => [], result: (value) => isCount(value?.texts) }, // prettier-ignore
  "CallTable#free": freed((w) => new w.calls.CallTable()),
  "CallTable#Symbol(Symbol.dispose)": freed((w) => new w.calls.CallTable()),
  "CallView#free": freed((w) => w.table.where({})),
  "CallView#Symbol(Symbol.dispose)": freed((w) => w.table.where({})),
  "LinkedCharts#free": freed((w) => w.table.linked({ all: { statistics: true } })),
  "LinkedCharts#Symbol(Symbol.dispose)": freed((w) => w.table.linked({ a: { heatmap: true } })),
  "LinkedCharts#length": { call: (w) => w.charts.length, args: () => [], result: isCount },
  "LinkedCharts#filter": { call: (w, ...a) => w.charts.filter(...a), args: (w) => ["lengths", filter(w)], result: isNothing, tidy: (_, w) => w.charts.filter("lengths", null) }, // prettier-ignore
  "LinkedCharts#brush": { call: (w, ...a) => w.charts.brush(...a), args: () => ["lengths", [0, 60]], result: isNothing, tidy: (_, w) => w.charts.filter("lengths", null) }, // prettier-ignore
  "LinkedCharts#read": { call: (w, ...a) => w.charts.read(...a), args: () => [], result: (value) => isCount(value?.all?.calls) }, // prettier-ignore
  "LinkedCharts#view": { call: (w, ...a) => w.charts.view(...a), args: () => [], result: isSet, tidy: free }, // prettier-ignore
  "LinkedCharts#rows": { call: (w, ...a) => w.charts.rows(...a), args: () => [rowsOptions()], result: isArray }, // prettier-ignore
  "TableChange#addedIds": changed((change, ...a) => change.addedIds(...a)),
  "TableChange#updates": changed((change, ...a) => change.updates(...a)),
  filterCalls: { call: (w, ...a) => w.calls.filterCalls(...a), args: (w) => [w.rows, filter(w)], result: isArray }, // prettier-ignore
  "filterCalls of one call": { isWritten: true, call: (w, row) => w.calls.filterCalls([row], {}), args: (w) => [{ ...w.rows[0] }], result: isArray }, // prettier-ignore
  callStatistics: { call: (w, ...a) => w.calls.callStatistics(...a), args: (w) => [w.rows, statistics()], result: (value) => isCount(value?.calls) }, // prettier-ignore
  rateInterval: { call: (w, ...a) => w.calls.rateInterval(...a), args: () => [{ part: 1, whole: 3 }, 0.9], result: isInterval }, // prettier-ignore
  rateDifference: { call: (w, ...a) => w.calls.rateDifference(...a), args: () => [{ part: 1, whole: 3 }, { part: 1, whole: 4 }, 0.9], result: (value) => value === null || isInterval(value.interval) }, // prettier-ignore
  explain: { call: (w, ...a) => w.calls.explain(...a), args: () => ["answerRate", "en"], result: (value) => isText(value?.formula) }, // prettier-ignore
};

/** The change that a listener gets, asked while the listener runs. */
function changed(ask) {
  return {
    args: () => [],
    result: isArray,
    call(w, ...a) {
      const table = new w.calls.CallTable();
      let outcome;
      table.subscribe((change) => {
        try {
          outcome = ask(change, ...a);
        } catch (error) {
          outcome = error;
        }
      });
      table.ingest([{ callInstanceId: 1 }]);
      table.free();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

/** For every entry point with names of its own: words, errors, loading. */
export const commonRows = {
  init: { call: (w, ...a) => w.calls.init(...a), args: () => [undefined], result: isNothing },
  isByrobotError: { call: (w, ...a) => w.calls.isByrobotError(...a), args: () => [new Error("x")], result: (value) => typeof value === "boolean" }, // prettier-ignore
  label: { call: (w, ...a) => w.calls.label(...a), args: () => ["finishStatus", 0, "en"], result: isText }, // prettier-ignore
  maskPhone: { call: (w, ...a) => w.calls.maskPhone(...a), args: () => ["13900001234"], result: isText }, // prettier-ignore
  transcript: { call: (w, ...a) => w.calls.transcript(...a), args: (w) => [{ ...w.detail }], result: (value) => isFunction(value?.at) }, // prettier-ignore
  "transcript of a line": { call: (w, line) => w.calls.transcript({ phoneLog: { phoneLogs: [line] } }).toWebVTT(), args: (w) => [{ ...w.detail.phoneLog.phoneLogs[0] }], result: isText }, // prettier-ignore
  "Transcript#at": { call: (w, ...a) => tools(w).at(...a), args: () => [1000], result: (value) => value === null || isText(value?.content) }, // prettier-ignore
  "Transcript#talkRatio": { call: (w, ...a) => tools(w).talkRatio(...a), args: () => [], result: (value) => value === null || isNumber(value.robot) }, // prettier-ignore
  "Transcript#unknownQuestions": { call: (w, ...a) => tools(w).unknownQuestions(...a), args: () => [], result: isArray }, // prettier-ignore
  "Transcript#search": { call: (w, ...a) => tools(w).search(...a), args: () => ["好"], result: isArray }, // prettier-ignore
  "Transcript#untimed": { call: (w, ...a) => tools(w).untimed(...a), args: () => [], result: isArray }, // prettier-ignore
  "Transcript#toText": { call: (w, ...a) => tools(w).toText(...a), args: () => ["en"], result: isText }, // prettier-ignore
  "Transcript#toWebVTT": { call: (w, ...a) => tools(w).toWebVTT(...a), args: () => ["en"], result: isText }, // prettier-ignore
};

const tools = ({ calls, detail }) => calls.transcript(detail);
