// `syncing` and `error` of useTable in React and Vue: what they say while a table is filled by a promise, or by what
// `follow` returns. Not here: the lives of tables (adapter-react.test.mjs, adapter-vue.test.mjs).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { stage } from "./adapter-stage.mjs";
import { startPages } from "./framework-page.mjs";

let pages;
before(async () => (pages = await startPages()));
after(() => pages?.close());

/** In each framework `show` mounts a component with a `fill`, `leave` unmounts it, and `see` gets what it renders. */
const frameworks = {
  React: `
    import { createElement as h } from "react";
    import { createRoot } from "react-dom/client";
    import { useTable } from "byrobot-calls/react";
    const root = createRoot(document.querySelector("main"));
    function App({ fill }) {
      const { error, syncing } = useTable(create, fill, [fill]);
      return h("p", null, see(syncing, error));
    }
    const show = (key, fill) => root.render(h(App, { key, fill }));
    const leave = () => root.unmount();
  `,
  Vue: `
    import { createApp, h, ref } from "vue";
    import { useTable } from "byrobot-calls/vue";
    const key = ref("");
    let fill;
    const App = {
      setup() {
        const { error, syncing } = useTable(create, fill);
        return () => h("p", see(syncing.value, error.value));
      },
    };
    const app = createApp(() => key.value && h(App, { key: key.value }));
    app.mount("main");
    const show = (next, its) => {
      fill = its;
      key.value = next;
    };
    const leave = () => app.unmount();
  `,
};

const program = `
  import { ByrobotClient } from "byrobot-calls";
  let resolve, follow, answer;
  const promise = new Promise((done) => (resolve = done));
  const client = new ByrobotClient({ fetch: () => answer(), retry: { attempts: 1 } });
  const following = (table, signal) =>
    (follow = client.follow(table, { callJobId: 1 }, { signal, onError() {} }));
  const said = {};
  const shows = async (way, fill, ...steps) => {
    answer = () => Promise.resolve(new Response("", { status: 500 }));
    seen = said[way] = [];
    show(way, fill);
    for (const [words, step] of steps) {
      await until(() => text() === words);
      step?.();
    }
  };
  const works = () => {
    answer = async () => Response.json({ code: 200, data: { list: [], total: 0 } });
    follow.refresh();
  };
  await shows("nothing", undefined, ["false null"]);
  await shows("a promise", () => promise, ["true null", () => resolve()], ["false null"]);
  const steps = [["false server", works], ["false null"]];
  await shows("a follow", following, ...steps);
  await shows("a promise of one", async (...given) => following(...given), ...steps);
  leave();
  await frames();
  globalThis.said = { ...said, "at the end": [follow.state, alive()] };
`;

const see = `
  let seen;
  const see = (syncing, error) => {
    const words = syncing + " " + (error?.code ?? error);
    if (seen.at(-1) !== words) seen.push(words);
    return words;
  };
`;

const followed = ["true null", "false server", "true server", "false null"];

for (const [name, framework] of Object.entries(frameworks)) {
  describe(name, () => {
    test("a table tells whether it is being filled, and why that has failed", async () => {
      const { said, wrong } = await pages.run(`${stage}${see}${framework}${program}`);
      assert.deepEqual(wrong, []);
      assert.deepEqual(said, {
        nothing: ["false null"],
        "a promise": ["true null", "false null"],
        "a follow": followed,
        "a promise of one": followed,
        "at the end": ["stopped", 0],
      });
    });
  });
}
