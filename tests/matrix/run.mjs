// Runs the matrix: the packed package is built, loaded and used in a fresh project of every tool, and the recipes of
// docs/server.md run. Writes the tables of docs/loading.md and docs/server.md. With names of tools as arguments it runs
// only these and writes nothing.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { openBrowser } from "../../scripts/browser.mjs";
import { build } from "../../scripts/build.mjs";
import { setup } from "../../scripts/setup.mjs";
import { Failure, main, program as binary, root, runNode } from "../../scripts/toolchain.mjs";
import { startSandbox } from "../package/servers.mjs";
import { entries, page, pageScript, program } from "./program.mjs";
import { createProject, pack, serveFolder, visit } from "./project.mjs";

const atOnce = 2;

/** Every tool of the files beside. */
export async function allTools() {
  const folder = join(import.meta.dirname, "tools");
  const files = readdirSync(folder).sort();
  const modules = await Promise.all(files.map((file) => import(join(folder, file))));
  return modules.flatMap((module) => module.default);
}

/** Runs tools; gives a row for each of them, way and entry. */
export async function runMatrix(tools) {
  const tarball = await pack();
  const node = await createProject("node", {}, tarball);
  const sandbox = await startSandbox(node);
  const browser = await openBrowser();
  try {
    await node.write("main.mjs", `${program(entries[0])}\nconsole.log(await program());`);
    const expected = (await node.run(process.execPath, "main.mjs")).trim();
    const waiting = [...tools];
    const rows = new Map();
    const worker = async () => {
      for (let tool = waiting.shift(); tool; tool = waiting.shift()) {
        rows.set(tool, await runTool(tool, { tarball, browser, sandbox, expected }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return tools.flatMap((tool) => rows.get(tool));
  } finally {
    await sandbox.stop();
    await browser.close();
  }
}

async function runTool(tool, { tarball, browser, sandbox, expected }) {
  const { name, title, packages = {}, ways } = tool;
  const row = (way, entry, rest) => {
    const done = { title, way, entry, configuration: "", ...rest };
    const mark = done.result === "✓" ? "✓" : "✗";
    console.log(`${mark} ${name} ${way} ${entry}${mark === "✗" ? `: ${done.result}` : ""}`);
    return done;
  };
  let project, version;
  try {
    project = await createProject(name, packages, tarball);
    version = tool.version ? await tool.version(project) : await project.version(tool.package);
  } catch (error) {
    const result = `cannot be installed: ${firstLine(error)}`;
    const [only = "–"] = tool.entries ?? [];
    return Object.keys(ways).map((way) => row(way, only, { version: "–", result }));
  }
  const rows = [];
  for (const entry of tool.entries ?? entries) {
    await project.write("program.js", program(entry));
    await project.write("main.js", pageScript);
    await project.write("index.html", page("./main.js"));
    for (const [way, run] of Object.entries(ways)) {
      const configuration = tool.configuration?.(entry, way) || "";
      const surroundings = {
        entry,
        sandbox,
        visit: (url) => visit(browser, url),
        /** Serves a folder of the project and visits it. */
        async look(folder, headers) {
          const site = await serveFolder(project.path(folder), headers);
          try {
            return await visit(browser, `${site.url}/index.html`);
          } finally {
            await site.close();
          }
        },
      };
      let result = "✓";
      try {
        const outcome = String(await run(project, surroundings)).trim();
        if (outcome !== expected) result = `says ${outcome.slice(0, 200)}`;
      } catch (error) {
        result = firstLine(error);
        if (process.env.MATRIX_VERBOSE) console.error(error);
      }
      rows.push(row(way, entry, { version, configuration, result }));
    }
  }
  return rows;
}

const firstLine = (error) =>
  error.message
    .split("\n")
    .filter((line) => /\S/.test(line) && !/^(exit code|npm warn)/.test(line))
    .slice(0, 2)
    .join(" ")
    .replaceAll(root, "…")
    .replace(/https?:\/\/\S+/g, "…")
    .slice(0, 200);

/** Puts the tables between their marks: of what pages load in docs/loading.md, of recipes in docs/server.md. */
async function writeTables(rows) {
  const isRecipe = ({ entry }) => entry === "byrobot-calls/server";
  await writeTable("loading", "matrix", loadingTable(rows.filter((row) => !isRecipe(row))));
  const recipes = rows
    .filter(isRecipe)
    .map(({ title, version, result }) => [title, version, result]);
  await writeTable("server", "recipes", [["Recipe", "Version", "Result"], ...recipes]);
}

/** The names in an entry, each as code. */
const inCode = (entry) => entry.replace(/[^ ,]+/g, "`$&`");

function loadingTable(rows) {
  const header = ["Tool", "Version", "How", ...entries.map(inCode)];
  const cell = ({ result, configuration }) =>
    configuration ? `${result} (${configuration})` : result;
  const lines = new Map();
  for (const row of rows) {
    const start = [row.title, row.version, row.way];
    const line = lines.get(start.join()) ?? [...start, ...entries.map(() => "")];
    // What could not be installed has no entry of its own.
    const places = entries.includes(row.entry) ? [entries.indexOf(row.entry)] : entries.keys();
    for (const place of places) line[start.length + place] = cell(row);
    lines.set(start.join(), line);
  }
  return [header, ...lines.values()];
}

async function writeTable(document, mark, [header, ...lines]) {
  const file = join(root, `docs/${document}.md`);
  const table = [header, header.map(() => "---"), ...lines].map(
    (texts) => `| ${texts.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`,
  );
  const marks = new RegExp(`(<!-- ${mark} -->\n)[^]*(<!-- /${mark} -->)`);
  const text = readFileSync(file, "utf8").replace(
    marks,
    (_, begin, end) => `${begin}\n${table.join("\n")}\n\n${end}`,
  );
  writeFileSync(file, text);
  await runNode(binary("prettier"), ["--write", "--log-level", "warn", file]);
}

await main(import.meta.url, async (named) => {
  await setup();
  await build();
  const tools = await allTools();
  const chosen = tools.filter(({ name }) => named.length === 0 || named.includes(name));
  if (chosen.length === 0) {
    throw new Failure(`no such tool; there are ${tools.map(({ name }) => name).join(", ")}`);
  }
  const rows = await runMatrix(chosen);
  if (named.length === 0) await writeTables(rows);
  const failed = rows.filter(({ result }) => result !== "✓");
  console.log(`${rows.length - failed.length} of ${rows.length} work`);
  if (failed.length > 0) throw new Failure(`${failed.length} of the matrix do not work`);
});
