// byrobot-calls/react and byrobot-calls/vue with the tables of byrobot-calls/table, filled by byrobot-calls/client. Not
// here: the lives of tables (adapter-react.test.mjs, adapter-vue.test.mjs), bundles (bundlers-entries.test.mjs).
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stage } from "./adapter-stage.mjs";
import { startPages } from "./framework-page.mjs";
import { root as checkout } from "./installation.mjs";

let pages;
before(async () => (pages = await startPages()));
after(() => pages?.close());

const at = (name) => join(checkout, "node_modules", name);

/** In each framework `leave` unmounts a component that shows a table filled by `fill`, and brushes its `charts`. */
const frameworks = {
  react: `
    import { createElement as h, StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    import { useAnswer, useLinked, useTable } from "byrobot-calls/react";
    const root = createRoot(document.querySelector("main"));
    let brush;
    function App() {
      const { table, error } = useTable(create, fill);
      const charts = useLinked(table, spec);
      const listed = useAnswer(table, (calls) => calls.statistics().calls);
      brush = charts.brush;
      return h("p", null, words(error, listed, charts.results));
    }
    root.render(h(StrictMode, null, h(App)));
    const leave = () => root.unmount();
  `,
  vue: `
    import { createApp, h, reactive } from "vue";
    import { useAnswer, useLinked, useTable } from "byrobot-calls/vue";
    let brush;
    const App = {
      setup() {
        // A program may keep the table in a reactive object: then it is a Proxy.
        const { table, error } = useTable(create, (table) => fill(reactive(table)));
        const charts = useLinked(table, spec);
        const listed = useAnswer(table, (calls) => calls.statistics().calls);
        brush = charts.brush;
        return () => h("p", words(error.value, listed.value, charts.results.value));
      },
    };
    const app = createApp(App);
    app.mount("main");
    const leave = () => app.unmount();
  `,
};

const beginning = `
  import { ByrobotClient } from "byrobot-calls/client";
  import { createSandbox } from "byrobot-calls/sandbox";
  const { fetch } = await createSandbox({ seed: 3, tasks: 12, callsPerTask: 300 });
  const client = new ByrobotClient({ fetch });
  const { list: [{ callJobId }] } = await client.getTasks({ companyId: 1, status: 1 });
  const spec = { length: { histogram: "duration", edges: [0, 30, 100000] }, all: { statistics: true } };
  const reports = [];
  const fill = async (table) => void reports.push(await client.syncDoneCalls(table, { callJobId }));
  const words = (error, listed, results) => [error, listed, results?.all.calls].join(" ");
`;

const ending = `
  const rows = await client.doneCalls({ callJobId }).toArray();
  const long = rows.filter(({ duration }) => duration >= 30).length;
  await until(() => text() === [null, rows.length, rows.length].join(" "));
  brush("length", [30, 100000]);
  await until(() => text() === [null, rows.length, long].join(" "));
  leave();
  await frames();
  globalThis.said = { complete: reports.map(({ complete }) => complete), few: long > 0 && long < rows.length, alive: alive() };
`;

const versions = {
  "React 19": ["react", {}],
  "React 18.0": ["react", { react: at("react-18"), "react-dom": at("react-dom-18") }],
  "Vue 3.5": ["vue", {}],
  "Vue 3.3": ["vue", { vue: at("vue-3.3") }],
};

for (const [version, [name, alias]] of Object.entries(versions)) {
  describe(version, () => {
    test("a component shows and brushes a table of byrobot-calls/table while byrobot-calls/client fills it", async () => {
      const own = stage.replace('"byrobot-calls"', '"byrobot-calls/table"');
      const program = `${own}${beginning}${frameworks[name]}${ending}`;
      const { said, wrong } = await pages.run(program, { alias });
      assert.deepEqual(wrong, []);
      // StrictMode mounts twice: the first table is freed while it is filled, and its synchronisation rejects.
      assert.deepEqual(said, { complete: [true], few: true, alive: 0 });
    });
  });
}
