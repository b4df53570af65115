// The call table: what goes in comes out, by whichever way it is read; filters, statistics and charts
// are what a plain reading of the definitions makes of the rows.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
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
import { install, root } from "./installation.mjs";

let project, ByrobotClient, CallTable, callStatistics, filterCalls, isByrobotError;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable, callStatistics, filterCalls, isByrobotError } =
    await project.import());
});
after(() => project?.remove());

/** The rows of a body as the client gives them: the other way of reading. */
async function clientRows(text) {
  const fetch = async () => new Response(text);
  const { list } = await new ByrobotClient({ fetch }).queryDoneTaskPhones({ callJobId: 1 });
  return list;
}

/** The same answer, in a form that only the general path reads: of two members the last counts. */
const slowly = (text) => text.replace("{", '{"data":null,');

/** The same of bytes, which need not be text. */
const slowlyBytes = (bytes) => Buffer.concat([Buffer.from('{"data":null,'), bytes.subarray(1)]);

const refusal = (action) => {
  try {
    action();
  } catch (error) {
    assert.ok(isByrobotError(error), String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
};

/** A report without the place of bytes in the body, which the form above moves. */
const comparable = (report) => ({
  ...report,
  oddities: report.oddities.map((odd) => (odd.kind === "not_utf8" ? { kind: odd.kind } : odd)),
});

/** A table of odd rows, and the same rows as the client gives them, the last of each id. */
async function oddTable(seed, count) {
  const random = chance(seed);
  const rows = Array.from({ length: count }, (_, id) => oddRow(random, 1000 + id));
  const table = new CallTable();
  table.ingest(body(rows));
  return { random, table, calls: await clientRows(body(rows)) };
}

describe("ingest", () => {
  test("every fixture comes out as the client reads it, by either way", async () => {
    const folder = join(root, "tests/fixtures/queryDoneTaskPhones");
    const files = readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name));
    assert.ok(files.length > 10);
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      const pretty = (() => {
        try {
          return [JSON.stringify(JSON.parse(text)), JSON.stringify(JSON.parse(text), null, "\t")];
        } catch {
          return [];
        }
      })();
      // JSON.stringify would round ids that JavaScript cannot hold.
      for (const variant of /\d{16}/.test(text) ? [text] : [text, ...pretty]) {
        const rows = await clientRows(variant).catch((error) => error);
        for (const way of [variant, slowly(variant), new TextEncoder().encode(variant).buffer]) {
          const table = new CallTable();
          if (rows instanceof Error) {
            const error = refusal(() => table.ingest(way));
            assert.deepEqual([error.code, error.path], [rows.code, rows.path], file);
            assert.equal(table.length, 0);
          } else {
            table.ingest(way);
            assert.deepEqual(table.rows(), rows, file);
            for (const call of rows) assert.deepEqual(table.get(call.callInstanceId), call);
          }
          table.free();
        }
      }
    }
  });

  test("odd rows: both ways give the same rows and the same report", async () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const random = chance(seed);
      const rows = Array.from({ length: 1 + random.below(20) }, (_, id) => oddRow(random, id));
      let text = body(rows);
      if (random.happens(0.2)) text = JSON.stringify(JSON.parse(text), null, 1);
      if (random.happens(0.2)) text = text.replaceAll("/", "\\/").replaceAll("磊", "\\u78ca");
      const [quick, slow] = [new CallTable(), new CallTable()];
      const report = quick.ingest(text);
      assert.deepEqual(comparable(report), comparable(slow.ingest(slowly(text))), `seed ${seed}`);
      const calls = await clientRows(text);
      assert.deepEqual(quick.rows(), calls, `seed ${seed}`);
      assert.deepEqual(slow.rows(), calls, `seed ${seed}`);
      const fromRows = new CallTable();
      fromRows.ingest(calls);
      assert.deepEqual(fromRows.rows(), calls, `seed ${seed}`);
      assert.deepEqual(fromRows.statistics(), quick.statistics());
      for (const table of [quick, slow, fromRows]) table.free();
    }
  });

  test("damaged bodies are refused alike, and change nothing", () => {
    const random = chance(7);
    const table = new CallTable();
    table.ingest(body([row(random, 1), row(random, 2)]));
    const known = JSON.stringify(table.rows());
    const whole = new TextEncoder().encode(
      body([row(random, 2), oddRow(random, 3), row(random, 4)]),
    );
    const tried = [];
    for (let cut = 0; cut < whole.length; cut += 3) tried.push(whole.slice(0, cut));
    for (let times = 0; times < 3000; times += 1) {
      const bytes = whole.slice();
      bytes[random.below(bytes.length)] = random.pick([
        0, 34, 44, 58, 91, 93, 123, 125, 200, 92, 48,
      ]);
      tried.push(bytes);
    }
    let refused = 0;
    for (const bytes of tried) {
      const [one, other] = [new CallTable(), new CallTable()];
      const text = new TextDecoder().decode(bytes);
      if (!text.startsWith("{")) continue;
      const read = (into, source) => {
        try {
          return comparable(into.ingest(source));
        } catch (error) {
          return [error.code, error.path];
        }
      };
      const outcome = read(one, bytes);
      assert.deepEqual(outcome, read(other, slowlyBytes(bytes)), text);
      assert.deepEqual(one.rows(), other.rows(), text);
      if (Array.isArray(outcome)) {
        refused += 1;
        assert.equal(one.length, 0);
        refusal(() => table.ingest(bytes));
        assert.equal(JSON.stringify(table.rows()), known);
      }
      one.free();
      other.free();
    }
    assert.ok(refused > 1000, String(refused));
    // What was refused has left no trace: the same calls can still come.
    table.ingest(whole);
    assert.equal(table.length, 4);
  });

  test("a known call takes the place of its row; the same row is no change", () => {
    const random = chance(3);
    const rows = Array.from({ length: 30 }, (_, id) => row(random, id));
    const table = new CallTable();
    assert.deepEqual(table.ingest(body(rows, 99)), {
      added: 30,
      updated: 0,
      unchanged: 0,
      total: 99,
      oddities: [],
    });
    rows[4].finishStatus = 11;
    rows[9].customerName = "改";
    const again = table.ingest(body([rows[9], rows[4], rows[1]]));
    assert.deepEqual([again.added, again.updated, again.unchanged], [0, 2, 1]);
    assert.equal(table.length, 30);
    assert.equal(table.get(4).finishStatus, 11);
    // In the order in which they were first seen.
    assert.deepEqual(
      table.rows().map(({ callInstanceId }) => callInstanceId),
      rows.map(({ callInstanceId }) => callInstanceId),
    );
    // Often enough that the table has to tidy up.
    for (let round = 0; round < 400; round += 1) {
      for (const one of rows) one.callIndex = 1000 + round;
      table.ingest(body(rows));
    }
    assert.equal(table.length, 30);
    assert.equal(table.get(7).callIndex, 1399);
    assert.deepEqual(
      table.rows().map(({ callInstanceId }) => callInstanceId),
      rows.map(({ callInstanceId }) => callInstanceId),
    );
  });

  test("the report counts what departs from the document, with a place", () => {
    const rows = Array.from({ length: 3 }, (_, id) => row(chance(1), id));
    rows[1].chatRound = "5";
    rows[1].duration = "约3秒";
    delete rows[2].callIndex;
    rows[2].novel = 1;
    const { oddities } = new CallTable().ingest(body(rows));
    assert.deepEqual(
      oddities.map(({ field, kind, count, example }) => [field, kind, count, example]).sort(),
      [
        ["callIndex", "missing", 1, "data.list[2].callIndex"],
        ["chatRound", "text_for_number", 1, "data.list[1].chatRound"],
        ["duration", "unreadable", 1, "data.list[1].duration"],
        ["novel", "unknown_field", 1, "data.list[2].novel"],
      ],
    );
  });

  test("what is no source is refused", () => {
    const table = new CallTable();
    for (const source of [null, undefined, 5, {}, { byteLength: 3 }, new Date(), Symbol("x")]) {
      assert.equal(refusal(() => table.ingest(source)).code, "invalid_argument");
    }
    const cyclic = [{ callInstanceId: 1 }];
    cyclic[0].self = cyclic;
    for (const rows of [[5], [{}], [{ callInstanceId: 2 ** 60 }], [null], cyclic, [1n]]) {
      const error = refusal(() => table.ingest(rows));
      assert.equal(error.code, "invalid_argument", error.message);
    }
    assert.equal(
      refusal(() => table.ingest([{ callInstanceId: 1 }, {}])).path,
      "calls[1].callInstanceId",
    );
    assert.equal(refusal(() => table.ingest('{"code":401,"data":null}')).code, "unauthorized");
    assert.equal(refusal(() => table.ingest("<html>")).code, "not_json");
    assert.equal(refusal(() => table.ingest("")).code, "not_json");
    assert.equal(table.length, 0);
  });
});

describe("questions", () => {
  test("statistics of a table worked out by hand", () => {
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

  test("of nothing", () => {
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

  test("odd rows: every answer is the definition's, whatever the filter", async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const { random, table, calls } = await oddTable(seed, 120);
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

  test("the key of a group is a filter for its calls, whatever the dimension", async () => {
    const filterOf = {
      result: ({ result: name }, key) => ({ results: [{ name, values: [key] }] }),
      name: (dimension, key) => ({ [dimension]: key }),
    };
    for (let seed = 0; seed < 30; seed += 1) {
      const { table, calls } = await oddTable(seed, 300);
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

  test("`undefined` is no filter, `null` the calls without a value, an empty list no call", () => {
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

  test("what stands in the place of a filter is named", () => {
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

  test("linked charts are what filtering and counting again gives, as calls come and change", async () => {
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
          for (const call of await clientRows(body(rows))) calls.set(call.callInstanceId, call);
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

  test("linked charts follow a table through thousands of changes", async () => {
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

  test("rows: sorted as a stable sort would, nulls last either way, any window", async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const { random, table, calls } = await oddTable(seed, 80);
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

  test("a view keeps answering for the rows it had", () => {
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

  test("the order in which calls come does not matter to any number", () => {
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

  test("what cannot be asked is refused, with the place", () => {
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
      "charts.a": () => table.linked({ a: { histogram: "duration" } }),
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

describe("snapshot", () => {
  test("restores to the same table", async () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const { random, table, calls } = await oddTable(seed, 60);
      if (random.happens(0.5)) table.ingest([{ ...calls[3], customerName: "改" }]);
      const bytes = table.snapshot();
      const restored = CallTable.restore(bytes);
      assert.deepEqual(restored.rows(), table.rows());
      assert.deepEqual(restored.statistics(), table.statistics());
      assert.deepEqual(restored.snapshot(), bytes);
      assert.deepEqual(restored.get(1005), table.get(1005));
      const more = oddRow(random, 5000);
      more.callInstanceId = 5000;
      restored.ingest(body([more]));
      assert.equal(restored.length, table.length + 1);
      restored.free();
      table.free();
    }
    assert.equal(CallTable.restore(new CallTable().snapshot()).length, 0);
  });

  test("a damaged or foreign one is refused, whichever byte it is", async () => {
    const { table } = await oddTable(2, 6);
    const bytes = table.snapshot();
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = bytes.slice();
      damaged[at] ^= 1 << (at % 8);
      assert.equal(refusal(() => CallTable.restore(damaged)).code, "snapshot", String(at));
      if (at % 5 === 0) refusal(() => CallTable.restore(bytes.slice(0, at)));
    }
    const newer = bytes.slice();
    newer[8] = 2;
    assert.match(refusal(() => CallTable.restore(newer)).message, /version 2.*update/);
    assert.equal(refusal(() => CallTable.restore("x")).code, "snapshot");
    assert.equal(refusal(() => CallTable.restore(5)).code, "invalid_argument");
  });
});

describe("memory", () => {
  test("making and freeing 10,000 tables, views and charts leaves the heap as it was", async () => {
    const rows = Array.from({ length: 20 }, (_, id) => row(chance(id), id));
    const page = new TextEncoder().encode(body(rows));
    const cycle = () => {
      const table = new CallTable();
      table.ingest(page);
      const view = table.where({ finishStatus: 0 });
      const linked = table.linked({ a: { statistics: true }, b: { groupBy: "date" } });
      linked.filter("b", { weekday: [1, 2] });
      linked.read();
      view.statistics();
      for (const one of [linked, view, table]) one.free();
    };
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    // The memory of a module counts as external. What JavaScript has let go of goes bit by bit.
    const taken = async () => {
      let least = Infinity;
      for (let times = 0; times < 5; times += 1) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 20));
        least = Math.min(least, process.memoryUsage().external);
      }
      return least;
    };
    for (let times = 0; times < 2000; times += 1) cycle();
    const before = await taken();
    for (let times = 0; times < 10_000; times += 1) cycle();
    const more = (await taken()) - before;
    // 200 bytes forgotten in each round would be twice as many.
    assert.ok(more < 1_000_000, `${more} bytes more`);
  });

  test("columns are narrow", () => {
    const random = chance(1);
    const table = new CallTable();
    for (let at = 0; at < 40_000; at += 500) {
      const rows = Array.from({ length: 500 }, (_, id) => row(random, 9e9 - at - id));
      table.ingest(body(rows));
    }
    const { numbers, texts, index } = table.memory();
    const bytes = table.rows().reduce((sum, call) => {
      const own = [call.customerTelephone, call.customerName, call.luyinOssUrl];
      return sum + Buffer.byteLength(own.join(""));
    }, 0);
    assert.ok((numbers + index) / 40_000 <= 60, `${(numbers + index) / 40_000} bytes a row`);
    assert.ok(texts <= bytes + 40_000 * 3 * 8, `${texts} for ${bytes}`);
  });
});
