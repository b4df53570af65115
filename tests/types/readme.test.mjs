// The README's TypeScript: every piece compiles under `strict` against the installed package, and
// together they run, with the sandbox of the last piece in the place of the first one's server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { install, root, successful } from "../package/installation.mjs";

const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

let project;
before(async () => (project = await install()));
after(() => project?.remove());

test("the README's program compiles and runs", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const pieces = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, piece]) => piece);
  const [first, table, sync, last] = pieces;
  assert.equal(pieces.length, 4);
  const made = last.replace("const sandbox", "export const sandbox");
  assert.notEqual(made, last);
  await project.write("server.ts", `import { ByrobotClient } from "byrobot-calls";\n${made}`);
  const inNode = first.replace('baseUrl: "/byrobot"', "fetch: sandbox.fetch");
  assert.notEqual(inNode, first);
  await project.write("run.ts", `import { sandbox } from "./server.js";\n${inNode}`);
  await project.write("page.ts", first);
  await project.write("table.ts", table);
  await project.write("sync.ts", sync);
  const calls = '{"code":200,"data":[{"callInstanceId":1,"finishStatus":0,"duration":70}]}';
  const server = `globalThis.fetch = async () => new Response(\`${calls}\`);\n`;
  await project.write("run-table.ts", server + table);
  const synchronised = sync.replace('baseUrl: "/byrobot"', 'baseUrl: "https://robots.example"');
  await project.write("run-sync.ts", server + synchronised);
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    module: "nodenext",
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    outDir: "out",
  };
  const names = ["page", "server", "run", "table", "run-table", "sync", "run-sync"];
  const files = names.map((name) => `${name}.ts`);
  await project.write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
  const { code, stdout } = await project.run(process.execPath, [compiler, "-p", "."]);
  assert.equal(stdout, "");
  assert.equal(code, 0);
  const { stdout: said } = await successful(project.run(process.execPath, ["out/run.js"]));
  assert.match(said, /running|completed/);
  assert.match(said, /\d s\n/);
  const { stdout: told } = await successful(project.run(process.execPath, ["out/run-table.js"]));
  assert.match(told, /^1 \[.*seconds: 70.*answered ÷ calls 1\s*$/s);
  const { stdout: kept } = await successful(project.run(process.execPath, ["out/run-sync.js"]));
  assert.equal(kept, "1 of 1\n1 true 1\n");
});
