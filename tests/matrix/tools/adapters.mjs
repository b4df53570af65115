// byrobot-calls/vue and byrobot-calls/react in the tools that their users have: a component fills a table and asks it.

import { entries, hasToLoad, imports } from "../program.mjs";

/** The question of the program, for a component: `create`, `fill` and `ask`. */
const question = (entry) => `
${imports(entry)}
import { createSandbox } from "byrobot-calls/sandbox";

export const create = () => new CallTable();
export async function fill(table) {
  const { fetch } = await createSandbox({ seed: 7, tasks: 12, callsPerTask: 300 });
  const client = new ByrobotClient({ fetch, baseUrl: "https://sandbox.test" });
  const { list: [task] } = await client.getTasks({ companyId: 1, status: 1 });
  const { list } = await client.queryDoneTaskPhones({ callJobId: task.callJobId, pageSize: 50 });
  table.ingest(list);
}
export const ask = (calls) => (calls.length > 0 ? JSON.stringify(calls.statistics()) : undefined);
export const ready = async () => ${hasToLoad(entry) ? "void (await init())" : "undefined"};
`;

const vue = `
import { createApp, watchEffect } from "vue";
import { useAnswer, useTable } from "byrobot-calls/vue";
import { ask, create, fill, ready } from "./question.js";
await ready();
createApp({
  setup() {
    const answer = useAnswer(useTable(create, fill).table, ask);
    watchEffect(() => (globalThis.outcome = answer.value ?? undefined));
    return () => answer.value;
  },
}).mount(document.body.appendChild(document.createElement("main")));
`;

const component = (path) => `
import { useEffect } from "react";
import { useAnswer, useTable } from "byrobot-calls/react";
import { ask, create, fill } from "${path}";

export function Component() {
  const answer = useAnswer(useTable(create, fill).table, ask, []);
  useEffect(() => void (globalThis.outcome = answer ?? undefined));
  return <p>{answer}</p>;
}
`;

const react = `
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Component } from "./component.jsx";
import { ready } from "./question.js";
await ready();
const main = document.body.appendChild(document.createElement("main"));
createRoot(main).render(<StrictMode><Component /></StrictMode>);
`;

/** Vite with a framework: `main` is its program, in the file that the page of the matrix names. */
const vite = (name, title, packages, files) => ({
  name: `vite-${name}`,
  title,
  package: "vite",
  packages: { vite: "*", ...packages },
  ways: {
    async build(project, { entry, look }) {
      await project.write("question.js", question(entry));
      for (const [file, text] of Object.entries(files)) await project.write(file, text);
      await project.run("npx", "vite", "build");
      return look("dist");
    },
  },
});

const layout = `export default ({ children }) => <html><body>{children}</body></html>;\n`;

/** Next renders the component on the server, without a table, and takes it over in the page. */
const next = {
  name: "next-react",
  title: "Next, `byrobot-calls/react`",
  package: "next",
  packages: { next: "*", react: "*", "react-dom": "*" },
  entries: entries.filter((entry) => !hasToLoad(entry)),
  ways: {
    async "Turbopack, server and client"(project, { entry, visit }) {
      await project.write("question.js", question(entry));
      await project.write("app/layout.js", layout);
      await project.write("app/component.js", `"use client";${component("../question.js")}`);
      await project.write(
        "app/page.js",
        `import { Component } from "./component.js";
         export const dynamic = "force-dynamic";
         export default function Page() { return <Component />; }`,
      );
      await project.run("npx", "next", "build");
      const server = await project.server("npx", "next", "start", "-p", "0", "-H", "127.0.0.1");
      try {
        const html = await (await fetch(server.url)).text();
        return html.includes("<p></p>") ? await visit(server.url) : `the server says ${html}`;
      } finally {
        await server.stop();
      }
    },
  },
};

export default [
  vite("vue", "Vite, `byrobot-calls/vue`", { vue: "*" }, { "main.js": vue }),
  vite(
    "react",
    "Vite, `byrobot-calls/react`",
    { react: "*", "react-dom": "*" },
    {
      "main.js": `import "./page.jsx";`,
      "page.jsx": react,
      "component.jsx": component("./question.js"),
    },
  ),
  next,
];
