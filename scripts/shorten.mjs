// Optimises a wasm module, and shortens the names of its imports and exports to one or two letters, in the module and
// in its glue: the long unique names of wasm-bindgen compress badly. Such names mean something else in another module, so
// both also get an id: a file of another version or of another entry point is recognised by it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { numberBytes, readNumber, withSection } from "./sections.mjs";
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
  if (!glue) return;
  const text = renamed(readFileSync(glue, "utf8"), JSON.parse(names));
  const module = readFileSync(to);
  const id = createHash("sha256").update(module).update(text).digest("base64url").slice(0, 6);
  writeFileSync(to, withId(module, id));
  const declared =
    "/** The id of the module that this glue is for. */\nexport const moduleId: string;\n";
  const known = `${text.replace('"a": import0', `"${id}": import0`)}\nexport const moduleId = "${id}";\n`;
  writeFileSync(glue, known);
  appendFileSync(glue.replace(/\.js$/, ".d.ts"), declared);
}

/** The module with its id in the place of the name "a" from which it imports everything. */
function withId(module, id) {
  const changed = withSection(module, 2, (imports) => {
    let [count, at] = readNumber(imports, 0);
    const parts = [numberBytes(count)];
    for (; count > 0; count -= 1) {
      // The module's name is one letter. Behind it stand the function's name, 0 and the function's type.
      const [length, start] = readNumber(imports, at + 2);
      const [, end] = readNumber(imports, start + length + 1);
      parts.push(numberBytes(id.length), Buffer.from(id), imports.subarray(at + 2, end));
      at = end;
    }
    return Buffer.concat(parts);
  });
  const importsOf = (bytes) => WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  const expected = importsOf(module).map((known) => ({ ...known, module: id }));
  if (!isDeepStrictEqual(importsOf(changed), expected)) throw new Failure("an import was lost");
  return changed;
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
