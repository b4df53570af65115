// Tables, views and charts as values in React and Vue, which read, compare and wrap them, also after `free()`.
import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { body, chance, row } from "./calls.mjs";
import { startPages } from "./framework-page.mjs";
import { ended, root, start } from "./installation.mjs";

const random = chance(1);
const calls = body(Array.from({ length: 100 }, (_, id) => row(random, id)));

let pages, project, run;
before(async () => {
  pages = await startPages();
  ({ project, run } = pages);
});
after(() => pages?.close());

const ready = `
  import { ByrobotClient, CallTable } from "byrobot-calls";
  const table = new CallTable();
  table.ingest(${JSON.stringify(calls)});
  const soon = () => new Promise((done) => setTimeout(done, 10));
`;

describe("React in its development build", () => {
  const app = `
    ${ready}
    import { createElement as h, StrictMode, useEffect, useState } from "react";
    import { createRoot } from "react-dom/client";
    const root = createRoot(document.querySelector("main"));
    const texts = [];
    /** Waits for what is drawn to be like that. */
    const drawn = async (wanted) => {
      const text = () => document.querySelector("main").textContent;
      while (!wanted.test(text()) || text() === texts.at(-1)) await soon();
      texts.push(text());
    };
  `;

  test("renders after a view, charts and a table among the props have been freed", async () => {
    const { said, wrong } = await run(`${app}
      // Nested, too: React compares old and new props to three levels.
      function Rows({ view, held }) {
        useEffect(() => () => {
          view.free();
          held.charts.free();
          held.deep.table.free();
        }, [view]);
        return h("p", null, view.length, " ", held.charts.read().all.calls, " ", held.deep.table.length);
      }
      const made = (status) => {
        const own = CallTable.restore(table.snapshot());
        const charts = own.linked({ all: { statistics: true } });
        return { view: table.where({ finishStatus: status }), held: { charts, deep: { table: own, list: [charts] } } };
      };
      for (const status of [0, 8, 0]) {
        root.render(h(Rows, made(status)));
        await drawn(/^\\d+ 100 100$/);
      }
      root.render(null);
      await drawn(/^$/);
      globalThis.said = texts;`);
    assert.deepEqual(wrong, []);
    assert.match(said[0], /^\d+ 100 100$/);
    assert.equal(said[0], said[2]);
    assert.notEqual(said[0], said[1]);
  });

  test("with StrictMode gives each run of an effect its own view", async () => {
    const { said, wrong } = await run(`${app}
      // As docs/analytics.md has it.
      function useView(table, filter) {
        const [view, setView] = useState(null);
        useEffect(() => {
          const made = table.where(filter);
          setView(made);
          return () => {
            setView(null);
            made.free();
          };
        }, [table, filter]);
        return view;
      }
      let again, tick;
      function Rows({ filter }) {
        // What hot replacement does to a component that changed: its effects run anew, its state stays.
        const [times, setTimes] = useState(0);
        const [ticks, setTicks] = useState(0);
        [again, tick] = [() => setTimes(times + 1), () => setTicks(ticks + 1)];
        const view = useView(table, filter[times]);
        const rows = view === null ? "…" : view.rows({ limit: 3 }).length + " of " + view.length;
        return h("p", null, rows, " ", times, ticks);
      }
      const answered = [{ finishStatus: 0 }, { finishStatus: 0 }];
      root.render(h(StrictMode, null, h(Rows, { filter: answered })));
      await drawn(/^3 of .* 00$/);
      again();
      tick();
      await drawn(/^3 of .* 11$/);
      root.render(h(StrictMode, null, h(Rows, { filter: [{ finishStatus: 8 }, { finishStatus: 8 }] })));
      await drawn(/^3 of .* 11$/);
      root.render(null);
      await drawn(/^$/);
      globalThis.said = texts;`);
    assert.deepEqual(wrong, []);
    const of = said.map((text) => text.split(" ")[2]);
    assert.equal(of[0], of[1]);
    assert.notEqual(of[1], of[2]);
  });
});

describe("Vue", () => {
  test("wraps tables, views, charts, clients and lists in deep and in readonly proxies, and frees them", async () => {
    const { said, wrong } = await run(`${ready}
      import { computed, createApp, h, nextTick, reactive, readonly, ref, shallowRef, toRaw, watchEffect } from "vue";
      const fetch = async () => new Response(${JSON.stringify(calls)});
      const kept = ref(new CallTable());
      const inside = reactive({ client: new ByrobotClient({ fetch }), view: table.where({}), table });
      const client = inside.client;
      const tasks = ref(client.doneCalls({ callJobId: 1 }));
      kept.value.ingest(${JSON.stringify(calls)});
      const charts = ref(kept.value.linked({ all: { statistics: true } }));
      let runs = 0;
      watchEffect(() => { runs += 1; kept.value.statistics(); kept.value.length; inside.view.length; });
      const answers = computed(() => kept.value.where({ finishStatus: 0 }).length);
      const shown = shallowRef(table.where({ finishStatus: 8 }));
      const app = createApp({ setup: () => () => h("p", [kept.value.length, " ", inside.view.length, " ", shown.value.length]) });
      app.mount(document.querySelector("main"));
      await nextTick();
      const before = { text: document.querySelector("main").textContent, runs, answers: answers.value > 0,
        charts: charts.value.read().all.calls, report: (await client.syncDoneCalls(kept.value, { callJobId: 1 })).unchanged,
        rows: (await tasks.value.toArray({ limit: 5 })).length, host: inside.client.getTasks.length };
      app.unmount();
      for (const one of [charts.value, readonly(inside).view, shown.value, kept.value, kept.value]) one.free();
      const read = (one) => [one.then, one.toJSON, one.unknown, one.__v_isShallow, one[Symbol.toPrimitive], JSON.stringify(one),
        Object.keys(one).length, one.constructor.name !== "", String(one)];
      const told = (action) => { try { return action(); } catch (error) { return [error.code, error.message]; } };
      globalThis.said = {
        before,
        freed: [kept.value, inside.view, charts.value].map(read),
        told: [told(() => kept.value.length), told(() => inside.view.rows()), told(() => charts.value.read())],
        bare: toRaw(kept.value).__v_isShallow === undefined,
        other: inside.table.length,
      };`);
    assert.deepEqual(wrong, []);
    assert.match(said.before.text, /^100 100 \d+$/);
    assert.deepEqual(
      { ...said.before, text: "", answers: true },
      { text: "", runs: 1, answers: true, charts: 100, report: 100, rows: 5, host: 2 },
    );
    for (const [name, read] of said.freed.entries()) {
      const nothing = [undefined, undefined, undefined, false, undefined];
      assert.deepEqual(read.slice(0, 5), nothing, String(name));
      assert.deepEqual(read.slice(5), ["{}", 0, true, "[object Object]"], String(name));
    }
    for (const [code, message] of said.told) {
      assert.deepEqual([code, /freed/.test(message)], ["invalid_argument", true]);
    }
    assert.deepEqual([said.bare, said.other], [true, 100]);
  });

  test("accepts them in its types", async () => {
    const program = `
      import { ref, reactive, shallowRef, type Ref } from "vue";
      import { ByrobotClient, CallTable, type CallView, type LinkedCharts, type Paginator, type DoneCall } from "byrobot-calls";
      const table: Ref<CallTable> = ref(new CallTable());
      const client: Ref<ByrobotClient> = ref(new ByrobotClient());
      const view: Ref<CallView> = ref(table.value.where({}));
      const charts = ref(table.value.linked({ all: { statistics: true } }));
      const rate: number | null = charts.value.read().all.answerRate;
      const walk: Ref<Paginator<DoneCall>> = ref(client.value.doneCalls({ callJobId: 1 }));
      const state = reactive({ table: new CallTable() });
      const given: CallTable = state.table;
      void client.value.syncDoneCalls(table.value, { callJobId: 1 });
      export { charts, given, rate, shallowRef, view, walk };
      export type Charts = LinkedCharts;
    `;
    await project.write("program.ts", program);
    const paths = { vue: [join(root, "node_modules/vue")] };
    const compilerOptions = {
      ...{
        target: "es2022",
        module: "esnext",
        moduleResolution: "bundler",
        strict: true,
        noEmit: true,
      },
      ...{
        types: [],
        lib: ["es2022", "dom", "dom.iterable", "esnext.disposable"],
        skipLibCheck: true,
        paths,
      },
    };
    await project.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions, files: ["program.ts"] }),
    );
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = await ended(start(project.folder, process.execPath, [tsc, "-p", "."]));
    assert.equal(stdout, "");
  });
});
