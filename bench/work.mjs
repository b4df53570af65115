// The work of the contestants for one number of rows, the same in Node and in a page. First their answers are compared
// in all digits, then their times are measured.
import { makeCalls } from "./calls.mjs";
import * as arquero from "./contestants/arquero.mjs";
import * as columns from "./contestants/columns.mjs";
import * as crossfilter from "./contestants/crossfilter.mjs";
import * as duckdb from "./contestants/duckdb.mjs";
import * as incremental from "./contestants/incremental.mjs";
import * as objects from "./contestants/objects.mjs";
import { visitBody } from "./contestants/read.mjs";
import * as table from "./contestants/table.mjs";
import { bytesInUse, inTurn, median, timed } from "./measure.mjs";
import { difference, overviewFilter } from "./questions.mjs";

/** CallTable is the first: it parses text, and a larger heap of other contestants would mean more collections. */
const everyone = [table, columns, incremental, objects, crossfilter, arquero, duckdb];

const pageSize = 50;
const hours = [9, 10, 11, 14, 15, 16];
/** A window of 40 s slides over two minutes and back, 1 % of a chart of five minutes at a time. */
const slide = Array.from({ length: 80 }, (_, move) => {
  const low = 3 * (move < 40 ? move : 80 - move);
  return [low, low + 40];
});
/** The brush is set, jumps to the range with most calls, to a range with few, and is cleared. */
const jumps = {
  set: [20, 80],
  "jump to many rows": [0, 5],
  "jump to few rows": [100, 600],
  clear: null,
};

export const works = ["read", "overview", "brush", "sort", "pages", "memory"];

/**
 * @param options `rows`; `only`, some of `works`; `connect`, which starts DuckDB; `say`, for progress.
 * @returns `{ ms, worst, rounds }` or `{ bytes }` by the name of the measurement and the contestant.
 */
export async function run({ rows, only = works, connect, say = () => {} }) {
  const does = (work) => only.includes(work);
  const results = {};
  const calls = makeCalls(rows);
  // These are the first, because wasm memory only grows and is smallest here.
  if (["overview", "brush", "sort", "memory"].some(does)) {
    const contestants = await enter(results, calls, connect, say);
    say("checking that all answer alike");
    await check(contestants, calls);
    for (const [name, work] of Object.entries({ overview, brush, sort })) {
      if (!does(name)) continue;
      say(name);
      await work(results, contestants, calls);
    }
    for (const contestant of contestants) await contestant.free();
  }
  if (does("pages") && rows <= 100_000) {
    say("pages");
    await pages(results, calls, connect);
  }
  if (does("read")) {
    say("read");
    await read(results);
  }
  return results;
}

const bodiesOf = (calls, size) => {
  const encoder = new TextEncoder();
  const bounds = size ? calls.pages(size) : [[0, calls.rows]];
  return bounds.map(([from, to]) => encoder.encode(calls.body(from, to, size ?? to - from)));
};

/** Reads response bodies of 50 rows, and a large one, from bytes; compares with JSON.parse. */
async function read(results) {
  const few = makeCalls(20_000);
  for (const [what, size] of Object.entries({
    "bodies of 50 rows": pageSize,
    "one large body": undefined,
  })) {
    const bodies = bodiesOf(few, size);
    const decoder = new TextDecoder();
    const texts = bodies.map((body) => decoder.decode(body));
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
    let freed;
    const readers = [
      {
        name: table.name,
        act() {
          freed = table.open();
          for (const body of bodies) freed.add(body);
        },
      },
      {
        name: "JSON.parse alone, of a string",
        act() {
          for (const text of texts) JSON.parse(text);
        },
      },
      {
        name: "JSON.parse alone, of the bytes",
        act() {
          for (const body of bodies) JSON.parse(decoder.decode(body));
        },
      },
      {
        name: "JSON.parse and eight values a row",
        act() {
          const columns = new Float64Array(few.rows);
          let row = 0;
          for (const body of bodies) {
            visitBody(body, (id) => {
              columns[row] = id;
              row += 1;
            });
          }
        },
      },
    ];
    const act = (reader) => {
      freed?.free();
      freed = undefined;
      reader.act();
    };
    await inTurn(readers, 3, act);
    const times = await inTurn(readers, 25, act, { milliseconds: 6000 });
    freed?.free();
    for (const time of Object.values(times)) time.perSecond = bytes / 1e6 / (time.ms / 1000);
    results[`read: ${what}`] = times;
  }
}

/** Opens and fills all contestants. */
async function enter(results, calls, connect, say) {
  const contestants = [];
  results.memory = {};
  results["memory, linked"] = {};
  for (const rival of everyone) {
    say(`filling ${rival.name}`);
    contestants.push(await fill(results, rival, calls, connect));
  }
  if (calls.rows <= 100_000) weighRows(results, calls);
  return contestants;
}

/** Fills one contestant. As a function it keeps no reference to the previous contestant. */
async function fill(results, { name, open }, calls, connect) {
  const before = bytesInUse();
  const contestant = { name, ...(await open({ connect })) };
  if (contestant.load) await contestant.load(calls);
  else results.load = ingest(contestant, calls);
  if (before === undefined) return contestant;
  results.memory[name] = { bytes: bytesInUse() - before, own: contestant.memory?.() };
  const charts = await linkedCharts(contestant);
  results["memory, linked"][name] = { bytes: bytesInUse() - before };
  await charts.free?.();
  return contestant;
}

/** Measures the memory of the rows as objects of JSON.parse, with all fields. */
function weighRows(results, calls) {
  const before = bytesInUse();
  if (before === undefined) return;
  const kept = calls
    .pages(pageSize)
    .map(([from, to]) => JSON.parse(calls.body(from, to, pageSize)));
  const bytes = bytesInUse() - before;
  if (kept.length > 0) results.memory["rows as JSON.parse gives them"] = { bytes };
}

/** Ingests all rows, body by body, and parses each text by JSON.parse, too. */
function ingest(contestant, calls) {
  const encoder = new TextEncoder();
  const room = new Uint8Array(200_000);
  const sums = {
    [table.name]: { ms: 0, rounds: 1 },
    "JSON.parse alone, of a string": { ms: 0, rounds: 1 },
  };
  const [ours, parsing] = Object.values(sums);
  for (const [from, to] of calls.pages(pageSize)) {
    const text = calls.body(from, to, pageSize);
    const body = room.subarray(0, encoder.encodeInto(text, room).written);
    const start = performance.now();
    contestant.add(body);
    const middle = performance.now();
    JSON.parse(text);
    parsing.ms += performance.now() - middle;
    ours.ms += middle - start;
  }
  return sums;
}

/** Creates the linked charts, sets both filters, and reads them once. */
async function linkedCharts(contestant) {
  const charts = contestant.linked();
  await charts.hours(hours);
  await charts.brush(slide[0]);
  await charts.read();
  return charts;
}

/** Runs every query once with each contestant; throws if an answer differs from that of CallTable. */
async function check(contestants, calls) {
  const [ours, ...rivals] = contestants;
  const compare = async (what, ask) => {
    const expected = await ask(ours);
    for (const rival of rivals) {
      const answer = await ask(rival);
      const found = answer && difference(expected, answer);
      if (found) throw new Error(`${what}: ${ours.name} and ${rival.name} differ at ${found}`);
    }
  };
  for (let round = 0; round < 2; round += 1) {
    const filter = overviewFilter(round, calls);
    await compare("overview", (contestant) => contestant.overview?.(filter));
  }
  for (const contestant of contestants) contestant.forget?.();

  const charts = new Map();
  for (const contestant of contestants) charts.set(contestant.name, contestant.linked());
  const steps = [
    [slide[0], null],
    [slide[0], hours],
    [slide[1], hours],
    [slide[20], hours],
    [[7, 7], hours],
    [[5000, 6000], hours],
    [jumps["jump to many rows"], hours],
    [null, hours],
    [null, null],
  ];
  for (const [bounds, list] of steps) {
    await compare(`brush ${bounds}, hours ${list}`, async ({ name }) => {
      const chart = charts.get(name);
      await chart.hours(list);
      await chart.brush(bounds);
      return withoutEmptyLines(await chart.read());
    });
  }
  for (const chart of charts.values()) chart.free?.();

  for (const by of ["startTimeMs", "duration"]) {
    for (const offset of [0, Math.floor(calls.rows / 2), calls.rows - 30]) {
      await compare(`sort by ${by} at ${offset}`, async ({ name, sorted }) => {
        if (!sorted) return undefined;
        const window = sorted(by);
        const rows = await window(offset);
        window.free?.();
        // crossfilter does not define the order of calls with equal values.
        if (name === crossfilter.name) return undefined;
        return rows.map(({ callInstanceId }) => callInstanceId);
      });
    }
  }
}

/** CallTable keeps the lines without calls, so that the bars of a chart do not move. */
const withoutEmptyLines = (answer) => ({
  ...answer,
  lines: answer.lines.filter(({ calls }) => calls > 0),
});

const able = (contestants, work) => contestants.filter((contestant) => contestant[work]);

/** A filter with three conditions, then the statistics and four charts of the rows that pass. */
async function overview(results, contestants, calls) {
  const askers = able(contestants, "overview");
  const act = (contestant, round) => contestant.overview(overviewFilter(round, calls));
  await inTurn(askers, 3, act);
  results.overview = await inTurn(askers, 15, act);
  for (const contestant of askers) contestant.forget?.();
}

/** Five linked charts: creation, a brush in small steps, a brush in jumps. */
async function brush(results, contestants) {
  const linked = [];
  const link = {};
  for (const contestant of contestants) {
    const { ms, result } = await timed(() => linkedCharts(contestant));
    link[contestant.name] = { ms, rounds: 1 };
    linked.push({ name: contestant.name, charts: result });
  }
  results["brush: link"] = link;
  const move = ({ charts }, bounds) => {
    const moved = charts.brush(bounds);
    return moved instanceof Promise ? moved.then(() => charts.read()) : charts.read();
  };
  await inTurn(linked, 5, (member, round) => move(member, slide[round]), { least: 2 });
  results["brush: move"] = await inTurn(linked, slide.length, (member, round) =>
    move(member, slide[round]),
  );

  const names = Object.keys(jumps);
  const times = names.map(() => new Map(linked.map(({ name }) => [name, []])));
  const spent = new Map(linked.map(({ name }) => [name, 0]));
  for (const member of linked) await move(member, null);
  for (let round = 0; round < 12; round += 1) {
    for (const member of linked) {
      if (spent.get(member.name) > 5000 && round >= 3) continue;
      for (const [which, name] of names.entries()) {
        const { ms } = await timed(() => move(member, jumps[name]));
        times[which].get(member.name).push(ms);
        spent.set(member.name, spent.get(member.name) + ms);
      }
    }
  }
  for (const [which, name] of names.entries()) {
    results[`brush: ${name}`] = Object.fromEntries(
      [...times[which]].map(([member, list]) => [
        member,
        { ms: median(list), rounds: list.length },
      ]),
    );
  }
  for (const { charts } of linked) charts.free?.();
}

/** The first 50 rows in a new sort order, then windows at other offsets of it. */
async function sort(results, contestants, calls) {
  for (const by of ["startTimeMs", "duration"]) {
    const sorters = able(contestants, "sorted").map((contestant) => ({ ...contestant }));
    const first = async (sorter) => {
      sorter.window = sorter.sorted(by);
      await sorter.window(0);
    };
    const firsts = sorters.map(() => []);
    const nexts = sorters.map(() => []);
    for (let round = 0; round < 8; round += 1) {
      for (const [which, sorter] of sorters.entries()) {
        const spent = [...firsts[which], ...nexts[which]].reduce((sum, ms) => sum + ms, 0);
        if (spent > 4000 && round >= 3) continue;
        firsts[which].push((await timed(() => first(sorter))).ms);
        for (const share of [0.1, 0.5, 0.9]) {
          const offset = Math.floor(calls.rows * share) + round * pageSize;
          nexts[which].push((await timed(() => sorter.window(offset))).ms);
        }
        sorter.window.free?.();
      }
    }
    const medians = (lists) =>
      Object.fromEntries(
        sorters.map(({ name }, which) => {
          const list = lists[which].slice(lists === firsts ? 1 : 3); // without the warm-up
          return [name, { ms: median(list), rounds: list.length }];
        }),
      );
    results[`sort: first window by ${by}`] = medians(firsts);
    results[`sort: next window by ${by}`] = medians(nexts);
  }
}

/** Adds pages of 50 rows; after each page reads five charts with two filters. */
async function pages(results, calls, connect) {
  const bodies = bodiesOf(calls, pageSize);
  const patience = 15_000;
  const times = {};
  let expected;
  for (let round = 0; round < 3; round += 1) {
    for (const { name, open } of everyone) {
      if (times[name]?.some((ms) => ms > patience / 5)) continue;
      globalThis.gc?.();
      const contestant = await open({ connect });
      let charts;
      let rows = 0;
      let answer;
      const { ms } = await timed(async () => {
        const end = performance.now() + patience;
        for (const body of bodies) {
          const added = contestant.add(body);
          if (added instanceof Promise) await added;
          charts ??= await linkedCharts(contestant);
          answer = charts.read();
          if (answer instanceof Promise) answer = await answer;
          rows += pageSize;
          if (performance.now() > end) break;
        }
      });
      (times[name] ??= []).push(ms);
      const finished = rows >= calls.rows;
      if (finished) expected ??= answer;
      const found = finished && difference(expected, answer);
      if (found) throw new Error(`pages: ${name} differs at ${found}`);
      results.pages ??= {};
      results.pages[name] = {
        ms: median(times[name]),
        rounds: times[name].length,
        ...(finished ? {} : { stoppedAt: rows }),
      };
      charts.free?.();
      await contestant.free();
    }
  }
}
