// Packs the package and installs it into an empty project in a temporary folder. Not here: expectations of it.
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** What `npm test` tells its children about the checkout; npm in another project must not hear it. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|NODE_TEST)/.test(name)),
);

/** Starts a program in a folder; `env` is added to the environment. */
export const start = (folder, command, args, { env, ...options } = {}) =>
  spawn(command, args, { cwd: folder, env: { ...environment, ...env }, stdio: "pipe", ...options });

/**
 * Packs and installs. No registry is asked: the package has no dependencies.
 *
 * @param sources Files of the tests to copy into the project.
 */
export async function install(sources = []) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "byrobot-package-")));
  const project = {
    folder,
    /** What npm says of the tarball: its size and its files. */
    packed: undefined,
    /** A path in the project. */
    path: (...parts) => join(folder, ...parts),
    /** The package's module, as `import` finds it, loaded into this process. */
    import: async (name = "byrobot-calls") => {
      const home = join(folder, "node_modules/byrobot-calls");
      const { exports } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
      const entry = exports[name.replace("byrobot-calls", ".")];
      return import(pathToFileURL(join(home, entry.import?.default ?? entry.default ?? entry)));
    },
    /** Starts a program in the project. */
    start: (command, args, options) => start(folder, command, args, options),
    /** Runs a program to its end. */
    run: (command, args) => ended(project.start(command, args)),
    /** Runs a module of JavaScript given as text. */
    evaluate: (code, ...flags) =>
      project.run(process.execPath, [...flags, "--input-type=module", "--eval", code]),
    write: (name, text) => writeFile(join(folder, name), text),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
  try {
    await project.write(
      "package.json",
      JSON.stringify({ name: "empty", private: true, type: "module" }),
    );
    const pack = ["pack", join(root, "pkg"), "--json", "--pack-destination", folder];
    [project.packed] = JSON.parse((await successful(project.run("npm", pack))).stdout);
    const quiet = ["--offline", "--no-audit", "--no-fund"];
    await successful(project.run("npm", ["install", ...quiet, `./${project.packed.filename}`]));
    for (const { file, as } of sources) await cp(file, join(folder, as));
  } catch (error) {
    await project.remove();
    throw error;
  }
  return project;
}

/** How a child process ended, and what it printed. */
export function ended(child) {
  return new Promise((resolve, reject) => {
    const output = { stdout: "", stderr: "" };
    for (const stream of Object.keys(output)) {
      child[stream].setEncoding("utf8").on("data", (text) => (output[stream] += text));
    }
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
}

/** The same, when it ended well. */
export async function successful(run) {
  const result = await run;
  if (result.code === 0) return result;
  throw new Error(`exit code ${result.code}\n${result.stdout}${result.stderr}`);
}

/** The modules that scripts carry in base64, by their names: those that unpack, and those packed. */
export function wasmIn(scripts) {
  const carried = scripts.flatMap(([path, js]) =>
    (js.toString().match(/(?<=")[\w+/]{1000,}=*(?=")/g) ?? []).map((base64) => [
      `the wasm in ${path}`,
      Buffer.from(base64, "base64"),
    ]),
  );
  const isModule = ([, bytes]) => bytes.subarray(0, 4).toString("latin1") === "\0asm";
  if (carried.length === 0) return [];
  const unpacker = new WebAssembly.Module(carried.find(isModule)[1]);
  const unpacked = ([name, bytes]) => {
    const { memory, packed, unpack } = new WebAssembly.Instance(unpacker).exports;
    new Uint8Array(memory.buffer, packed()).set(bytes);
    const longest = 1 << 20;
    return [name, Buffer.from(memory.buffer, unpack(longest), longest)];
  };
  return carried.map((one) => (isModule(one) ? one : unpacked(one))).filter(isModule);
}
