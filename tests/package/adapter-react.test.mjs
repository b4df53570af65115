// byrobot-calls/react with React 19 and with React 18.0, in their development builds. Not here: the bundle's imports
// (conditions.test.mjs), types (tests/types).
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { answered, calls, stage, within } from "./adapter-stage.mjs";
import { startPages } from "./framework-page.mjs";
import { root as checkout } from "./installation.mjs";

let pages;
before(async () => (pages = await startPages()));
after(() => pages?.close());

const at = (name) => join(checkout, "node_modules", name);
const versions = {
  "React 19": {},
  "React 18.0": { react: at("react-18"), "react-dom": at("react-dom-18") },
};

const ready = `
  ${stage}
  import { createElement as h, startTransition, StrictMode, useLayoutEffect, useState } from "react";
  import * as React from "react";
  import { createRoot, hydrateRoot } from "react-dom/client";
  import { flushSync } from "react-dom";
  import { useAnswer, useLinked, useRows, useTable } from "byrobot-calls/react";
  const main = document.querySelector("main");
`;

for (const [version, alias] of Object.entries(versions)) {
  describe(version, () => {
    /** Runs a program that must cause no warning, and returns what it says. */
    async function run(program, options) {
      const { said, wrong } = await pages.run(`${ready}${program}`, { alias, ...options });
      assert.deepEqual(wrong, []);
      return said;
    }

    test("a table in StrictMode: one lives at a time, the signal of a freed one is aborted, none lives after the end", async () => {
      const said = await run(`
        const root = createRoot(main);
        const signals = [];
        function App() {
          const { table, error } = useTable(create, (table, signal) => {
            signals.push(signal);
            table.ingest(calls);
            // Rejects when the table is gone, which no one is told.
            return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          });
          const statistics = useAnswer(table, (calls) => calls.statistics());
          return h("p", null, String(error), " ", statistics?.answered);
        }
        root.render(h(StrictMode, null, h(App)));
        await until(() => / \\d/.test(text()));
        const during = [tables.length, alive(), signals.map(({ aborted }) => aborted)];
        root.render(h(StrictMode, null, h(App, { key: "remounted" })));
        await until(() => tables.length === 4 && / \\d/.test(text()));
        const again = alive();
        const shown = text();
        root.unmount();
        await frames();
        globalThis.said = { during, again, shown, mostAlive, after: alive(), aborted: signals.every(({ aborted }) => aborted) };
      `);
      assert.deepEqual(said, {
        during: [2, 1, [true, false]],
        again: 1,
        shown: `null ${answered}`,
        mostAlive: 1,
        after: 0,
        aborted: true,
      });
    });

    test("changed dependencies free the table and fill a new one; no render shows the old one under the new", async () => {
      const said = await run(`
        const root = createRoot(main);
        const seen = new Set();
        function App({ length }) {
          const { table } = useTable(create, (table) => void table.ingest(calls.slice(0, length)), [length]);
          const answer = useAnswer(table, (calls) => calls.length);
          seen.add(length + ": " + answer);
          return h("p", null, answer);
        }
        for (const length of [10, 20, 30]) {
          flushSync(() => root.render(h(App, { length })));
          await until(() => text() === String(length));
        }
        globalThis.said = { seen: [...seen], mostAlive, alive: alive(), tables: tables.length };
      `);
      assert.deepEqual(said, {
        seen: ["10: null", "10: 10", "20: null", "20: 20", "30: null", "30: 30"],
        mostAlive: 1,
        alive: 1,
        tables: 3,
      });
    });

    test("an error of create or fill, thrown or rejected, is in the state, until the dependencies change", async () => {
      const said = await run(`
        const root = createRoot(main);
        const ways = {
          creates: [() => { throw new Error("in create"); }],
          throws: [create, () => { throw new Error("in fill"); }],
          rejects: [create, () => Promise.reject(new Error("rejected"))],
          works: [create, () => null],
        };
        function App({ way }) {
          const { table, error } = useTable(...[...ways[way], undefined].slice(0, 2), [way]);
          return h("p", null, way, " ", String(error?.message), " ", table === null ? "none" : "table");
        }
        const shown = [];
        for (const [way, wanted] of [["creates", "in create none"], ["throws", "in fill table"], ["rejects", "rejected table"], ["works", "undefined table"]]) {
          root.render(h(App, { way }));
          await until(() => text() === way + " " + wanted);
        }
        root.unmount();
        await frames();
        globalThis.said = alive();
      `);
      assert.equal(said, 0);
    });

    test("what fill returns is stopped before the table is freed, also when it comes late", async () => {
      const said = await run(`
        const root = createRoot(main);
        const stopped = [];
        const followOf = (table) => ({ stop: () => stopped.push(isFreed(table)) });
        let late;
        function App({ fill }) {
          useTable(create, fill, [fill]);
          return null;
        }
        flushSync(() => root.render(h(StrictMode, null, h(App, { fill: followOf }))));
        await until(() => tables.length === 2);
        const strict = stopped.slice();
        root.render(h(StrictMode, null, h(App, { fill: (table) => new Promise((done) => (late = () => done(followOf(table)))) })));
        await until(() => tables.length === 3);
        const changed = stopped.slice();
        root.unmount();
        await frames();
        late();
        await frames();
        globalThis.said = { strict, changed, late: stopped.length };
      `);
      assert.ok(
        said.strict.length > 0 && said.strict.every((freed) => !freed),
        String(said.strict),
      );
      assert.ok(
        said.changed.every((freed) => !freed),
        String(said.changed),
      );
      assert.ok(said.late > said.changed.length);
    });

    test("many changes in a frame are one answer; a changed dependency is answered in the same render", async () => {
      const said = await run(`
        const root = createRoot(main);
        const table = create();
        let asked = 0;
        const views = [];
        const seen = new Set();
        function App({ finishStatus }) {
          const answer = useAnswer(table, (calls) => {
            asked += 1;
            const view = calls.where({ finishStatus });
            views.push(view, view.where({ duration: { min: 1 } }));
            return [calls.length, view.statistics().calls, calls.get(3)?.callInstanceId].join();
          }, [finishStatus]);
          seen.add(finishStatus + " of " + answer);
          return h("p", null, answer);
        }
        flushSync(() => root.render(h(App, { finishStatus: 0 })));
        await frames();
        asked = 0;
        for (const call of calls) table.ingest([call]);
        const during = asked;
        await until(() => text().startsWith("120,"));
        const once = asked;
        const shown = text();
        flushSync(() => root.render(h(App, { finishStatus: 8 })));
        const other = text();
        flushSync(() => root.render(h(App, { finishStatus: 8 })));
        globalThis.said = { during, once, twice: asked, shown, other, seen: seen.size, freed: views.every(isFreed), table: isFreed(table) };
      `);
      const eights = calls.filter(({ finishStatus }) => finishStatus === 8).length;
      assert.deepEqual(said, {
        during: 0,
        once: 1,
        twice: 2,
        shown: `120,${answered},3`,
        other: `120,${eights},3`,
        seen: 3,
        freed: true,
        table: false,
      });
    });

    test("a table that someone else frees has no answers and no charts, and the end of the component is quiet", async () => {
      const said = await run(`
        const root = createRoot(main);
        let render;
        function App() {
          const [times, setTimes] = useState(0);
          render = () => flushSync(() => setTimes(times + 1));
          const { table } = useTable(create);
          const length = useAnswer(table, (calls) => calls.length);
          const linked = useLinked(table, { [times > 1 ? "again" : "lengths"]: lengths });
          return h("p", null, times, " ", String(length), " ", String(linked.results !== null));
        }
        root.render(h(App));
        await until(() => text() === "0 0 true");
        tables[0].free();
        render();
        const freed = text();
        render();
        await frames();
        const other = text();
        root.unmount();
        await frames();
        globalThis.said = { freed, other, tables: tables.length };
      `);
      assert.deepEqual(
        { ...said, freed: said.freed.slice(0, 6) },
        {
          freed: "1 null",
          other: "2 null false",
          tables: 1,
        },
      );
    });

    test("linked charts: brushes, filters, rows; a wrong brush throws and changes nothing; they outlive a new table", async () => {
      const said = await run(`
        const root = createRoot(main);
        let linked, page;
        const results = new Set();
        const made = new Set();
        function App({ length, specs }) {
          const { table } = useTable(() => create(length), undefined, [length]);
          linked = useLinked(table, specs);
          page = useRows(linked, { limit: 5, sortBy: "duration", descending: true });
          // Of what is committed: StrictMode renders twice.
          useLayoutEffect(() => {
            results.add(linked.results);
            made.add(linked.charts);
          });
          return h("p", null, length, " ", linked.length);
        }
        const show = (length, specs = { lengths: { ...lengths }, statuses: { ...statuses } }) =>
          root.render(h(StrictMode, null, h(App, { length, specs })));
        const state = () => ({ brushes: linked.brushes, length: linked.length, page: page.length,
          lengths: linked.results && sum(linked.results.lengths.counts), statuses: linked.results && sum(linked.results.statuses.map(({ calls }) => calls)) });
        flushSync(() => show(120));
        const none = state();
        const first = linked;
        linked.brush("lengths", [10, 60]); // kept for the charts to come
        await until(() => linked.charts !== null && linked.brushes.lengths);
        await frames();
        const brushed = state();
        const wrong = [errorOf(() => linked.brush("lengths", [1, 2, 3])), errorOf(() => linked.brush("nothing", [1])), errorOf(() => linked.filter("statuses", { finishStatus: "x" }))];
        await frames();
        const unchanged = state();
        const before = results.size;
        for (const status of [1, 2, 4, 0]) linked.brush("statuses", [status]);
        await frames();
        const steps = results.size - before;
        const both = state();
        show(60);
        await until(() => text().startsWith("60 ") && linked.charts !== null && linked.results !== null);
        await frames();
        const kept = state();
        linked.filter("lengths", { duration: { min: 30 } });
        linked.brush("statuses", null);
        await frames();
        const filtered = state();
        show(60, { statuses: { ...statuses } });
        await until(() => linked.results !== null && !("lengths" in linked.results));
        await frames();
        const fewer = [linked.brushes, linked.length];
        const same = [linked.brush === first.brush, linked.filter === first.filter];
        root.unmount();
        await frames();
        globalThis.said = { none, brushed, wrong, unchanged, steps, both, kept, filtered, fewer, same,
          freed: [...made].filter(Boolean).map(isFreed), alive: alive(), mostAlive };
      `);
      const all = { lengths: calls.length, statuses: calls.length };
      const middle = within(10, 60).length;
      assert.deepEqual(said.none, {
        brushes: {},
        length: 0,
        page: 0,
        lengths: null,
        statuses: null,
      });
      const brushed = { ...all, brushes: { lengths: [10, 60] }, length: middle, page: 5 };
      assert.deepEqual(said.brushed, { ...brushed, statuses: middle });
      assert.deepEqual(
        said.wrong.map(([code]) => code),
        Array(3).fill("invalid_argument"),
      );
      assert.deepEqual(said.unchanged, said.brushed);
      assert.equal(said.steps, 1);
      const zero = within(10, 60).filter(({ finishStatus }) => finishStatus === 0).length;
      assert.deepEqual(said.both, {
        brushes: { lengths: [10, 60], statuses: [0] },
        length: zero,
        page: Math.min(zero, 5),
        lengths: answered,
        statuses: middle,
      });
      const half = (list) => list.filter(({ callInstanceId }) => callInstanceId < 60);
      assert.deepEqual(said.kept.brushes, said.both.brushes);
      const kept = half(within(10, 60)).filter(({ finishStatus }) => finishStatus === 0);
      assert.equal(said.kept.length, kept.length);
      const long = half(within(30, Infinity)).length;
      assert.deepEqual([said.filtered.brushes, said.filtered.length], [{}, long]);
      assert.deepEqual(said.fewer, [{}, 60]);
      assert.deepEqual(said.same, [true, true]);
      assert.ok(said.freed.length >= 3 && said.freed.every(Boolean), String(said.freed));
      assert.deepEqual([said.alive, said.mostAlive], [0, 1]);
    });

    test("a concurrent render shows one state of the table, although it changes meanwhile", async () => {
      const said = await run(`
        const root = createRoot(main);
        const table = create();
        const torn = [];
        let commits = 0;
        let yields = 0;
        function Slow({ id }) {
          const length = useAnswer(table, (calls) => calls.length);
          const end = performance.now() + 4;
          while (performance.now() < end);
          return h("i", null, length, ",");
        }
        function App({ shows }) {
          useLayoutEffect(() => {
            commits += 1;
            if (new Set(text().split(",").filter(Boolean)).size > 1) torn.push(text());
          });
          return shows && Array.from({ length: 30 }, (_, id) => h(Slow, { key: id, id }));
        }
        flushSync(() => root.render(h(App, { shows: false })));
        let next = 0;
        const channel = new MessageChannel();
        const grow = setInterval(() => table.ingest([calls[next++ % 120]]), 1);
        startTransition(() => root.render(h(App, { shows: true })));
        await until(() => text() !== "");
        const during = next;
        clearInterval(grow);
        await until(() => text() === (Math.min(next, 120) + ",").repeat(30));
        globalThis.said = { torn, isMeanwhile: during > 1, commits: commits > 1 };
      `);
      assert.deepEqual(said, { torn: [], isMeanwhile: true, commits: true });
    });

    test("a server renders without a table, and the page takes over without a complaint", async () => {
      const app = `
        function App() {
          const { table, error } = useTable(create, (table) => table.ingest(calls));
          const length = useAnswer(table, (calls) => calls.length);
          const linked = useLinked(table, { lengths });
          const page = useRows(linked, { limit: 3 });
          return h("p", null, String(length ?? "none"), " ", linked.length, " ", page.length, " ", String(error));
        }
      `;
      const html = await pages.runInNode(
        `${stage}
        import { createElement as h } from "react";
        import { renderToString } from "react-dom/server";
        import { useAnswer, useLinked, useRows, useTable } from "byrobot-calls/react";
        ${app}
        process.stdout.write(renderToString(h(App)) + tables.length);`,
        { alias },
      );
      assert.match(html, /^<p>.*none.*<\/p>0$/);
      const said = await run(
        `${app}
        hydrateRoot(main, h(App));
        await until(() => text() === "120 120 3 null");
        globalThis.said = alive();`,
        { html: html.slice(0, -1) },
      );
      assert.equal(said, 1);
    });
  });
}

test("React 19: a hidden Activity has no table, and a new one when it is shown", async () => {
  const { said, wrong } = await pages.run(`${ready}
    const root = createRoot(main);
    function Inner() {
      const { table } = useTable(create, (table) => table.ingest(calls));
      const { length } = useLinked(table, { lengths });
      return h("p", null, String(useAnswer(table, (calls) => calls.length)), " ", length);
    }
    const show = (mode) => root.render(h(React.Activity, { mode }, h(Inner)));
    show("visible");
    await until(() => text() === "120 120");
    show("hidden");
    await until(() => alive() === 0);
    await frames();
    const hidden = alive();
    show("visible");
    await until(() => alive() === 1 && text() === "120 120");
    globalThis.said = { hidden, tables: tables.length, mostAlive };
  `);
  assert.deepEqual(wrong, []);
  assert.deepEqual(said, { hidden: 0, tables: 2, mostAlive: 1 });
});
