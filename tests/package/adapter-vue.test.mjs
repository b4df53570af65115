// byrobot-calls/vue with Vue 3.5 and with Vue 3.3, in their development builds. Not here: the bundle's imports
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

const versions = {
  "Vue 3.5": {},
  "Vue 3.3": { vue: join(checkout, "node_modules/vue-3.3") },
};

const adapter = `import { useAnswer, useLinked, useTable } from "byrobot-calls/vue";`;
const ready = `
  ${stage}
  import { createApp, createSSRApp, effectScope, h, KeepAlive, nextTick, onMounted, ref, shallowRef, watch } from "vue";
  ${adapter}
`;

for (const [version, alias] of Object.entries(versions)) {
  describe(version, () => {
    /** Runs a program that must cause no warning, and returns what it says. */
    async function run(program, options) {
      const { said, wrong } = await pages.run(`${ready}${program}`, { alias, ...options });
      assert.deepEqual(wrong, []);
      return said;
    }

    test("a table is created when the component is mounted, and freed when it is unmounted; its signal is aborted", async () => {
      const said = await run(`
        const signals = [];
        const inSetup = [];
        const App = {
          setup() {
            const { table, error } = useTable(create, (table, signal) => {
              signals.push(signal);
              table.ingest(calls);
              // Rejects when the table is gone, which no one is told.
              return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
            });
            inSetup.push(table.value);
            const statistics = useAnswer(table, (calls) => calls.statistics());
            return () => h("p", [String(error.value), " ", statistics.value?.answered]);
          },
        };
        const key = ref(1);
        const app = createApp(() => h(App, { key: key.value }));
        app.mount("main");
        await until(() => / \\d/.test(text()));
        const shown = text();
        key.value = 2; // as hot replacement does
        await until(() => tables.length === 2 && / \\d/.test(text()));
        const again = alive();
        app.unmount();
        await frames();
        globalThis.said = { shown, inSetup, again, mostAlive, after: alive(), aborted: signals.map(({ aborted }) => aborted) };
      `);
      assert.deepEqual(said, {
        shown: `null ${answered}`,
        inSetup: [null, null],
        again: 1,
        mostAlive: 1,
        after: 0,
        aborted: [true, true],
      });
    });

    test("a ref that fill reads frees the table and fills a new one; nothing shows the old one under the new", async () => {
      const said = await run(`
        const seen = new Set();
        const App = {
          props: ["length"],
          setup(props) {
            const { table } = useTable(create, (table) => void table.ingest(calls.slice(0, props.length)));
            const answer = useAnswer(table, (calls) => calls.length);
            return () => {
              seen.add(props.length + ": " + answer.value);
              return h("p", answer.value);
            };
          },
        };
        const length = ref(10);
        createApp(() => h(App, { length: length.value })).mount("main");
        for (const each of [10, 20, 30]) {
          length.value = each;
          await until(() => text() === String(each));
        }
        globalThis.said = { seen: [...seen], mostAlive, alive: alive(), tables: tables.length };
      `);
      assert.deepEqual(said, {
        seen: ["10: null", "10: 10", "20: 20", "30: 30"],
        mostAlive: 1,
        alive: 1,
        tables: 3,
      });
    });

    test("an error of create or fill, thrown or rejected, is in the ref, until a new table is made", async () => {
      const said = await run(`
        const ways = {
          creates: [() => { throw new Error("in create"); }],
          throws: [create, () => { throw new Error("in fill"); }],
          rejects: [create, () => Promise.reject(new Error("rejected"))],
          works: [create, () => null],
        };
        const way = ref("creates");
        const app = createApp({
          setup() {
            const { table, error } = useTable(() => ways[way.value][0](), (...given) => ways[way.value][1](...given));
            return () => [way.value, " ", String(error.value?.message), " ", table.value === null ? "none" : "table"];
          },
        });
        app.mount("main");
        for (const [each, wanted] of [["creates", "in create none"], ["throws", "in fill table"], ["rejects", "rejected table"], ["works", "undefined table"]]) {
          way.value = each;
          await until(() => text() === each + " " + wanted);
        }
        app.unmount();
        await frames();
        globalThis.said = alive();
      `);
      assert.equal(said, 0);
    });

    test("what fill returns is stopped before the table is freed, also when it comes late", async () => {
      const said = await run(`
        const stopped = [];
        const followOf = (table) => ({ stop: () => stopped.push(isFreed(table)) });
        let late;
        const scope = effectScope();
        const fill = shallowRef(followOf);
        scope.run(() => useTable(create, (table) => fill.value(table)));
        fill.value = (table) => new Promise((done) => (late = () => done(followOf(table))));
        await nextTick();
        const changed = [...stopped];
        scope.stop();
        late();
        await frames();
        globalThis.said = { changed, late: stopped.length };
      `);
      assert.deepEqual(said, { changed: [false], late: 2 });
    });

    test("many changes in a frame are one answer; a changed ref is answered at once", async () => {
      const said = await run(`
        const table = create();
        let asked = 0;
        const views = [];
        const finishStatus = ref(0);
        const App = {
          setup() {
            const answer = useAnswer(table, (calls) => {
              asked += 1;
              const view = calls.where({ finishStatus: finishStatus.value });
              views.push(view, view.where({ duration: { min: 1 } }));
              return [calls.length, view.statistics().calls, calls.get(3)?.callInstanceId].join();
            });
            return () => h("p", answer.value);
          },
        };
        createApp(App).mount("main");
        await frames();
        asked = 0;
        for (const call of calls) table.ingest([call]);
        await nextTick();
        const during = asked;
        await until(() => text().startsWith("120,"));
        const once = asked;
        const shown = text();
        finishStatus.value = 8;
        await nextTick();
        globalThis.said = { during, once, twice: asked, shown, other: text(), freed: views.every(isFreed), table: isFreed(table) };
      `);
      const eights = calls.filter(({ finishStatus }) => finishStatus === 8).length;
      assert.deepEqual(said, {
        during: 0,
        once: 1,
        twice: 2,
        shown: `120,${answered},3`,
        other: `120,${eights},3`,
        freed: true,
        table: false,
      });
    });

    test("a table that someone else frees has no answers and no charts, and the end of the component is quiet", async () => {
      const said = await run(`
        const times = ref(0);
        const app = createApp({
          setup() {
            const { table } = useTable(create);
            const length = useAnswer(table, (calls) => calls.length + 0 * times.value);
            const { results } = useLinked(table, () => ({ [times.value > 1 ? "again" : "lengths"]: lengths }));
            return () => [times.value, " ", String(length.value), " ", String(results.value !== null)];
          },
        });
        app.mount("main");
        await until(() => text() === "0 0 true");
        tables[0].free();
        times.value += 1;
        await nextTick();
        const freed = text();
        times.value += 1;
        await nextTick();
        const other = text();
        app.unmount();
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
        const length = ref(120);
        const specs = shallowRef({ lengths, statuses });
        const limit = ref(5);
        const results = new Set();
        const made = new Set();
        let linked, page;
        const app = createApp({
          setup() {
            const { table } = useTable(() => create(length.value));
            linked = useLinked(table, specs);
            page = linked.rows(() => ({ limit: limit.value, sortBy: "duration", descending: true }));
            watch(linked.results, (read) => results.add(read));
            watch(linked.charts, (charts) => made.add(charts));
            linked.brush("lengths", [10, 60]); // kept for the charts to come
            return () => [length.value, " ", linked.length.value, " ", Object.keys(linked.brushes).length];
          },
        });
        const state = () => ({ brushes: { ...linked.brushes }, length: linked.length.value, page: page.value.length,
          lengths: linked.results.value && sum(linked.results.value.lengths.counts), statuses: linked.results.value && sum(linked.results.value.statuses.map(({ calls }) => calls)) });
        app.mount("main");
        await until(() => linked.results.value !== null);
        const brushed = state();
        const wrong = [errorOf(() => linked.brush("lengths", [1, 2, 3])), errorOf(() => linked.brush("nothing", [1])), errorOf(() => linked.filter("statuses", { finishStatus: "x" }))];
        await frames();
        const unchanged = state();
        const before = results.size;
        for (const status of [1, 2, 4, 0]) {
          linked.brush("statuses", [status]);
          await nextTick();
        }
        await frames();
        const steps = results.size - before;
        const both = state();
        limit.value = 2;
        const fewerRows = page.value.length;
        length.value = 60;
        await until(() => text().startsWith("60 ") && tables.length === 2);
        const kept = state();
        const shown = text();
        linked.filter("lengths", { duration: { min: 30 } });
        linked.brush("statuses", null);
        await frames();
        const filtered = state();
        specs.value = { statuses };
        await nextTick();
        const fewer = [{ ...linked.brushes }, linked.length.value, Object.keys(linked.results.value)];
        app.unmount();
        await frames();
        globalThis.said = { brushed, wrong, unchanged, steps, both, fewerRows, kept, shown, filtered, fewer,
          freed: [...made].filter(Boolean).map(isFreed), alive: alive(), mostAlive };
      `);
      const middle = within(10, 60).length;
      assert.deepEqual(said.brushed, {
        brushes: { lengths: [10, 60] },
        length: middle,
        page: 5,
        lengths: calls.length,
        statuses: middle,
      });
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
      assert.equal(said.fewerRows, 2);
      const half = (list) => list.filter(({ callInstanceId }) => callInstanceId < 60);
      const kept = half(within(10, 60)).filter(({ finishStatus }) => finishStatus === 0).length;
      assert.deepEqual([said.kept.brushes, said.kept.length], [said.both.brushes, kept]);
      assert.equal(said.shown, `60 ${kept} 2`);
      const long = half(within(30, Infinity)).length;
      assert.deepEqual([said.filtered.brushes, said.filtered.length], [{}, long]);
      assert.deepEqual(said.fewer, [{}, 60, ["statuses"]]);
      assert.ok(said.freed.length >= 3 && said.freed.every(Boolean), String(said.freed));
      assert.deepEqual([said.alive, said.mostAlive], [0, 1]);
    });

    test("a component in KeepAlive keeps its table while it is away", async () => {
      const said = await run(`
        const Inner = {
          setup() {
            const { table } = useTable(create, (table) => table.ingest(calls.slice(0, 100)));
            const { length } = useLinked(table, { lengths });
            const answer = useAnswer(table, (calls) => calls.length);
            return () => h("p", [answer.value, " ", length.value]);
          },
        };
        const isShown = ref(true);
        const app = createApp(() => h(KeepAlive, isShown.value ? h(Inner) : h({ name: "Other", render: () => "other" })));
        app.mount("main");
        await until(() => text() === "100 100");
        isShown.value = false;
        await until(() => text() === "other");
        tables[0].ingest(calls);
        await frames();
        const away = [alive(), tables.length];
        isShown.value = true;
        await until(() => text() === "120 120");
        app.unmount();
        await frames();
        globalThis.said = { away, tables: tables.length, alive: alive() };
      `);
      assert.deepEqual(said, { away: [1, 1], tables: 1, alive: 0 });
    });

    test("an effect scope of its own owns the table, also when a component opens it", async () => {
      const said = await run(`
        const scope = effectScope(true);
        const shared = () => scope.run(() => {
          const own = useTable(create, (table) => table.ingest(calls));
          return { ...own, length: useAnswer(own.table, (calls) => calls.length) };
        });
        let store;
        const app = createApp({ setup: () => ((store = shared()), () => String(store.length.value)) });
        app.mount("main");
        await until(() => text() === "120");
        app.unmount();
        await frames();
        const kept = [alive(), store.length.value];
        scope.stop();
        const own = effectScope();
        const { table } = own.run(() => useTable(create));
        const atOnce = [table.value !== null, alive()];
        own.stop();
        globalThis.said = { kept, atOnce, after: [alive(), table.value, store.table.value] };
      `);
      assert.deepEqual(said, { kept: [1, 120], atOnce: [true, 1], after: [0, null, null] });
    });

    test("a server renders without a table, and the page takes over without a complaint", async () => {
      const app = `
        const App = {
          setup() {
            const { table, error } = useTable(create, (table) => table.ingest(calls));
            const answer = useAnswer(table, (calls) => calls.length);
            const { length, rows } = useLinked(table, { lengths });
            const page = rows({ limit: 3 });
            return () => h("p", [String(answer.value ?? "none"), " ", length.value, " ", page.value.length, " ", String(error.value)].join(""));
          },
        };
      `;
      const html = await pages.runInNode(
        `${stage}
        import { createSSRApp, effectScope, h } from "vue";
        import { renderToString } from "vue/server-renderer";
        ${adapter}
        ${app}
        const html = await renderToString(createSSRApp(App));
        effectScope().run(() => useTable(create));
        process.stdout.write(html + tables.length);`,
        { alias },
      );
      assert.equal(html, "<p>none 0 0 null</p>0");
      const said = await run(
        `${app}
        createSSRApp(App).mount("main");
        await until(() => text() === "120 120 3 null");
        globalThis.said = alive();`,
        { html: html.slice(0, -1) },
      );
      assert.equal(said, 1);
    });
  });
}
