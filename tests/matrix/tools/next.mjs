// Next.js with both of its bundlers: the program in a server render and in a client component.
import { hasToLoad } from "../program.mjs";

const layout = `export default ({ children }) => <html><body>{children}</body></html>;\n`;

const client = `"use client";
import { useEffect } from "react";
import { program } from "../program.js";

export function Client() {
  useEffect(() => {
    program().then(
      (said) => (globalThis.outcome = said),
      (error) => (globalThis.outcome = String(error)),
    );
  }, []);
  return null;
}
`;

/** Imports the package on the server from the entry point; loads it there from the one that needs no file. */
const page = (entry) => `import { program } from "../program.js";
import { Client } from "./client.js";

export const dynamic = "force-dynamic";
export default async function Page() {
  const said = ${hasToLoad(entry) ? '"imported: " + typeof program' : "await program()"};
  return <main><pre id="server">{said}</pre><Client /></main>;
}
`;

const built =
  (flag) =>
  async (project, { entry, visit }) => {
    await project.write("app/layout.js", layout);
    await project.write("app/client.js", client);
    await project.write("app/page.js", page(entry));
    await project.run("npx", "next", "build", flag);
    const server = await project.server("npx", "next", "start", "-p", "0", "-H", "127.0.0.1");
    try {
      const html = await (await fetch(server.url)).text();
      const [, said] = html.match(/<pre id="server">(.*?)<\/pre>/) ?? [];
      const rendered = said?.replaceAll("&quot;", '"');
      const inPage = await visit(server.url);
      const expected = hasToLoad(entry) ? "imported: function" : inPage;
      return rendered === expected ? inPage : `the server says ${rendered}, the page ${inPage}`;
    } finally {
      await server.stop();
    }
  };

export default {
  name: "next",
  title: "Next",
  package: "next",
  packages: { next: "*", react: "*", "react-dom": "*" },
  ways: {
    "Turbopack, server and client": built("--turbopack"),
    "webpack, server and client": built("--webpack"),
  },
};
