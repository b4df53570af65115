// The examples of docs/frameworks.md with React and Vue, in Chromium on a sandbox: a component is mounted, gets another
// task, and is unmounted. Every table that it created is freed, and there are no warnings.
import assert from "node:assert/strict";
import { cp, symlink } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, root } from "../package/installation.mjs";
import { startSandbox } from "../package/servers.mjs";
import { serveSite } from "./site.mjs";
import { compile, snippetsOf } from "./snippets.mjs";

/** What mounts the example of each framework, and how many tables it creates until it is unmounted. */
const frameworks = {
  // StrictMode mounts twice.
  React: {
    tables: 3,
    mount: `
      import { createElement, StrictMode } from "react";
      import { createRoot } from "react-dom/client";
      import { Task } from "./docs-frameworks-md/Task";
      const app = createRoot(document.querySelector("main"));
      const filter = {};
      export const show = (callJobId) =>
        app.render(createElement(StrictMode, null, createElement(Task, { callJobId, filter })));
      export const leave = () => app.unmount();
    `,
  },
  Vue: {
    tables: 2,
    mount: `
      import { createApp, h, reactive } from "vue";
      import { useTask } from "./docs-frameworks-md/useTask";
      const props = reactive({ callJobId: undefined, filter: {} });
      const app = createApp(() => h(Task));
      const Task = {
        setup() {
          const { error, statistics } = useTask(props);
          return () => h("p", error.value ? String(error.value) : statistics.value?.calls + " calls");
        },
      };
      export function show(id) {
        const isFirst = props.callJobId === undefined;
        props.callJobId = id;
        if (isFirst) app.mount("main");
      }
      export const leave = () => app.unmount();
    `,
  },
};

/** Tells how many tables have been freed. */
const counting = `
  import { CallTable } from "byrobot-calls";
  export { show, leave } from "./mount.js";
  const { free } = CallTable.prototype;
  const freed = new Set();
  CallTable.prototype.free = function () {
    freed.add(this);
    free.call(this);
  };
  export const tables = () => freed.size;
`;

/** Builds for development, and what Vue wants to be told. */
const flags = ["OPTIONS_API", "PROD_DEVTOOLS", "PROD_HYDRATION_MISMATCH_DETAILS"];
const define = {
  "process.env.NODE_ENV": '"development"',
  ...Object.fromEntries(flags.map((flag) => [`__VUE_${flag}__`, "false"])),
};

let project, sandbox, site, browser;
before(async () => {
  project = await install();
  sandbox = await startSandbox(project, []);
  await cp(join(import.meta.dirname, "stage.ts"), project.path("stage.ts"));
  assert.equal(await compile(project, snippetsOf(["docs/frameworks.md"])), "");
  await symlink(join(root, "node_modules/react-dom"), project.path("node_modules/react-dom"));
  await project.write("counting.js", counting);
  site = await serveSite(project, sandbox);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
  await sandbox?.stop();
  await project?.remove();
});

for (const [name, { mount, tables }] of Object.entries(frameworks)) {
  describe(name, () => {
    test("the component shows the calls of a task, then of another one, and frees every table", async () => {
      await project.write("mount.js", mount);
      await build({
        entryPoints: [project.path("counting.js")],
        outfile: project.path(`${name}.js`),
        bundle: true,
        format: "esm",
        target: "es2022",
        jsx: "automatic",
        define,
        logLevel: "error",
      });
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        const complaints = [];
        page.on("console", (message) => {
          if (/error|warning/.test(message.type())) complaints.push(message.text());
        });
        page.on("pageerror", (error) => complaints.push(String(error)));
        await page.goto(`${site.url}/blank`);
        const app = await page.evaluateHandle((file) => import(file), `/${name}.js`);
        await app.evaluate(({ show }) => show(21752));
        await page.getByText("390 calls").waitFor();
        await app.evaluate(({ show }) => show(21788));
        await page.getByText(/^(?!390 |0 )\d+ calls$/).waitFor();
        await app.evaluate(({ leave }) => leave());
        await page.waitForFunction(() => !document.querySelector("main p"));
        assert.equal(await app.evaluate(({ tables }) => tables()), tables);
        assert.deepEqual(complaints, []);
      } finally {
        await context.close();
      }
    });
  });
}
