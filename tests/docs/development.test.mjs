// The steps of docs/development.md: the sandbox that checks signatures, the proxy, the development server, the page.
// Commands, configurations and code are those of the guide; only ports are replaced by free ones.
import assert from "node:assert/strict";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createServer } from "vite";
import { openBrowser } from "../../scripts/browser.mjs";
import { ended, install } from "../package/installation.mjs";
import { blocksOf, read, rowsOf } from "./documents.mjs";
import { compile, snippetsOf } from "./snippets.mjs";

const document = "docs/development.md";
const guide = read(document);
const keys = Object.fromEntries(
  [...guide.match(/^export (.*)$/m)[1].matchAll(/(\w+)=(\w+)/g)].map(([, name, key]) => [
    name,
    key,
  ]),
);
/** The command of the guide that begins like this. */
const commandOf = (start) =>
  guide.split("\n").find((line) => line.startsWith(`npx byrobot-calls ${start}`));
/** The block whose first line names this file. */
const fileOf = (name) => blocksOf(guide).find(({ code }) => code.startsWith(`// ${name}\n`)).code;

let project, sandbox, browser;
before(async () => {
  project = await install();
  await cp(join(import.meta.dirname, "stage.ts"), project.path("stage.ts"));
  const page = snippetsOf([document]).find(({ file }) => file.endsWith("/main.ts"));
  assert.equal(await compile(project, [page]), "");
  await project.write("index.html", `<link rel="icon" href="data:,">`);
  sandbox = await started(commandOf("sandbox"), {});
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await sandbox?.stop();
  await project?.remove();
});

/** Runs a command of the guide on a free port; resolves when it says where it listens. */
async function started(command, env) {
  const program = `"${process.execPath}" node_modules/byrobot-calls/dist/cli.js`;
  const line = command.replace(/^npx byrobot-calls/, program);
  const child = project.start("/bin/sh", ["-c", `exec ${line} --port 0`], { env });
  const end = ended(child);
  const [said] = await Promise.race([
    once(child.stdout, "data"),
    end.then(({ stderr }) => assert.fail(stderr)),
  ]);
  const [url] = String(said).match(/http:\/\/127\.0\.0\.1:\d+/);
  return { url, stop: () => (child.kill(), end) };
}

/** What the guide's page prints, served by Vite with a configuration of the guide's. */
async function printed(configuration, port, url) {
  const text = fileOf(configuration).replaceAll(`http://127.0.0.1:${port}`, url);
  assert.ok(text.includes(url));
  await project.write(configuration, text);
  const server = await createServer({
    root: project.folder,
    configFile: project.path(configuration),
    logLevel: "error",
    optimizeDeps: { noDiscovery: true },
    server: { host: "127.0.0.1", port: 0, hmr: false, ws: false, watch: null },
  });
  const context = await browser.newContext();
  try {
    await server.listen();
    const page = await context.newPage();
    const lines = [];
    page.on("console", (message) => lines.push(message.text()));
    await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/`);
    await page.evaluate((file) => import(file).then(() => {}), "/docs-development-md/main.ts");
    return lines;
  } finally {
    await context.close();
    await server.close();
  }
}

const expected = [...fileOf("main.ts").matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);

/** Every check of the diagnosis passes, and the page prints what the guide says. */
function assertPrinted(lines) {
  const checks = lines.filter((line) => /^(true|false) /.test(line));
  assert.ok(checks.length > 0);
  assert.deepEqual(
    checks.filter((line) => line.startsWith("false")),
    [],
  );
  assert.deepEqual(lines.slice(-expected.length), expected);
}

describe("the chain", () => {
  let proxy;
  before(async () => {
    const command = commandOf("proxy --upstream").replaceAll("http://127.0.0.1:8787", sandbox.url);
    proxy = await started(command, keys);
  });
  after(() => proxy?.stop());

  test("a page gets tasks, masked numbers and recordings through the proxy", async () =>
    assertPrinted(await printed("vite.config.js", 8788, proxy.url)));

  test("the sandbox refuses a request without a signature", async () => {
    const answer = await fetch(`${sandbox.url}/openapi/v1/task/getTasks?companyId=1`);
    assert.equal((await answer.json()).code, 401);
  });
});

test("with Vite's plugin a page gets the same answers", async () => {
  Object.assign(process.env, keys);
  try {
    assertPrinted(await printed("vite.plugin.js", 8787, sandbox.url));
  } finally {
    for (const name of Object.keys(keys)) delete process.env[name];
  }
});

test("has a row for every option of the proxy", async () => {
  const cli = ["node_modules/byrobot-calls/dist/cli.js", "proxy", "--help"];
  const { stdout } = await project.run(process.execPath, cli);
  const options = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, name]) => name);
  assert.ok(options.length > 5);
  const rows = rowsOf(guide).map(([option]) => option.match(/^`(\S+?)[ `]/)[1]);
  assert.deepEqual(
    options.filter((option) => !rows.includes(option)),
    [],
  );
});
