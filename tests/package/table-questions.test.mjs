// Queries of a table: filters, statistics, groups and rows equal a direct computation by the definitions.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { body, chance, oddRow, row, someFilter } from "./calls.mjs";
import { groupBy, heatmap, histogram, passes, statistics } from "./definitions.mjs";
import { install } from "./installation.mjs";
import { refusal } from "./rejections.mjs";
import { oddTable } from "./tables.mjs";

let project, byrobot, CallTable, callStatistics, filterCalls;
before(async () => {
  project = await install();
  byrobot = await project.import();
  ({ CallTable, callStatistics, filterCalls } = byrobot);
});
after(() => project?.remove());

test("the interval of none begins at exactly 0, and that of all ends at exactly 1", () => {
  const { rateDifference, rateInterval } = byrobot;
  for (let whole = 1; whole <= 1000; whole += 1) {
    for (const level of [0.8, 0.95, 0.999]) {
      const [none, all] = [
        { part: 0, whole },
        { part: whole, whole },
      ];
      assert.equal(rateInterval(none, level)[0], 0);
      assert.equal(rateInterval(all, level)[1], 1);
      assert.deepEqual(rateDifference(all, none, level).interval[1], 1);
    }
  }
});

describe("questions", () => {
  test("statistics equal numbers computed by hand", () => {
    const call = (id, finishStatus, duration, chatRound, results, startTime) => ({
      callInstanceId: id,
      finishStatus,
      duration,
      chatRound,
      startTime,
      resultList: Object.entries(results).map(([name, value]) => ({ name, value })),
    });
    const table = new CallTable();
    table.ingest(
      body([
        call(1, 0, "9秒", 2, { 客户意向等级: "A级(较强)" }, "2024-02-29 09:00:00"),
        call(2, 0, 10, 4, { 意向等级: "B" }, "2024-02-29 09:59:59"),
        call(3, 0, "60", 5, { 客户意向等级: "F级(无需跟进)" }, "2024-03-01 00:00:00"),
        call(4, 0, "61秒", null, {}, "2024-03-02 23:59:59"),
        call(5, 0, "很久", 3, { 客户意向等级: "较强" }, "没有"),
        call(6, 4, 0, 0, { 客户意向等级: "A级(较强)" }, null),
        call(7, 37, 0, 0, {}, "2024-02-28 09:00:00"),
        call(8, null, null, null, {}, null),
        call(9, "已接", 5, 9, {}, null),
      ]),
    );
    assert.deepEqual(table.statistics({ quantiles: [0, 0.5, 1] }), {
      calls: 9,
      answered: 5,
      answerRate: 5 / 9,
      effectiveAnswerRate: 5 / 8,
      byFinishStatus: [
        { code: 0, calls: 5 },
        { code: 4, calls: 1 },
        { code: 37, calls: 1 },
        { code: null, calls: 2 },
      ],
      talkSeconds: 140,
      billableMinutes: 5,
      meanDuration: 35,
      durationQuantiles: [
        { q: 0, seconds: 9 },
        { q: 0.5, seconds: 35 },
        { q: 1, seconds: 61 },
      ],
      shortCallRate: 0.25,
      longCallRate: 0.5,
      meanRounds: 3.5,
      engagedRate: 0.5,
      intent: [
        { level: "A", calls: 1 },
        { level: "B", calls: 1 },
        { level: "F", calls: 1 },
        { level: null, calls: 2 },
      ],
      intentRate: 0.4,
      invalidRate: 1 / 9,
      deadNumberRate: 1 / 9,
      lineLossRate: 0,
      firstRoundRate: 0,
      intentPerHundredMinutes: 40,
      firstStartMs: Date.parse("2024-02-28T09:00:00+08:00"),
      lastStartMs: Date.parse("2024-03-02T23:59:59+08:00"),
      unreadable: { duration: 1, startTime: 1, finishStatus: 1 },
    });
    assert.deepEqual(
      table.groupBy("date").map(({ key, calls }) => [key, calls]),
      [
        ["2024-02-28", 1],
        ["2024-02-29", 2],
        ["2024-03-01", 1],
        ["2024-03-02", 1],
        [null, 4],
      ],
    );
    assert.deepEqual(table.histogram("duration", { edges: [0, 10, 60] }), {
      edges: Float64Array.of(0, 10, 60),
      counts: Uint32Array.of(4, 2),
      outside: 1,
    });
    const bins = table.histogram("duration", { bins: 2, answeredOnly: true });
    assert.deepEqual(bins, {
      edges: Float64Array.of(9, 35, 61),
      counts: Uint32Array.of(2, 2),
      outside: 0,
    });
    const thursdayAtNine = 3 * 24 + 9;
    assert.equal(table.heatmap().calls[thursdayAtNine], 2);
  });

  test("an empty set has zero counts and null rates", () => {
    const empty = new CallTable();
    assert.deepEqual(empty.statistics(), statistics([]));
    assert.deepEqual(empty.groupBy("date"), []);
    assert.deepEqual(empty.histogram("chatRound", { bins: 2 }).edges, Float64Array.of(0, 0.5, 1));
    assert.deepEqual(empty.rows(), []);
    assert.equal(empty.get(1), null);
    assert.equal(empty.where({ not: {} }).length, 0);
    assert.deepEqual(callStatistics([]), statistics([]));
  });

  const dimensions = [
    "callJobId",
    "finishStatus",
    "callerPhone",
    "hourOfDay",
    "weekday",
    "date",
    "intentLevel",
    "chatRound",
    { result: "客户关注点" },
    { result: "nothing" },
  ];
  const edges = [0, 1, 10.5, 60, 600];

  test("every answer about odd rows equals the definition, with every filter", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const { random, table, calls } = await oddTable(byrobot, seed, 120);
      for (let times = 0; times < 12; times += 1) {
        const filter = someFilter(random);
        const kept = calls.filter((call) => passes(call, filter));
        const what = `seed ${seed}: ${JSON.stringify(filter)}`;
        const view = table.where(filter);
        assert.deepEqual(view.rows(), kept, what);
        assert.equal(view.length, kept.length);
        assert.equal(table.where({ not: filter }).length, calls.length - kept.length, what);
        assert.deepEqual(filterCalls(calls, filter), kept, what);
        assert.deepEqual(view.statistics(), statistics(kept), what);
        assert.deepEqual(callStatistics(kept), statistics(kept), what);
        const dimension = random.pick(dimensions);
        assert.deepEqual(view.groupBy(dimension), groupBy(kept, dimension), what);
        const column = random.pick(["duration", "chatRound"]);
        assert.deepEqual(view.histogram(column, { edges }), histogram(kept, column, edges), what);
        assert.deepEqual(view.heatmap(), heatmap(kept), what);
        const narrower = view.where({ finishStatus: 0 });
        assert.equal(narrower.length, kept.filter(({ finishStatus }) => finishStatus === 0).length);
        narrower.free();
        view.free();
      }
      table.free();
    }
  });

  test("the key of a group filters its calls, for every dimension", async () => {
    const filterOf = {
      result: ({ result: name }, key) => ({ results: [{ name, values: [key] }] }),
      name: (dimension, key) => ({ [dimension]: key }),
    };
    for (let seed = 0; seed < 30; seed += 1) {
      const { table, calls } = await oddTable(byrobot, seed, 300);
      for (const dimension of dimensions) {
        const filter = filterOf[typeof dimension === "string" ? "name" : "result"];
        const groups = table.groupBy(dimension);
        for (const { key, calls: count } of groups) {
          const what = `${JSON.stringify(filter(dimension, key))}, seed ${seed}`;
          assert.equal(table.where(filter(dimension, key)).length, count, what);
          assert.equal(filterCalls(calls, filter(dimension, key)).length, count, what);
        }
        const keys = groups.map(({ key }) => key);
        const all = typeof dimension === "string" ? { [dimension]: keys } : {};
        assert.equal(table.where(all).length, calls.length, `${dimension}: all of its keys`);
      }
      table.free();
    }
  });

  test("`undefined` filters nothing, `null` keeps calls without a value, an empty list keeps no call", () => {
    const table = new CallTable();
    const bare = { callInstanceId: 1, customerTelephone: "" };
    const start = "2024-02-29 09:30:00";
    const whole = {
      ...row(chance(1), 2),
      ...{ startTime: start, chatRound: 1, callerPhone: "0571", resultList: [] },
      resultList: [{ name: "意向等级", value: "A" }],
    };
    table.ingest(body([bare, whole]));
    const ids = (filter) =>
      table
        .where(filter)
        .rows()
        .map((call) => call.callInstanceId);
    const keys = [
      ...["callJobId", "finishStatus", "callerPhone", "duration", "chatRound", "startTime"],
      ...["hourOfDay", "weekday", "date", "intentLevel", "results", "text"],
    ];
    for (const key of keys) {
      assert.deepEqual(ids({ [key]: undefined }), [1, 2], key);
      assert.deepEqual(ids({ [key]: null }), [1], key);
      assert.deepEqual(ids({ not: { [key]: null } }), [2], key);
      if (key === "text") continue;
      assert.deepEqual(ids({ [key]: [] }), [], key);
      if (key !== "results") assert.deepEqual(ids({ [key]: [null] }), [1], key);
      assert.equal(refusal(() => ids({ [key]: [undefined] })).code, "invalid_argument", key);
    }
    assert.deepEqual(ids({ not: undefined, anyOf: undefined }), [1, 2]);
    assert.deepEqual(ids({ results: [{ name: "意向等级", values: [null] }] }), [1]);
    assert.deepEqual(ids({ duration: { min: null, max: undefined } }), [2]);
  });

  test("a value that is not a filter is refused with its path", () => {
    const table = new CallTable();
    const linked = table.linked({ all: { statistics: true } });
    for (const [given, path, named] of [
      [null, "filter", "null"],
      [undefined, "filter", "undefined"],
      [7, "filter", "a number"],
      ["x", "filter", "a string"],
      [[], "filter", "an array"],
      [{ not: null }, "not", "null"],
      [{ anyOf: [{}, null] }, "anyOf[1]", "null"],
      [{ anyOf: null }, "anyOf", "null"],
      [{ results: [null] }, "results[0]", "null"],
    ]) {
      const ways = [() => table.where(given), () => filterCalls([], given)];
      // Of a chart `null` and nothing take the filter away.
      if (given !== null && given !== undefined) ways.push(() => linked.filter("all", given));
      for (const way of ways) {
        const error = refusal(way);
        assert.deepEqual([error.code, error.path], ["invalid_argument", path]);
        assert.ok(error.message.endsWith(`, not ${named}`), error.message);
      }
    }
    linked.filter("all", null);
  });

  test("rows are sorted stably, null last in both directions, for every window", async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const { random, table, calls } = await oddTable(byrobot, seed, 80);
      const keys = [
        "callInstanceId",
        "callJobId",
        "jobName",
        "customerTelephone",
        "customerName",
        "finishStatus",
        "duration",
        "chatRound",
        "startTimeMs",
        "callerPhone",
        "callIndex",
        "luyinOssUrl",
        "secondaryCallTimes",
        "endTimeMs",
      ];
      const key = random.pick(keys);
      const descending = random.happens(0.5);
      const compare = ({ [key]: one }, { [key]: other }) => {
        if (one === null || other === null) return (one === null) - (other === null);
        const rising =
          typeof one === "string"
            ? Buffer.compare(Buffer.from(one), Buffer.from(other))
            : one - other;
        return descending ? -rising : rising;
      };
      const sorted = calls.toSorted(compare);
      for (const [offset, limit] of [
        [0, 10],
        [5, 1],
        [75, 20],
        [200, 5],
        [0, undefined],
      ]) {
        const window = sorted.slice(offset, limit === undefined ? undefined : offset + limit);
        assert.deepEqual(table.rows({ sortBy: key, descending, offset, limit }), window, key);
        const plain = calls.slice(offset, limit === undefined ? undefined : offset + limit);
        assert.deepEqual(table.rows({ offset, limit }), plain);
      }
      table.free();
    }
  });

  test("a view keeps the rows that it had", () => {
    const random = chance(5);
    const rows = Array.from({ length: 200 }, (_, id) => row(random, id));
    const table = new CallTable();
    table.ingest(body(rows));
    const view = table.where({ finishStatus: 0 });
    const [all, statistics] = [view.rows(), view.statistics()];
    const same = () => {
      assert.deepEqual(view.rows(), all);
      assert.deepEqual(view.statistics(), statistics);
    };
    table.ingest(body(Array.from({ length: 100 }, (_, id) => row(random, 200 + id))));
    same();
    table.ingest(body(rows.map((one) => ({ ...one, finishStatus: 8, duration: 1 }))));
    same();
    assert.equal(table.where({ finishStatus: 0, duration: { min: 2 } }).length < all.length, true);
    for (let round = 0; round < 60; round += 1) {
      table.ingest(body(rows.map((one) => ({ ...one, callIndex: round }))));
    }
    same();
    table.clear();
    same();
    assert.equal(table.length, 0);
    table.free();
    same();
    view.free();
  });

  test("the order of ingest changes no number", () => {
    const random = chance(9);
    const rows = Array.from({ length: 300 }, (_, id) => oddRow(random, id));
    const shuffled = rows.toSorted(() => random.next() - 0.5);
    const [one, other] = [new CallTable(), new CallTable()];
    one.ingest(body(rows));
    for (let at = 0; at < 300; at += 7) other.ingest(body(shuffled.slice(at, at + 7)));
    assert.deepEqual(one.statistics(), other.statistics());
    for (const dimension of dimensions) {
      assert.deepEqual(one.groupBy(dimension), other.groupBy(dimension));
    }
    assert.deepEqual(one.heatmap(), other.heatmap());
  });

  test("a wrong question is refused with its path", () => {
    const table = new CallTable();
    const refused = {
      finishStatuss: () => table.where({ finishStatuss: 0 }),
      "duration.min": () => table.where({ duration: { min: "5" } }),
      "duration.least": () => table.where({ duration: { least: 5 } }),
      "chatRound.max": () => table.where({ chatRound: { max: NaN } }),
      "startTime.from": () => table.where({ startTime: { from: "2024-02-30" } }),
      "startTime.to": () => table.where({ startTime: { to: new Date(NaN) } }),
      hourOfDay: () => table.where({ hourOfDay: [24] }),
      weekday: () => table.where({ weekday: [0] }),
      intentLevel: () => table.where({ intentLevel: ["G"] }),
      "results[0].values": () => table.where({ results: [{ name: "x" }] }),
      "not.text": () => table.where({ not: { text: 5 } }),
      "anyOf[1].callJobId": () => table.where({ anyOf: [{}, { callJobId: 1.5 }] }),
      filter: () => table.where("x"),
      date: () => table.where({ date: "2024-02-30" }),
      quantiles: () => table.statistics({ quantiles: [1.5] }),
      quantile: () => table.statistics({ quantile: [0.5] }),
      unusable: () => table.statistics({ unusable: 4 }),
      dimension: () => table.groupBy("hour"),
      column: () => table.histogram("status"),
      edges: () => table.histogram("duration", { edges: [1, 1] }),
      bins: () => table.histogram("duration", { bins: 0 }),
      sortBy: () => table.rows({ sortBy: "extra" }),
      offset: () => table.rows({ offset: -1 }),
      "charts.a": () => table.linked({ a: { histograms: "duration" } }),
      "charts.a.edges": () => table.linked({ a: { histogram: "duration" } }),
      "charts.a.statistics": () => table.linked({ a: { statistics: 1 } }),
      "charts.a.statistics.unusable": () => table.linked({ a: { statistics: { unusable: 4 } } }),
      "charts.a.top": () => table.linked({ a: { groupBy: "date", top: 0 } }),
      "charts.a.other": () => table.linked({ a: { heatmap: true, other: 1 } }),
      order: () => table.groupBy("date", { order: "value" }),
      level: () => table.groupBy("date", { level: 95 }),
      within: () => table.repeats({ within: 0 }),
      hours: () => table.repeats({ hours: 24 }),
      "properties[0].values": () => table.where({ properties: [{ name: "a" }] }),
      "duration.below": () => table.where({ duration: { below: "x" } }),
      charts: () => table.linked(null),
      chart: () => table.linked({ a: { heatmap: true } }).filter("b", {}),
      callInstanceId: () => table.get("1"),
      calls: () => filterCalls("x", {}),
      language: () => table.toCSV({ language: "fr" }),
    };
    for (const [path, action] of Object.entries(refused)) {
      const error = refusal(action);
      assert.equal(error.code, "invalid_argument", path);
      assert.equal(error.path, path, error.message);
    }
    let deep = {};
    for (let depth = 0; depth < 60; depth += 1) deep = { not: deep };
    assert.equal(refusal(() => table.where(deep)).code, "invalid_argument");
  });
});
