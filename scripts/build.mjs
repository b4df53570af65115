// Builds the npm package: `pkg/` is ready for `npm pack` afterwards. Skips each crate, and the JavaScript part, if none
// of its sources has changed.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { tidyDeclarations } from "./declarations.mjs";
import { completeGlue } from "./glue.mjs";
import { setup } from "./setup.mjs";
import { optimise } from "./shorten.mjs";
import {
  lockedVersion,
  main,
  program,
  root,
  run,
  runNode,
  wasmEnvironment,
  wasmTarget,
} from "./toolchain.mjs";

/**
 * The WebAssembly modules, by the name of wasm, glue and folder; TypeScript knows them by the aliases in
 * pkg/tsconfig.json. The first three are one crate with different features, and entry points with the names of
 * pkg/src/entry/<names>.ts.
 */
const modules = {
  byrobot_calls: { crate: "byrobot-calls", names: "index" },
  byrobot_client: { crate: "byrobot-calls", features: "client", names: "client" },
  byrobot_table: { crate: "byrobot-calls", features: "table", names: "table" },
  byrobot_sandbox: { crate: "byrobot-sandbox" },
};

/** The modules that are entry points. */
const published = Object.keys(modules).filter((name) => modules[name].names);

/**
 * What pkg/src/entry/<name>.ts becomes: pkg/dist/<name>.js, or what `scriptOf` says. `sources` are built once for each
 * published module, with its glue and its names. The entries of a group share their code.
 */
const entries = {
  sources: ["inlined", "streaming", "streaming-development", "workerd"],
  // Shares the code that loads a module with those of byrobot_calls.
  beside: { byrobot_calls: ["sandbox"] },
  // Servers have no part in what pages load.
  servers: ["server", "server-browser", "node", "node-browser"],
  required: ["sandbox", "server", "node"],
  // Each brings no WebAssembly and imports at most its framework: one file for `import`, one for `require`.
  alone: { vue: ["vue"], react: ["react"], alerts: [] },
};

/** The script of a source with some names: "client-streaming"; the names alone are the script with the bytes inside. */
function scriptOf(source, names) {
  if (names === "index") return source;
  return source === "inlined" ? names : `${names}-${source}`;
}

/** The command line, pkg/dist/cli.js, imports the entry points beside it: the sandbox's wasm is stored once. */
const entriesBeside = {
  name: "entries beside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/entry\// }, ({ path }) => ({
      path: path.replace("../entry", "."),
      external: true,
    }));
  },
};

/** The crate that unpacks the others in a page. It has no glue: its wasm is small and called by hand. */
const unpacker = { crate: "byrobot-unpack", name: "byrobot_unpack" };

const glueFolder = (name) => join(root, "target/wasm-bindgen", name);
const dist = join(root, "pkg/dist");

/** The oldest engines that run the package. */
const engines = JSON.parse(readFileSync(join(root, "pkg/src/wasm/engines.json"), "utf8"));

export async function build() {
  await writeSchema();
  // Cargo compiles one crate after the other; what follows goes on beside the next one.
  let compiling = compile(unpacker.name, unpacker).then(makeUnpacker);
  const wasm = Object.entries(modules).map(async ([name, module]) => {
    compiling = compiling.then(() => compile(name, module));
    await compiling;
    await makeGlue(name);
  });
  await Promise.all(wasm);
  await buildPackage();
}

/** What TypeScript, tests and checks need of the tables in src/schema and in the sandbox. */
async function writeSchema() {
  const folders = ["src/schema", "sandbox/src", "scripts/schema/src"].map((name) =>
    join(root, name),
  );
  const recipe = [
    ...folders.flatMap(filesUnder),
    ...inRoot("src/phone.rs", "scripts/build.mjs", "Cargo.lock"),
  ];
  const generated = join(root, "pkg/src/generated");
  const elsewhere = ["client/generated", "sandbox/generated"].map((name) => `../${name}`);
  const outputs = ["models.ts", "schema.json", "../../../www/src/generated/codes.ts", ...elsewhere];
  await unlessFresh(generated, outputs, recipe, [], async () => {
    for (const folder of ["", ...elsewhere]) {
      rmSync(join(generated, folder), { recursive: true, force: true });
    }
    await run("cargo", ["run", "--quiet", "-p", "byrobot-schema", "--", root]);
  });
}

/** Compiles a module, unless it is fresh; cargo knows that best. */
function compile(name, { crate, features }) {
  // A `crate-type` in Cargo.toml would add "rlib", and that switches link-time optimisation off.
  const kind = ["--lib", "--release", "--target", wasmTarget, "--crate-type", "cdylib"];
  const chosen = features ? ["--no-default-features", "--features", features] : [];
  const to = ["--target-dir", targetFolder(name)];
  return run("cargo", ["rustc", ...kind, "-p", crate, ...chosen, ...to], {
    env: wasmEnvironment(),
  });
}

/** A folder for each set of features: cargo names their output alike and would compile each anew. */
function targetFolder(name) {
  const { CARGO_TARGET_DIR: folder } = wasmEnvironment();
  return modules[name]?.features ? join(folder, name) : folder;
}

/** The module that unpacks: its optimised wasm, and that as a JavaScript module. */
async function makeUnpacker() {
  const { name } = unpacker;
  const compiled = compiledFile(name);
  const folder = glueFolder(name);
  const recipe = [
    compiled,
    ...inRoot("scripts/build.mjs", "scripts/shorten.mjs", "package-lock.json"),
  ];
  await unlessFresh(folder, [`${name}.wasm`, "inline.js", "inline.d.ts"], recipe, [], async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const optimised = join(folder, `${name}.wasm`);
    optimise(compiled, optimised);
    const base64 = readFileSync(optimised, "base64");
    writeFileSync(join(folder, "inline.js"), `export const base64 = "${base64}";\n`);
    const declared = "/** The module, in base64. */\nexport const base64: string;\n";
    writeFileSync(join(folder, "inline.d.ts"), declared);
  });
}

function compiledFile(name) {
  const { crate } = modules[name] ?? unpacker;
  return join(targetFolder(name), wasmTarget, "release", `${crate.replaceAll("-", "_")}.wasm`);
}

/** A crate's glue and declarations, its optimised wasm, and that as a JavaScript module. */
async function makeGlue(name) {
  const env = wasmEnvironment();
  const compiled = compiledFile(name);
  const folder = glueFolder(name);
  const recipe = [
    compiled,
    join(glueFolder(unpacker.name), `${unpacker.name}.wasm`),
    ...inRoot("scripts/build.mjs", "scripts/glue.mjs", "scripts/shorten.mjs"),
    ...inRoot("scripts/sections.mjs", "scripts/pack.mjs", "scripts/inline.mjs"),
    ...inRoot("unpack/examples/pack.rs", "Cargo.lock", "package-lock.json"),
  ];
  const outputs = [`${name}.js`, `${name}.d.ts`, `${name}.wasm`, "inline.js", "inline.d.ts"];
  await unlessFresh(folder, outputs, recipe, [lockedVersion("wasm-bindgen")], async () => {
    rmSync(folder, { recursive: true, force: true });
    const shape = ["--target", "web", "--omit-default-module-path"];
    const to = ["--out-name", name, "--out-dir", folder];
    await run("wasm-bindgen", [...shape, ...to, compiled], { env });
    if (modules[name].names) completeGlue(join(folder, `${name}.js`));
    const optimised = join(folder, `${name}.wasm`);
    optimise(join(folder, `${name}_bg.wasm`), optimised, join(folder, `${name}.js`));
    await runNode(join(root, "scripts/inline.mjs"), [optimised, folder]);
  });
}

/** The hand-written part bundled round the wasm, and the declarations. */
async function buildPackage() {
  const documents = [
    ...["README.md", "README.zh-CN.md", "llms.txt", "LICENSE-MIT", "LICENSE-APACHE"],
    // Not the examples: they are read and run in the repository.
    ...readdirSync(join(root, "docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  const recipe = [
    ...filesUnder(join(root, "pkg/src")),
    ...[unpacker.name, ...Object.keys(modules)].flatMap((name) => filesUnder(glueFolder(name))),
    ...inRoot("pkg/package.json", "pkg/tsconfig.json", ...documents),
    ...inRoot("scripts/build.mjs", "scripts/declarations.mjs", "package-lock.json"),
  ];
  /** Of a module, the name of each script and the entry that it is made of. */
  const scriptsOf = (module) => [
    ...entries.sources.map((name) => [scriptOf(name, modules[module].names), name]),
    ...(entries.beside[module] ?? []).map((name) => [name, name]),
  ];
  const scripts = published.flatMap(scriptsOf).map(([script]) => script);
  const required = [...published.map((name) => modules[name].names), ...entries.required];
  const outputs = [
    ...[...scripts, ...entries.servers, "cli"].map((name) => `${name}.js`),
    ...Object.keys(entries.alone).flatMap((name) => [`${name}.js`, `cjs/${name}.js`]),
    ...required.map((name) => `cjs/${name}.js`),
    ...published.map((name) => `${name}.wasm`),
    "index.d.ts",
  ];
  await unlessFresh(dist, outputs, recipe, [], async () => {
    // Loaded late: on a bare clone `npm ci` has not run when this file is read.
    const esbuild = await import("esbuild");
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    const source = (name) => join(root, `pkg/src/entry/${name}.ts`);
    const bundled = ({ define, inject = [], ...options }) =>
      esbuild.build({
        bundle: true,
        format: "esm",
        target: `node${engines.node}`,
        minifySyntax: true,
        logLevel: "warning",
        define: {
          WASM_FILE: JSON.stringify("./byrobot_calls.wasm"),
          "Symbol.dispose": "symbolOfUsing",
          ...define,
        },
        inject: [source("dispose"), ...inject],
        ...options,
      });
    const together = (scripts, options) =>
      bundled({
        entryPoints: scripts.map(([script, name]) => ({ in: source(name), out: script })),
        outdir: dist,
        platform: "neutral",
        external: ["*.wasm", "node:*"],
        splitting: true,
        chunkNames: "shared-[hash]",
        ...options,
      });
    const requirable = (name, as, options) =>
      bundled({
        entryPoints: [source(name)],
        outfile: join(dist, `cjs/${as}.js`),
        platform: "node",
        format: "cjs",
        inject: [source("node-globals")],
        ...options,
      });
    const target = Object.entries(engines).map((engine) => engine.join(""));
    for (const module of published) {
      const own = ofModule(module);
      await together(scriptsOf(module), { target, ...own });
      await requirable("file", modules[module].names, own);
    }
    await together(entries.servers.map((name) => [name, name]));
    for (const name of entries.required) await requirable(name, name);
    for (const [name, external] of Object.entries(entries.alone)) {
      const alone = { entryPoints: [source(name)], platform: "neutral", external, target };
      await bundled({ ...alone, outfile: join(dist, `${name}.js`) });
      await bundled({ ...alone, outfile: join(dist, `cjs/${name}.js`), format: "cjs" });
    }
    await bundled({
      entryPoints: [join(root, "pkg/src/cli/main.ts")],
      outfile: join(dist, "cli.js"),
      platform: "node",
      plugins: [entriesBeside],
    });
    for (const module of published) {
      copyFileSync(join(glueFolder(module), `${module}.wasm`), join(dist, `${module}.wasm`));
    }
    await runNode(program("typescript", "tsc"), ["-p", "pkg"]);
    await tidyDeclarations(join(root, "pkg"));
    rmSync(join(root, "pkg/docs"), { recursive: true, force: true });
    mkdirSync(join(root, "pkg/docs"));
    for (const name of documents) {
      const text = withoutDeadLinks(readFileSync(join(root, name), "utf8"), name, documents);
      writeFileSync(join(root, "pkg", name), text);
    }
    const names = [...scripts, ...entries.servers, ...Object.keys(entries.alone)];
    console.log(`✓ pkg/dist: ${names.join(", ")}`);
  });
}

/** Options of esbuild for an entry of a module: what the aliases of pkg/tsconfig.json and `WASM_FILE` stand for. */
export function ofModule(module) {
  const aliases = {
    "#glue": join(glueFolder(module), `${module}.js`),
    "#inline": join(glueFolder(module), "inline.js"),
    "#names": join(root, `pkg/src/entry/${modules[module].names}.ts`),
  };
  const file = `./${module}.wasm`;
  const plugin = {
    name: "module",
    setup({ onResolve }) {
      onResolve({ filter: /^#(glue|inline|names)$/ }, ({ path }) => ({ path: aliases[path] }));
      onResolve({ filter: /^#wasm$/ }, () => ({ path: file, external: true }));
    },
  };
  return { plugins: [plugin], define: { WASM_FILE: JSON.stringify(file) } };
}

/**
 * A document as it is published: without pictures, and a link to a file of the repository that is not published becomes
 * its own words.
 * Blocks of code stay as they are.
 */
function withoutDeadLinks(text, name, published) {
  const pictures = /^\| !\[.*\n\|[ |-]*\n\n/gm;
  return text
    .replace(pictures, "")
    .replace(/^```.*?^```$|\[([^\]]+)\]\(([^()\s]+)\)/gms, (found, words, target) => {
      if (target === undefined || /^(https:|#)/.test(target)) return found;
      const path = join(dirname(name), target.replace(/#.*/, ""));
      return published.includes(path) ? found : words;
    });
}

/** Runs `action` unless its outputs are there and were made of the same files and words. */
export async function unlessFresh(folder, outputs, files, words, action) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  const key = hash.update(words.join("\0")).digest("hex");
  // Next to the folder, not in it: pkg/dist is published whole.
  const stamp = join(root, "target", "stamps", folder.slice(root.length).replace(/[\\/]+/g, "-"));
  const fresh =
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === key &&
    outputs.every((output) => existsSync(join(folder, output)));
  if (fresh) return;
  rmSync(stamp, { force: true });
  await action();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

const inRoot = (...files) => files.map((file) => join(root, file));

const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();

await main(import.meta.url, async () => {
  await setup({ testing: false });
  await build();
});
