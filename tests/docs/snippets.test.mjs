// Every example in the READMEs, the guides and the comments of declarations: it compiles under `strict` against the
// packed package, and it runs in Chromium on a sandbox, or in Node if it uses modules of Node or the package's server.
// A comment `// → …` states the printed output. Commands of the package run, too.
import assert from "node:assert/strict";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { openBrowser } from "../../scripts/browser.mjs";
import { ended, install, root } from "../package/installation.mjs";
import { startSandbox } from "../package/servers.mjs";
import { blocksOf, documents, read } from "./documents.mjs";
import { serveSite } from "./site.mjs";
import { compile, snippetsOf, snippetsOfDeclarations } from "./snippets.mjs";

const snippets = [...snippetsOf(documents), ...snippetsOfDeclarations()];
const isForNode = ({ code }) =>
  /from "(node:.*|.*\/node|byrobot-calls\/server)"|\bprocess\./.test(code);

/** The sandbox's, in the environment of what signs. */
const keys = {
  BYROBOT_APP_KEY: "DemoAppKey000000",
  BYROBOT_APP_SECRET: "DemoAppSecret0000000000000000",
};

let project, sandbox, said;
before(async () => {
  project = await install();
  await cp(join(import.meta.dirname, "stage.ts"), project.path("stage.ts"));
  sandbox = await startSandbox(project, []);
  said = await compile(project, snippets);
});
after(async () => {
  await sandbox?.stop();
  await project?.remove();
});

/** Waits until everything is printed that a snippet says it prints, in that order. */
async function prints({ code }, lines) {
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text);
  const missing = () => {
    let from = 0;
    return expected.find((text) => {
      const at = lines.indexOf(text, from);
      from = at + 1;
      return at < 0;
    });
  };
  for (let waits = 0; waits < 100 && missing() !== undefined; waits += 1) {
    await new Promise((wait) => setTimeout(wait, 100));
  }
  assert.equal(missing(), undefined, `it printed:\n${lines.join("\n")}`);
}

test("every example compiles", () => assert.equal(said, ""));

test("no example is left out unseen", () => {
  for (const document of documents) {
    const fences = read(document).match(/^[ \t]*(```|~~~)/gm) ?? [];
    const blocks = blocksOf(read(document));
    assert.equal(blocks.length, fences.length / 2, document);
    // Other names of the languages that are looked for.
    for (const { language } of blocks)
      assert.doesNotMatch(language, /script|^[cm][jt]s$|^jsx$|^bash$/);
  }
});

describe("in a page", () => {
  let site, browser;
  before(async () => {
    site = await serveSite(project, sandbox);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const snippet of snippets.filter((one) => one.isRun && !isForNode(one))) {
    test(snippet.title, async () => {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        const lines = [];
        const complaints = [];
        page.on("console", (message) => {
          (message.type() === "error" ? complaints : lines).push(message.text());
        });
        page.on("pageerror", (error) => complaints.push(String(error)));
        await page.goto(`${site.url}/blank`);
        await page.evaluate((file) => import(file).then(() => {}), `/${snippet.file}`);
        await prints(snippet, lines);
        assert.deepEqual(complaints, []);
      } finally {
        await context.close();
      }
    });
  }
});

describe("in Node", () => {
  // What listens gets a port that is free, and keeps no process waiting.
  const anyPort = `
    import { Server } from "node:net";
    const { listen } = Server.prototype;
    Server.prototype.listen = function (...args) {
      return listen.call(this, 0, ...args.filter((one) => typeof one === "function")).unref();
    };
  `;
  before(() => project.write("any-port.mjs", anyPort));

  for (const snippet of snippets.filter((one) => one.isRun && isForNode(one))) {
    test(snippet.title, async () => {
      const file = `out/${snippet.file.replace(/\.tsx?$/, ".js")}`;
      const env = { BYROBOT_URL: sandbox.url, ...keys };
      const command = ["--import", "./any-port.mjs", file];
      const child = project.start(process.execPath, command, { env, timeout: 60_000 });
      const { code, stdout, stderr } = await ended(child);
      assert.equal(code, 0, stderr);
      await prints(snippet, stdout.split("\n"));
    });
  }
});

describe("a command", () => {
  const lines = documents.flatMap((document) =>
    blocksOf(read(document))
      .filter(({ language, isRun }) => language === "sh" && isRun)
      .flatMap(({ code }) => code.split("\n")),
  );
  const commands = [...new Set(lines.map((line) => line.replace(/\s+#.*/, "")))];

  for (const command of commands.filter((line) => /^npx byrobot-calls\b/.test(line))) {
    test(command, async () => {
      const program = `"${process.execPath}" node_modules/byrobot-calls/dist/cli.js`;
      const line = `exec ${command.replace(/^npx byrobot-calls/, program)} --port 0`;
      const child = project.start("/bin/sh", ["-c", line], { env: keys });
      const end = ended(child);
      const [first] = await Promise.race([
        once(child.stdout, "data"),
        end.then(({ stderr }) => assert.fail(stderr)),
      ]);
      assert.match(String(first), /http:\/\/127\.0\.0\.1:\d+/);
      child.kill();
      assert.equal((await end).code, 0);
    });
  }

  for (const command of commands.filter((line) => /^npm (start|test|run)\b/.test(line))) {
    test(command, () => {
      const [, first, second] = command.split(" ");
      const { scripts } = JSON.parse(read("package.json"));
      assert.ok((first === "run" ? second : first) in scripts, command);
    });
  }
});
