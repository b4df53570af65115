// The locations of the tools, the environment of the wasm steps, and `run`. Not here: installation (setup.mjs).
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** Built tools live in the user's cache, keyed by version, so that a fresh clone finds them. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "byrobot-calls");

export const wasmTarget = "wasm32-unknown-unknown";

/** The version of a crate in Cargo.lock. */
export function lockedVersion(crate) {
  const lock = readFileSync(join(root, "Cargo.lock"), "utf8");
  const found = lock.match(new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`));
  if (!found) throw new Failure(`Cargo.lock does not name ${crate}`);
  return found[1];
}

/** The crates whose binaries the steps call. The first has to equal the library exactly. */
export const tools = {
  "wasm-bindgen-cli": lockedVersion("wasm-bindgen"),
  "wasm-pack": "0.15.1",
  "cargo-fuzz": "0.13.2",
  geckodriver: "0.37.1",
};

/**
 * Chromium of earlier years, from the npm package @sparticuz/chromium: the oldest it has, and those on
 * either side of the version that makes large modules at once on a page's main thread. By version, the
 * integrity of the package.
 */
export const oldChromium = {
  "92.0.0":
    "sha512-xCFop83v5gXKQTDGNfzj84F4f9QZkY9eShTu1pbWYOPB6wJNw9YgoX56zeVeRD7VL9AVwiS9VS9tgShnc5uR2g==",
  "114.0.0":
    "sha512-jzOUZInBjnJYXXCJFCDOEQb0t22Klx2+t7isZEiSOxLdDyDtDaykUS5c8Bw4KczWYb4fDxorO0D+g0rCFq5/gA==",
  "115.0.0":
    "sha512-/g79+OYMo1xJWOtf9htQ92G9LJL8ewXsSTex8siSOcjAi99KnN4QiYWwe45qawitUzP0ACpUOBpJC3wm1z7Vrw==",
};

export const oldChromiumFolder = (version) => join(cache, `chromium-${version}`);

export const toolFolder = (name) => join(cache, `${name}-${tools[name]}`);

/** What a program prints, or undefined when it is missing or fails. */
export function ask(command, args, env = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether the compiler that `PATH` finds has a standard library for wasm. */
export function hasWasmTarget(env) {
  const libraries = ask("rustc", ["--print", "target-libdir", "--target", wasmTarget], env);
  return libraries !== undefined && existsSync(libraries);
}

const cargoHome = process.env.CARGO_HOME || join(homedir(), ".cargo");

/** Where cargo unpacks crates, a folder for each registry. */
export function crateSources() {
  const sources = join(cargoHome, "registry", "src");
  return existsSync(sources) ? readdirSync(sources).map((name) => join(sources, name)) : [];
}

/** Compiler flags that keep this machine's folders out of what is published. */
export const anonymousPaths = () =>
  [`${cargoHome}=cargo`, ...crateSources().map((folder) => `${folder}=crates`)].map(
    (mapping) => `--remap-path-prefix=${mapping}`, // of two that fit, the later one counts
  );

/** Flags as cargo reads them whatever blanks are in them. */
export const rustflags = (flags) => ({ CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") });

/** Debian's compiler: used where rustup cannot download the wasm target. See setup.mjs. */
export const systemRustc = "/usr/bin/rustc";

/** The folder of the toolchain built round Debian's compiler, named after that very compiler. */
export function systemToolchain() {
  const version = existsSync(systemRustc) && ask(systemRustc, ["--version"]);
  return version ? join(cache, version.replace(/[^\w.]+/g, "-").replace(/-$/, "")) : undefined;
}

/** The environment of everything that compiles to wasm or runs the result in a test. */
export function wasmEnvironment() {
  const folders = Object.keys(tools).map((name) => join(toolFolder(name), "bin"));
  if (!hasWasmTarget()) {
    const toolchain = systemToolchain();
    if (!toolchain || !existsSync(toolchain)) {
      throw new Failure(`no compiler for ${wasmTarget}; run: npm run setup`);
    }
    folders.unshift(join(toolchain, "bin"));
  }
  return {
    PATH: [...folders, process.env.PATH].join(delimiter),
    // Two compilers sharing one folder would throw away each other's artefacts.
    CARGO_TARGET_DIR: join(root, "target", "wasm"),
    ...rustflags([...instructions, ...anonymousPaths()]),
  };
}

/**
 * Vector instructions, which pkg/src/wasm/engines.json allows, and no reference types, which it does not:
 * Chrome has them from 96 on. Rust's own library is compiled with them, unused; so the linker is told
 * which features the module has, and wasm-bindgen and wasm-opt take its word.
 */
const instructions = [
  "-Ctarget-feature=+simd128,-reference-types",
  "-Clink-arg=--no-check-features",
  "-Clink-arg=--features=bulk-memory,bulk-memory-opt,multivalue,mutable-globals,nontrapping-fptoint,sign-ext,simd128",
];

/** What went wrong, in words for the person at the terminal: printed without a stack. */
export class Failure extends Error {}

/** Runs a program in the root, its output going straight through; rejects unless it exits with 0. */
export function run(command, args, { env = {}, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: "inherit",
      ...options,
      env: { ...process.env, ...env },
    });
    child.on("error", (error) => reject(new Failure(`${command}: ${error.message}`)));
    child.on("close", (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Failure(`${[command, ...args].join(" ")}: ${signal ?? `exit code ${code}`}`)),
    );
  });
}

/** The path of a program that an npm package brings. */
export function program(name, bin = name) {
  const require = createRequire(join(root, "package.json"));
  const manifest = require.resolve(`${name}/package.json`);
  const programs = require(manifest).bin;
  return join(dirname(manifest), programs[bin] ?? programs);
}

/** Runs such a program, or a script of this folder. */
export const runNode = (script, args, options) => run(process.execPath, [script, ...args], options);

/** Runs a script's main function when that script is the one node was started with. */
export async function main(module, action) {
  if (process.argv[1] !== fileURLToPath(module)) return;
  try {
    await action(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Failure ? `\n✗ ${error.message}` : error);
    process.exitCode = 1;
  }
}
