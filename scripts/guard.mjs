// Lets TypeScript see when the module fails: wasm-bindgen knows of panics alone, and calls functions of
// the module from places that are not ours, timers and promises.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { Failure } from "./toolchain.mjs";

const allocators = "wasm.__wbindgen_malloc, wasm.__wbindgen_realloc";

/** What is put in the place of what, and how often it stands there. */
const changes = [
  [
    /^( *)wasm = (\w+)\.exports;$/gm,
    `$1wasm = $2.exports;\n$1wasm = guard(wasm, ${allocators});`,
    2,
  ],
  // A timer or an answer that comes after a failure is nobody's business any more.
  [/throw new Error\('Cannot invoke closure from previous WASM instance'\);/g, "return;", 1],
  // Who waited for it has been told.
  [
    /^( *)return f\(a, state\.b, \.\.\.args\);$/gm,
    "$&\n        } catch (error) {\n$1if (state.instance === __wbg_instance_id) throw error;",
    1,
  ],
];

const more = `
let guard = (exports) => exports;

/** From now on the functions of each new instance are what \`given\` makes of them. */
export function guardWith(given) {
    guard = given;
}

/** The next call makes a new instance. */
export function startAnew() {
    __wbg_reinit_scheduled = true;
    // Nothing of the old one is called any more.
    __wbg_instance_id++;
}
`;

const declared = `
/** From now on the functions of each new instance are what \`given\` makes of them; \`allocators\` are those among them that the glue calls by itself. */
export function guardWith(given: (exports: WebAssembly.Exports, ...allocators: unknown[]) => WebAssembly.Exports): void;

/** The next call makes a new instance. */
export function startAnew(): void;
`;

/** Changes the glue `file`, and the declarations beside it. */
export function guardGlue(file) {
  let text = readFileSync(file, "utf8");
  for (const [from, to, times] of changes) {
    const found = text.match(from)?.length ?? 0;
    if (found !== times) throw new Failure(`the glue has ${found} places like ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text + more);
  appendFileSync(file.replace(/\.js$/, ".d.ts"), declared);
}
