// Optimises a wasm module, and shortens the names of its imports and exports to one or two letters, in the module and
// in its glue: the long unique names of wasm-bindgen compress badly.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Failure, program } from "./toolchain.mjs";

/** Writes the module `from` to `to`; `glue` is changed in its place. Without glue no name changes. */
export function optimise(from, to, glue) {
  wasmOpt([
    ...["-Oz", "--converge"],
    // Nothing lies below 1024: there the stack ends, which grows towards it.
    "--low-memory-unused",
    // What has one caller and is no trifle stays a function, and what is alike gets next to each
    // other: both pack better.
    ...["--one-caller-inline-max-function-size", "20", "--reorder-functions-by-name"],
    ...[from, "-o", to],
  ]);
  // A run of its own: until it converges, names would be given again and again.
  const names = wasmOpt([
    ...["--strip-debug", "--strip-producers", "--strip-target-features"],
    ...(glue ? ["--minify-imports-and-exports-and-modules"] : []),
    ...[to, "-o", to],
  ]);
  if (glue) writeFileSync(glue, renamed(readFileSync(glue, "utf8"), JSON.parse(names)));
}

/** Runs it, and gives what it prints. Never with --all-features: engines of today refuse what it lets in. */
function wasmOpt(given) {
  const command = [program("binaryen", "wasm-opt"), ...given];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  if (status !== 0) throw new Failure(`wasm-opt: ${stderr}`);
  return stdout;
}

/** The glue with the names that wasm-opt says it has given. */
function renamed(glue, { imports, exports }) {
  const given = new Map(imports.map(([, name, short]) => [name, short]));
  const taken = new Map(exports);
  const found = new Set();
  const text = glue
    .replace(/^( +)(\w+)(?=: function)/gm, (line, indent, name) => {
      if (!given.has(name)) return line;
      found.add(name);
      return indent + given.get(name);
    })
    .replace(/\bwasm\.(\w+)/g, (use, name) => (taken.has(name) ? `wasm.${taken.get(name)}` : use))
    .replace(/"\.\/\w+_bg\.js"(?=: import0)/, '"a"');
  const lost = [...given.keys()].filter((name) => !found.has(name));
  if (lost.length > 0) throw new Failure(`the glue does not define ${lost.join(", ")}`);
  return text;
}
