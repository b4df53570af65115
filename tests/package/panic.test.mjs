// Failures of the WebAssembly module by a panic or a trap: pending promises reject, old objects are unusable and can be
// freed, new ones work. Not here: failed allocations (memory.test.mjs).
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { openOldChromium } from "../../scripts/browser.mjs";
import { completeGlue } from "../../scripts/glue.mjs";
import { root, wasmEnvironment } from "../../scripts/toolchain.mjs";
import { serve } from "./servers.mjs";

const folder = mkdtempSync(join(tmpdir(), "byrobot-panic-"));
after(() => rmSync(folder, { recursive: true }));

/** The package's own TypeScript round a module that has one more function. */
before(async () => {
  const forWasm = { ...process.env, ...wasmEnvironment() };
  const run = (command, args, env = forWasm) => {
    const { status, stderr } = spawnSync(command, args, { cwd: root, env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  const target = "wasm32-unknown-unknown";
  const crate = ["--crate-type", "cdylib", "-p", "byrobot-panic"];
  run("cargo", ["rustc", "--lib", "--release", "--target", target, ...crate]);
  const compiled = join(forWasm.CARGO_TARGET_DIR, target, "release/byrobot_panic.wasm");
  const options = ["--target", "web", "--omit-default-module-path", "--out-dir", folder];
  run("wasm-bindgen", [...options, compiled]);
  completeGlue(join(folder, "byrobot_panic.js"));
  appendFileSync(join(folder, "byrobot_panic.js"), "export const moduleId = undefined;\n");
  const wasm = join(folder, "byrobot_panic_bg.wasm");
  // It compiles what packs, for this machine.
  run(process.execPath, [join(root, "scripts/inline.mjs"), wasm, folder], process.env);
  await build({
    stdin: {
      contents: `export * from "./entry/inlined.js";
        import { failSoon as soon } from "#glue";
        import { settled } from "./wasm/instance.js";
        export { failNow } from "#glue";
        export const failSoon = (way) => settled(() => soon(way));`,
      resolveDir: join(root, "pkg/src"),
    },
    alias: { "#glue": join(folder, "byrobot_panic.js"), "#inline": join(folder, "inline.js") },
    define: { WASM_FILE: '"./byrobot_panic.wasm"' },
    bundle: true,
    // "sideEffects" in package.json speaks of what is built, not of these sources.
    ignoreAnnotations: true,
    format: "esm",
    logLevel: "error",
    outfile: join(folder, "package.mjs"),
  });
});

/** Runs a program with the package, and gives what it prints as JSON. */
async function run(code) {
  const file = join(folder, "program.mjs");
  writeFileSync(
    file,
    `import { ByrobotClient, CallTable, failNow, failSoon, isByrobotError } from "./package.mjs";
    const uncaught = [];
    for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => uncaught.push(String(error)));
    const told = (error) => [isByrobotError(error) && error instanceof Error, error.code, error.message];
    const outcome = (promise) => promise.then(() => "resolved", told);
    const attempt = (action) => { try { return action() ?? "done"; } catch (error) { return told(error); } };
    const never = () => new Promise(() => {});
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const call = JSON.stringify({ code: 200, data: [{ callInstanceId: 1 }] });
    ${code}
    console.log(JSON.stringify({ ...seen, uncaught }));
    process.exit();`,
  );
  const child = spawn(process.execPath, [file], { timeout: 60_000 });
  let output = "";
  let printed = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (printed += data));
  await new Promise((done) => child.on("close", done));
  assert.notEqual(output, "", printed);
  return { ...JSON.parse(output), printed };
}

/** What each way to fail says of itself. */
const ways = {
  panic: /on purpose/,
  abort: /unreachable/,
  memory: /unreachable/,
  stack: /call stack|out of bounds|recursion/,
};

for (const [way, words] of Object.entries(ways)) {
  test(`${way}: pending promises reject, old objects are unusable, new ones work`, async () => {
    const seen = await run(`
      const client = new ByrobotClient({ fetch: never, timeout: 50 });
      const table = new CallTable();
      table.ingest(call);
      const view = table.where({});
      const charts = table.linked({ all: { statistics: true } });
      const pages = client.doneCalls({ callJobId: 1 })[Symbol.asyncIterator]();
      const waiting = [
        client.getTasks({ companyId: 1 }),
        pages.next(),
        client.syncDoneCalls(new CallTable(), { callJobId: 1 }),
        failSoon("${way}"),
      ];
      const seen = { waiting: await Promise.all(waiting.map(outcome)) };
      // Longer than the time limit of the client that has failed.
      await pause(100);
      seen.spent = [
        await outcome(client.getTasks({ companyId: 1 })),
        await outcome(client.syncDoneCalls(table, { callJobId: 1 })),
        attempt(() => table.ingest(call)),
        attempt(() => table.length),
        attempt(() => table.statistics()),
        attempt(() => table.snapshot()),
        attempt(() => view.rows()),
        attempt(() => charts.read()),
        attempt(() => client.tasks({ companyId: 1 })),
      ];
      const answer = async () => new Response('{"code":200,"data":[]}');
      seen.fresh = (await new ByrobotClient({ fetch: answer }).getTasks({ companyId: 1 })).list;
      const other = new CallTable();
      other.ingest(call);
      seen.freed = [charts, view, table, table].map((one) => attempt(() => one.free()));
      seen.disposed = attempt(() => view[Symbol.dispose]());
      seen.other = [other.length, other.rows()[0].callInstanceId];`);
    for (const [real, code, message] of seen.waiting) {
      assert.deepEqual([real, code], [true, "internal"]);
      assert.match(message, /please report this/);
      assert.match(message, words);
    }
    for (const [real, code, message] of seen.spent) {
      assert.deepEqual([real, code], [true, "internal"]);
      assert.match(message, /make a new one/);
    }
    assert.deepEqual(seen.fresh, []);
    assert.deepEqual(seen.freed, ["done", "done", "done", "done"]);
    assert.equal(seen.disposed, "done");
    assert.deepEqual(seen.other, [1, 1]);
    assert.deepEqual(seen.uncaught, []);
    if (way === "panic") assert.match(seen.printed, /byrobot-calls failed.*on purpose/s);
  });

  test(`${way}: a failure during a call is thrown by the call`, async () => {
    const seen = await run(`
      const client = new ByrobotClient({ fetch: never });
      const waiting = outcome(client.getTasks({ companyId: 1 }));
      const seen = { thrown: attempt(() => failNow("${way}")), waiting: await waiting };
      seen.next = new CallTable().length;`);
    for (const [real, code, message] of [seen.thrown, seen.waiting]) {
      assert.deepEqual([real, code], [true, "internal"]);
      assert.match(message, words);
    }
    assert.equal(seen.next, 0);
    assert.deepEqual(seen.uncaught, []);
  });
}

test("after a failure init makes a new instance, where the main thread cannot make one synchronously", async () => {
  const site = await serve(async ({ url }) =>
    url === "/package.mjs"
      ? { headers: { "content-type": "text/javascript" }, body: readFileSync(join(folder, url)) }
      : { headers: { "content-type": "text/html" }, body: "<!doctype html>" },
  );
  const browser = await openOldChromium("114.0.0");
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/page.html`);
    const [panicked, refused, fresh] = await page.evaluate(async () => {
      const { ByrobotClient, init, failSoon } = await import("/package.mjs");
      const fetch = async () => new Response('{"code":200,"data":[]}');
      const ask = () => new ByrobotClient({ fetch }).getTasks({ companyId: 1 });
      await init();
      const outcomes = [await failSoon("panic").catch(({ code }) => code)];
      try {
        outcomes.push(await ask());
      } catch ({ code, message }) {
        outcomes.push([code, message]);
      }
      await Promise.all([init(), init()]);
      return [...outcomes, await ask()];
    });
    assert.equal(panicked, "internal");
    assert.equal(refused[0], "internal");
    assert.match(refused[1], /call `await init\(\)` first/);
    assert.deepEqual(fresh.list, []);
  } finally {
    await browser.close();
    await site.close();
  }
});
