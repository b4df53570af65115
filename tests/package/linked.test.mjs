// Linked charts: each agrees with filtering and counting again, while filters move and calls are added.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  body,
  chance,
  groupBy,
  heatmap,
  histogram,
  oddRow,
  passes,
  row,
  someFilter,
  statistics,
} from "./calls.mjs";
import { install } from "./installation.mjs";
import { clientRows } from "./tables.mjs";

let project, byrobot, CallTable;
before(async () => {
  project = await install();
  byrobot = await project.import();
  ({ CallTable } = byrobot);
});
after(() => project?.remove());

test("linked charts equal filtering and counting again, while calls are added and changed", async () => {
  const edges = [0, 1, 10.5, 60, 600];
  const charts = {
    length: { histogram: "duration", edges },
    rounds: { histogram: "chatRound", edges: [0, 2, 4, 8] },
    hours: { groupBy: "hourOfDay" },
    line: { groupBy: "callerPhone" },
    focus: { groupBy: { result: "客户关注点" } },
    week: { heatmap: true },
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
        const wanted = chart.groupBy
          ? groupBy(kept, chart.groupBy)
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
