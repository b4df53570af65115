// Optimises a wasm module, and shortens the names of its imports and exports to one or two letters, in the module and
// in its glue: the long unique names of wasm-bindgen compress badly. Such names mean something else in another module, so
// both also get an id: a file of another version or of another entry point is recognised by it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
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
  const name = Buffer.from([1, 0x61]);
  const found = WebAssembly.Module.imports(new WebAssembly.Module(module));
  let at = 8;
  for (;;) {
    const kind = module[at];
    const [length, start] = number(module, at + 1);
    if (kind !== 2) {
      at = start + length;
      continue;
    }
    let [count, from] = number(module, start);
    const section = [leb(count)];
    for (; count > 0; count -= 1) {
      if (!module.subarray(from, from + 2).equals(name))
        throw new Failure("an import is not from a");
      const [field, fieldStart] = number(module, from + 2);
      const [, end] = number(module, fieldStart + field + 1);
      if (module[fieldStart + field] !== 0) throw new Failure("an import is not a function");
      section.push(leb(id.length), Buffer.from(id), module.subarray(from + 2, end));
      from = end;
    }
    const bytes = Buffer.concat(section);
    const head = [module.subarray(0, at), Buffer.from([2]), leb(bytes.length), bytes];
    const changed = Buffer.concat([...head, module.subarray(start + length)]);
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(changed));
    const isRight = imports.every(
      ({ module, name }, at) => module === id && name === found[at].name,
    );
    if (!isRight) throw new Failure("the id was not put into the module");
    return changed;
  }
}

/** A number in LEB128 at a position, and the position behind it. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value |= (bytes[at] & 127) << shift;
    if (bytes[at] < 128) return [value, at + 1];
  }
}

function leb(value) {
  const bytes = [];
  for (; value > 127; value >>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
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
