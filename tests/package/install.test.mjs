// `npm install byrobot-calls`: the contents of the tarball, the entry points in Node, and the command line.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { install, root, successful, wasmIn } from "./installation.mjs";
import { startSandbox, world } from "./servers.mjs";

let project;
before(async () => {
  const program = { file: join(import.meta.dirname, "program.mjs"), as: "program.mjs" };
  project = await install([program]);
});
after(() => project?.remove());

const installed = (name) => project.path("node_modules/byrobot-calls", name);

describe("the tarball", () => {
  test("holds the built package, its documents and its licences, and nothing else", async (t) => {
    const { files, size, unpackedSize } = project.packed;
    const names = files.map(({ path }) => path);
    const documents = [
      ...["README.md", "README.zh-CN.md", "llms.txt", "LICENSE-MIT", "LICENSE-APACHE"],
      ...(await readdir(join(root, "docs")))
        .filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name}`),
    ];
    const entries = targets(JSON.parse(await readFile(installed("package.json"), "utf8")));
    const wanted = [
      "package.json",
      ...entries.map((file) => file.slice("./".length)),
      ...["dist/cli.js", "dist/cjs/package.json"],
      ...documents,
    ];
    const parts = /^dist\/(shared-\w+\.js|(cjs\/)?([a-z]+\/)*[a-z-]+\.d\.ts)$/;
    const others = names.filter((name) => !wanted.includes(name) && !parts.test(name));
    assert.deepEqual(others, [], "files nobody asked for");
    assert.deepEqual(
      wanted.filter((name) => !names.includes(name)),
      [],
      "files that are missing",
    );
    const inside = /(cli\/\w+|inline|instance|settings)\.d\.ts$/;
    assert.deepEqual(
      names.filter((name) => inside.test(name)),
      [],
      "declarations that no entry leads to",
    );
    t.diagnostic(`${names.length} files, ${size} bytes packed, ${unpackedSize} bytes installed`);
  });

  test("does not name a folder of the machine that built it", async () => {
    const texts = await Promise.all(
      project.packed.files.map(async ({ path }) => [path, await readFile(installed(path))]),
    );
    const modules = wasmIn(texts.filter(([path]) => path.endsWith(".js")));
    // Each of the three modules is in a script with what unpacks it; the sandbox's is with the first, and once more for
    // `require`.
    assert.equal(modules.length, 9);
    const folders = [root, homedir(), process.env.CARGO_HOME, project.folder].filter(Boolean);
    const told = [...texts, ...modules].flatMap(([name, bytes]) => {
      const text = bytes.toString("latin1");
      const paths = text.match(/\/(?:home|root|Users)\/[\w./-]*/g) ?? [];
      return [...paths, ...folders.filter((folder) => text.includes(folder))].map(
        (path) => `${name}: ${path}`,
      );
    });
    assert.deepEqual(told, []);
  });

  test("has one version", async () => {
    const { version } = JSON.parse(await readFile(installed("package.json"), "utf8"));
    const cargo = await readFile(join(root, "Cargo.toml"), "utf8");
    assert.equal((await project.import()).version, version);
    assert.equal(cargo.match(/^\[workspace\.package\]\nversion = "(.+)"/m)[1], version);
  });
});

/** Every file that package.json's `exports` lead to. */
const targets = ({ exports }) =>
  Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : targets({ exports: target }),
  );

describe("in Node", () => {
  /** Says, after `code`, what of the outside world has been used so far. */
  const watching = (code) => `
    const used = {};
    const count = (name) => (used[name] = (used[name] ?? 0) + 1);
    const watch = (object, name, called) => {
      const original = object[name];
      const watched = new Proxy(original, {
        apply: (...call) => (count(called), Reflect.apply(...call)),
        construct: (...call) => (count(called), Reflect.construct(...call)),
      });
      Object.defineProperty(object, name, { get: () => watched, configurable: true });
    };
    for (const name of Object.getOwnPropertyNames(WebAssembly)) {
      if (typeof WebAssembly[name] === "function") watch(WebAssembly, name, name);
    }
    const globals = ["fetch", "atob", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"];
    for (const name of globals) watch(globalThis, name, name);
    const before = Object.getOwnPropertyNames(globalThis);
    ${code}
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    console.log(JSON.stringify({ used, added }));
  `;
  const use = async (code) =>
    JSON.parse((await successful(project.evaluate(watching(code)))).stdout);

  test("an import compiles nothing", async () => {
    const code = `
      import { createRequire } from "node:module";
      for (const name of ["window", "document", "location", "navigator", "indexedDB", "localStorage"]) {
        const get = () => count(name);
        Object.defineProperty(globalThis, name, { get, configurable: true });
      }
      before.push(...Object.getOwnPropertyNames(globalThis));
      for (const name of ["", "/client", "/table", "/streaming", "/sandbox"].map((name) => "byrobot-calls" + name)) {
        await import(name);
        createRequire(process.cwd() + "/here.js")(name);
      }`;
    assert.deepEqual(await use(code), { used: {}, added: [] });
  });

  for (const [entry, first] of [
    ["byrobot-calls", "ByrobotClient"],
    ["byrobot-calls/client", "ByrobotClient"],
    ["byrobot-calls/table", "CallTable"],
  ]) {
    test(`the first use compiles the module synchronously: ${entry}`, async () => {
      const code = `
        const { ${first}, label } = await import("${entry}");
        new ${first}();
        new ${first}();
        label("finishStatus", 0);
      `;
      const { used, added } = await use(code);
      assert.deepEqual(used, { atob: 2, Module: 2, Instance: 2 });
      assert.deepEqual(added, []);
    });

    test(`without WebAssembly the error says so: ${entry}`, async () => {
      const { stdout } = await project.evaluate(`
        import { ${first}, init, isByrobotError } from "${entry}";
        delete globalThis.WebAssembly;
        const told = (error) => [isByrobotError(error), error instanceof Error, error.code, error.message];
        try { new ${first}(); } catch (error) { console.log(JSON.stringify(told(error))); }
        await init().catch((error) => console.log(JSON.stringify(told(error))));
      `);
      const [thrown, rejected] = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.deepEqual(thrown.slice(0, 3), [true, true, "internal"]);
      assert.match(thrown[3], /no WebAssembly/);
      assert.deepEqual(rejected, thrown);
    });
  }

  test("the five calls of byrobot-calls/client have the answers of byrobot-calls", async (t) => {
    const { createSandbox } = await project.import("byrobot-calls/sandbox");
    const text = await readFile(project.path("program.mjs"), "utf8");
    await project.write("client.mjs", text.replace('"byrobot-calls"', '"byrobot-calls/client"'));
    const said = [];
    for (const file of ["program.mjs", "client.mjs"]) {
      const { fiveCalls } = await import(project.path(file));
      const sandbox = await createSandbox(world);
      t.after(() => sandbox.free());
      said.push(await fiveCalls({ fetch: sandbox.fetch, baseUrl: "https://sandbox.test" }));
    }
    assert.deepEqual(said[1], said[0]);
  });

  test("the five calls have the same answers in this process and over HTTP", async (t) => {
    const { createSandbox } = await project.import("byrobot-calls/sandbox");
    const { fiveCalls } = await import(project.path("program.mjs"));
    const sandbox = await createSandbox(world);
    const here = await fiveCalls({ fetch: sandbox.fetch, baseUrl: "https://sandbox.test" });
    assert.ok(here.answered > 0 && here.waiting > 0 && here.lines.length > 0);
    assert.equal(here.state, "running");
    assert.equal(here.end, "已接");
    sandbox.free();

    const server = await startSandbox(project);
    t.after(() => server.stop());
    const started = Date.now();
    const { stdout } = await successful(project.run("node", ["program.mjs", server.url]));
    assert.deepEqual(JSON.parse(stdout), here);
    // A timer or a socket left behind would have kept the process alive for its 60 seconds.
    assert.ok(Date.now() - started < 20_000, "the process did not end by itself");
  });

  test("after a call no timer is left", async () => {
    const { stdout } = await successful(
      project.evaluate(`
        import { ByrobotClient } from "byrobot-calls";
        const fetch = async () => new Response('{"code":200,"data":[]}');
        const client = new ByrobotClient({ fetch, totalTimeout: 60_000 });
        await client.getTasks({ companyId: 1 });
        console.log(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);
      `),
    );
    assert.equal(stdout.trim(), "0");
  });

  test("in a worker thread", async () => {
    await project.write(
      "worker.mjs",
      `import { parentPort } from "node:worker_threads";
       import { createSandbox } from "byrobot-calls/sandbox";
       import { fiveCalls } from "./program.mjs";
       const { fetch } = await createSandbox(${JSON.stringify(world)});
       parentPort.postMessage(await fiveCalls({ fetch, baseUrl: "https://sandbox.test" }));`,
    );
    const { stdout } = await successful(
      project.evaluate(`
        import { Worker } from "node:worker_threads";
        const worker = new Worker("./worker.mjs", { execArgv: [] });
        worker.on("message", (outcome) => console.log(JSON.stringify(outcome)));
      `),
    );
    assert.ok(JSON.parse(stdout).lines.length > 0);
  });
});

describe("the command line", () => {
  const cli = (...args) => project.run("npx", ["--offline", "byrobot-calls", ...args]);

  test("prints help and version", async () => {
    const [help, sandboxHelp, proxyHelp, version] = await Promise.all([
      successful(cli("--help")),
      successful(cli("sandbox", "--help")),
      successful(cli("proxy", "--help")),
      successful(cli("--version")),
    ]);
    assert.match(help.stdout, /byrobot-calls sandbox/);
    assert.match(help.stdout, /byrobot-calls proxy/);
    assert.match(sandboxHelp.stdout, /--port/);
    assert.match(proxyHelp.stdout, /BYROBOT_APP_SECRET/);
    assert.equal(version.stdout.trim(), project.packed.version);
  });

  for (const [mistake, ...args] of [
    ["a command is missing"],
    ["there is no command sanbdox", "sanbdox"],
    ["--porrt", "sandbox", "--porrt", "0"],
    ["--port must be", "sandbox", "--port", "http"],
    ["--port must be", "sandbox", "--port", "65536"],
    ["--tasks must be", "sandbox", "--tasks=-3"],
    ["--now must be", "sandbox", "--now", "yesterday"],
    ["--latency must be", "sandbox", "--latency", "200-50"],
    ["surplus", "sandbox", "surplus"],
    ["BYROBOT_APP_KEY is not in the environment", "proxy"],
    ["from the environment alone", "proxy", "--app-secret", "x"],
    ["from the environment alone", "proxy", "--app-key=x"],
    ["from the environment alone", "proxy", "--token", "x"],
    ["from the environment alone", "sandbox", "--app-secret", "x"],
    ["from the environment alone", "sandbox", "--app-key=x"],
    ["--prot", "proxy", "--prot", "0"],
    ["tasks", "sandbox", "--port", "0", "--tasks", "501"],
  ]) {
    test(`byrobot-calls ${args.join(" ")}`.trim(), async () => {
      const { code, stdout, stderr } = await project.run(process.execPath, [
        installed("dist/cli.js"),
        ...args,
      ]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.ok(stderr.startsWith("byrobot-calls: ") && stderr.includes(mistake), stderr);
      assert.doesNotMatch(stderr, /^\s+at /m, "a stack is of no use at a terminal");
    });
  }

  test("a port that is in use is reported; a signal stops the sandbox", async (t) => {
    const command = [installed("dist/cli.js"), "sandbox", "--tasks", "1", "--port"];
    const child = project.start(process.execPath, [...command, "0"]);
    t.after(() => child.kill("SIGKILL"));
    const said = await new Promise((resolve) => child.stdout.once("data", resolve));
    const { port } = new URL(String(said).match(/http:\S+/)[0]);
    const second = await project.run(process.execPath, [...command, port]);
    assert.equal(second.code, 2);
    assert.match(second.stderr, /port \d+ is in use/);
    const end = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    assert.equal(await end, 0);
  });
});
