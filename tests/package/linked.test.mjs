// Linked charts: each equals a new filter and count of all calls, while filters change and calls are added.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { body, chance, oddRow, row, someFilter } from "./calls.mjs";
import { groupBy, heatmap, histogram, passes, roundSurvival, statistics } from "./definitions.mjs";
import { install } from "./installation.mjs";
import { clientRows } from "./tables.mjs";

let project, byrobot, CallTable;
before(async () => {
  project = await install();
  byrobot = await project.import();
  ({ CallTable } = byrobot);
});
after(() => project?.remove());

const emptyGroup = (key) => ({
  key,
  calls: 0,
  answered: 0,
  answerRate: null,
  interval: null,
  talkSeconds: 0,
  meanDuration: null,
});

test("linked charts equal filtering and counting again, while calls are added and changed", async () => {
  const edges = [0, 1, 10.5, 60, 600];
  const charts = {
    length: { histogram: "duration", edges },
    rounds: { histogram: "chatRound", edges: [0, 2, 4, 8] },
    hours: { groupBy: "hourOfDay" },
    line: { groupBy: "callerPhone" },
    focus: { groupBy: { result: "客户关注点" } },
    scenes: { groupBy: ["sceneDefId", { property: "a" }] },
    weeks: { groupBy: { time: "week" } },
    week: { heatmap: true },
    rounds2: { roundSurvival: true },
    all: { statistics: true },
  };
  for (let seed = 0; seed < 25; seed += 1) {
    const random = chance(seed);
    const table = new CallTable();
    const linked = table.linked(charts);
    const filters = {};
    let calls = new Map();
    for (let step = 0; step < 30; step += 1) {
      const what = `seed ${seed}, step ${step}`;
      if (random.happens(0.5)) {
        const name = random.pick(Object.keys(charts));
        filters[name] = random.happens(0.3) ? null : someFilter(random);
        linked.filter(name, filters[name]);
      }
      if (random.happens(0.6)) {
        const rows = Array.from({ length: random.below(90) }, () =>
          oddRow(random, random.below(900)),
        );
        table.ingest(body(rows));
        for (const call of await clientRows(byrobot, body(rows)))
          calls.set(call.callInstanceId, call);
      }
      if (random.happens(0.03)) {
        table.clear();
        calls = new Map();
      }
      if (random.happens(0.3)) continue;
      const seen = linked.read();
      for (const [name, chart] of Object.entries(charts)) {
        const others = Object.entries(filters).filter(
          ([other, filter]) => other !== name && filter,
        );
        const kept = [...calls.values()].filter((call) =>
          others.every(([, filter]) => passes(call, filter)),
        );
        if (chart.groupBy) {
          const all = groupBy([...calls.values()], chart.groupBy);
          const wanted = new Map(
            groupBy(kept, chart.groupBy).map((group) => [JSON.stringify(group.key), group]),
          );
          // Every group of the table is there, in the order of the whole table, whatever passes.
          assert.deepEqual(
            seen[name],
            all.map(({ key }) => wanted.get(JSON.stringify(key)) ?? emptyGroup(key)),
            `${what}, ${name}`,
          );
          continue;
        }
        const wanted = chart.roundSurvival
          ? roundSurvival(kept)
          : chart.edges
            ? histogram(kept, chart.histogram, chart.edges)
            : chart.heatmap
              ? heatmap(kept)
              : statistics(kept);
        assert.deepEqual(seen[name], wanted, `${what}, ${name}`);
      }
    }
    linked.free();
    table.free();
  }
});

test("linked charts stay correct through thousands of changes", async () => {
  const random = chance(11);
  const table = new CallTable();
  const linked = table.linked({ all: { statistics: true }, hours: { groupBy: "hourOfDay" } });
  linked.filter("hours", { hourOfDay: [9, 10, 11, 12, 13] });
  for (let round = 0; round < 60; round += 1) {
    const rows = Array.from({ length: 300 }, (_, id) => row(random, id));
    table.ingest(body(rows));
    const view = table.where({ hourOfDay: [9, 10, 11, 12, 13] });
    assert.deepEqual(linked.read().all, view.statistics());
    assert.deepEqual(linked.read().hours, table.groupBy("hourOfDay"));
  }
});

/** A table of odd rows, and its calls. */
function oddTable(seed, count) {
  const random = chance(seed);
  const table = new CallTable();
  table.ingest(body(Array.from({ length: count }, (_, id) => oddRow(random, id))));
  return table;
}

test("a brush passes exactly the calls that its bars count", () => {
  const edges = [0, 1, 10.5, 30, 60, 600];
  for (const seed of [21, 22]) {
    const table = oddTable(seed, 2000);
    const charts = table.linked({
      length: { histogram: "duration", edges },
      rounds: { histogram: "chatRound", edges: [0, 2, 4, 8] },
      line: { groupBy: "callerPhone" },
      hours: { groupBy: "hourOfDay" },
      days: { groupBy: "date" },
      status: { groupBy: "finishStatus" },
      level: { groupBy: "intentLevel" },
      scene: { groupBy: "sceneDefId" },
      task: { groupBy: "jobName" },
      focus: { groupBy: { result: "客户关注点" } },
      variable: { groupBy: { property: "a" } },
      quarters: { groupBy: { time: "quarterHour" } },
      weeks: { groupBy: { time: "week" } },
      pairs: { groupBy: ["callerPhone", "weekday"] },
      cubes: { groupBy: ["weekday", { time: "day" }, { result: "客户关注点" }] },
      week: { heatmap: true },
      survival: { roundSurvival: true },
    });
    const read = charts.read();
    const sum = (list) => list.reduce((total, count) => total + count, 0);
    for (let first = 0; first < edges.length - 1; first += 1) {
      for (let last = first; last < edges.length - 1; last += 1) {
        charts.brush("length", [edges[first], edges[last + 1]]);
        assert.equal(charts.length, sum(read.length.counts.slice(first, last + 1)));
      }
    }
    charts.brush("length", null);
    charts.brush("rounds", [2, 8]);
    assert.equal(charts.length, sum(read.rounds.counts.slice(1)));
    charts.brush("rounds", null);
    for (const [name, groups] of Object.entries(read)) {
      if (!Array.isArray(groups) || name === "survival") continue;
      // A call with several results of one name is in the group of the first, and passes the filter of each.
      if (name === "focus" || name === "cubes") continue;
      for (const some of [groups.slice(0, 1), groups.slice(-1), groups.slice(1, 4), []]) {
        charts.brush(
          name,
          some.map(({ key }) => key),
        );
        assert.equal(charts.length, sum(some.map(({ calls }) => calls)), `${name}`);
      }
      charts.brush(name, null);
    }
    const cells = [9, 10, 33, 34, 100];
    charts.brush("week", cells);
    assert.equal(charts.length, sum(cells.map((cell) => read.week.calls[cell])));
    charts.brush("week", null);
    const rounds = read.survival.slice(1, 3);
    charts.brush(
      "survival",
      rounds.map(({ round }) => round),
    );
    assert.equal(charts.length, sum(rounds.map(({ ended }) => ended)));
    charts.free();
    table.free();
  }
});

test("a wrong brush is refused and changes nothing", () => {
  const table = oddTable(5, 300);
  const charts = table.linked({
    length: { histogram: "duration", edges: [0, 60, 600] },
    hours: { groupBy: "hourOfDay" },
    pairs: { groupBy: ["hourOfDay", "weekday"] },
    week: { heatmap: true },
    all: { statistics: true },
  });
  charts.brush("hours", [9, 10, 11, 12]);
  const before = charts.length;
  const refused = [
    ["length", 7],
    ["length", ["a", 60]],
    ["length", [NaN, 60]],
    ["length", [60]],
    ["length", [0, 60, 600]],
    ["hours", ["x"]],
    ["hours", [24]],
    ["hours", { key: 9 }],
    ["pairs", [9]],
    ["week", [168]],
    ["week", ["x"]],
    ["all", []],
    ["none", []],
  ];
  for (const [chart, brush] of refused) {
    assert.throws(
      () => charts.brush(chart, brush),
      { name: "ByrobotError", code: "invalid_argument" },
      `${chart} ${JSON.stringify(brush)}`,
    );
    assert.equal(charts.length, before);
  }
});

test("the rows and the view of linked charts follow filters and the table", () => {
  const table = oddTable(8, 900);
  const charts = table.linked({
    hours: { groupBy: "hourOfDay" },
    length: { histogram: "duration", edges: [0, 10, 600] },
  });
  const random = chance(3);
  const filters = { hours: {}, length: {} };
  for (let step = 0; step < 40; step += 1) {
    const name = random.pick(["hours", "length"]);
    filters[name] = someFilter(random);
    charts.filter(name, filters[name]);
    if (random.happens(0.2)) {
      table.ingest(body(Array.from({ length: 30 }, () => oddRow(random, random.below(1200)))));
    }
    const wanted = table.where({ anyOf: [filters.hours] }).where(filters.length);
    const options = random.pick([
      { limit: 20 },
      { offset: 7, limit: 9, sortBy: "startTime", descending: true },
      { sortBy: "customerName" },
    ]);
    assert.deepEqual(charts.rows(options), wanted.rows(options));
    assert.equal(charts.length, wanted.length);
    const view = charts.view();
    assert.deepEqual(view.statistics(), wanted.statistics());
    view.free();
    wanted.free();
  }
});

test("charts of a view have the calls of the view for good", () => {
  const table = oddTable(9, 700);
  const view = table.where({ hourOfDay: [9, 10, 11] });
  const charts = view.linked({ lines: { groupBy: "callerPhone" }, all: { statistics: true } });
  const wanted = [view.groupBy("callerPhone"), view.statistics()];
  assert.deepEqual(Object.values(charts.read()), wanted);
  const random = chance(2);
  table.ingest(body(Array.from({ length: 300 }, () => oddRow(random, random.below(900)))));
  table.clear();
  assert.deepEqual(Object.values(charts.read()), wanted);
  const line = wanted[0][0].key;
  charts.brush("lines", [line]);
  assert.deepEqual(charts.read().all, view.where({ callerPhone: line }).statistics());
  assert.deepEqual(charts.rows({ limit: 5 }), view.where({ callerPhone: line }).rows({ limit: 5 }));
});

test("groups of linked charts keep their order, unless the order is that of the calls", () => {
  const table = oddTable(4, 800);
  const charts = table.linked({
    lines: { groupBy: "callerPhone" },
    sorted: { groupBy: "callerPhone", order: "calls" },
    largest: { groupBy: "date", top: 3 },
    hours: { groupBy: "hourOfDay" },
  });
  const keys = (groups) => groups.map(({ key }) => key);
  const before = charts.read();
  assert.deepEqual(keys(before.largest), keys(table.groupBy("date", { top: 3 })));
  assert.equal(before.largest.length, 3);
  charts.brush("hours", [3]);
  const after = charts.read();
  for (const name of ["lines", "largest", "hours"]) {
    assert.deepEqual(keys(after[name]), keys(before[name]), name);
  }
  const calls = after.sorted.filter(({ key }) => key !== null).map(({ calls }) => calls);
  assert.deepEqual(
    calls,
    [...calls].sort((one, other) => other - one),
  );
  const [all] = table.groupBy("callerPhone", { level: 0.99 });
  const [usual] = table.groupBy("callerPhone");
  assert.ok(all.interval[0] < usual.interval[0] && all.interval[1] > usual.interval[1]);
});
