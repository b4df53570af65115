// A panic in the WebAssembly module: nobody hangs, the client that was in use is spent, a new one works.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { root, wasmEnvironment } from "../../scripts/toolchain.mjs";

const folder = mkdtempSync(join(tmpdir(), "byrobot-panic-"));
after(() => rmSync(folder, { recursive: true }));

/** The package's own TypeScript round a module that has one more function. */
before(async () => {
  const env = { ...process.env, ...wasmEnvironment() };
  const run = (command, args) => {
    const { status, stderr } = spawnSync(command, args, { cwd: root, env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  const target = "wasm32-unknown-unknown";
  const crate = ["--crate-type", "cdylib", "-p", "byrobot-panic"];
  run("cargo", ["rustc", "--lib", "--release", "--target", target, ...crate]);
  const compiled = join(env.CARGO_TARGET_DIR, target, "release/byrobot_panic.wasm");
  const options = ["--target", "web", "--omit-default-module-path", "--out-dir", folder];
  run("wasm-bindgen", [...options, compiled]);
  const wasm = join(folder, "byrobot_panic_bg.wasm");
  run(process.execPath, [join(root, "scripts/inline.mjs"), wasm, folder]);
  await build({
    stdin: {
      contents: `export * from "./inlined.js"; export { panicSoon } from "#glue";`,
      resolveDir: join(root, "pkg/src"),
    },
    alias: { "#glue": join(folder, "byrobot_panic.js"), "#inline": join(folder, "inline.js") },
    bundle: true,
    // "sideEffects" in package.json speaks of what is built, not of these sources.
    ignoreAnnotations: true,
    format: "esm",
    logLevel: "error",
    outfile: join(folder, "package.mjs"),
  });
});

test("a panic rejects everything in flight, spends the client, and a new client works", async () => {
  writeFileSync(
    join(folder, "program.mjs"),
    `import { ByrobotClient, isByrobotError, panicSoon } from "./package.mjs";
    process.on("uncaughtException", () => {}); // the trap itself
    const outcome = (promise) => promise.then(() => "resolved", (error) => [
      isByrobotError(error) && error instanceof Error, error.code, error.message ]);
    const answer = async () => new Response('{"code":200,"data":[]}');
    const used = new ByrobotClient({ fetch: () => new Promise(() => {}) });
    const waiting = [outcome(used.getTasks({ companyId: 1 })), outcome(used.phoneLogInfo({ callInstanceId: 1 }))];
    const panicked = outcome(panicSoon());
    const seen = { waiting: await Promise.all(waiting), panicked: await panicked };
    await new Promise((done) => setTimeout(done, 20));
    seen.fresh = await new ByrobotClient({ fetch: answer }).getTasks({ companyId: 1 });
    seen.spent = await outcome(used.getTasks({ companyId: 1 }));
    console.log(JSON.stringify(seen));
    process.exit();`,
  );
  const child = spawn(process.execPath, [join(folder, "program.mjs")], { timeout: 20_000 });
  let output = "";
  let printed = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (printed += data));
  await new Promise((done) => child.on("close", done));
  assert.notEqual(output, "", printed);
  const { waiting, panicked, fresh, spent } = JSON.parse(output);
  for (const [real, code, message] of [...waiting, panicked]) {
    assert.deepEqual([real, code], [true, "internal"]);
    assert.match(message, /please report this.*on purpose/s);
  }
  assert.match(printed, /byrobot-calls failed.*on purpose/s);
  assert.deepEqual(fresh.list, []);
  assert.deepEqual(spent.slice(0, 2), [true, "internal"]);
  assert.match(spent[2], /make a new one/);
});
