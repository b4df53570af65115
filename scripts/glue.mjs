// Extends the glue of wasm-bindgen: a guard around the functions of each instance reports every failure of the module
// (wasm-bindgen reports panics only), and instances can be made asynchronously (Chromium before 115 cannot make one
// synchronously on the main thread of a page).
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { Failure } from "./toolchain.mjs";

const allocators = "wasm.__wbindgen_malloc, wasm.__wbindgen_realloc";
const made = "new WebAssembly.Instance(wasmModule, __wbg_get_imports())";

/** What is put in the place of what, and how often it stands there; 0 if there is no closure, as in a table's module. */
const changes = ({ closures, classes }) => [
  [
    /^( *)wasm = (\w+)\.exports;$/gm,
    `$1wasm = $2.exports;\n$1wasm = guard(wasm, ${allocators});`,
    2,
  ],
  // A timer or an answer that comes after a failure has nobody to tell.
  [/throw new Error\('Cannot invoke closure from previous WASM instance'\);/g, "return;", closures],
  // The promises that wait for it have been rejected.
  [
    /^( *)return f\(a, state\.b, \.\.\.args\);$/gm,
    "$&\n        } catch (error) {\n$1if (state.instance === __wbg_instance_id) throw error;",
    closures,
  ],
  // A part of an instance that has failed is not in the next one; wasm-bindgen asks so in every method but this.
  [
    /^( *)const ptr = this\.__destroy_into_raw\(\);$/gm,
    "$&\n$1if (this.__wbg_inst !== __wbg_instance_id) return;",
    classes,
  ],
  // An instance that is refused changes nothing: it is made first.
  [/function __wbg_reset_state \(\) \{/g, `function __wbg_reset_state (made = ${made}) {`, 1],
  [new RegExp(`wasmInstance = ${made.replace(/[.()]/g, "\\$&")};`, "g"), "wasmInstance = made;", 1],
];

const code = `
let guard;

export const isMissing = () => wasm === undefined || __wbg_reinit_scheduled;

export function instantiate(guardOfExports, module) {
    guard = guardOfExports;
    if (wasm === undefined) initSync({ module: module() });
    else __wbg_call_guard();
}

export async function instantiateAsync(guardOfExports, module) {
    guard = guardOfExports;
    const given = wasm === undefined ? module() : wasmModule;
    const made = await WebAssembly.instantiate(given, __wbg_get_imports());
    // Of bytes both are made, of a module the instance alone.
    const { instance = made, module: compiled = given } = made;
    if (wasm === undefined) __wbg_finalize_init(instance, compiled);
    else if (__wbg_reinit_scheduled) __wbg_reset_state(instance);
}

export function startAnew() {
    __wbg_reinit_scheduled = true;
    // Nothing of the old one is called any more.
    __wbg_instance_id++;
}
`;

/** Functions only: every interface and type of the declarations is taken for one of the models (build.mjs). */
const declarations = `
/**
 * From now on the functions of an instance are what \`guardOfExports\` makes of them; \`allocators\` are those
 * that the glue calls by itself. Makes an instance at once: the first of \`module\`, which is not called after a failure.
 */
export function instantiate(
  guardOfExports: (exports: WebAssembly.Exports, ...allocators: unknown[]) => WebAssembly.Exports,
  module?: () => BufferSource | WebAssembly.Module,
): void;
/** The same without blocking; makes none if there is one by then. */
export function instantiateAsync(
  ...given: Parameters<typeof instantiate>
): Promise<void>;
/** Whether there is no instance yet, or the one there is has failed. */
export function isMissing(): boolean;
/** From now on the instance is missing. */
export function startAnew(): void;
`;

/** Changes the glue `file`, and the declarations beside it. */
export function completeGlue(file) {
  let text = readFileSync(file, "utf8");
  const closures = /\bfunction makeMutClosure\b/.test(text) ? 1 : 0;
  const classes = text.match(/^export class /gm)?.length ?? 0;
  for (const [from, to, times] of changes({ closures, classes })) {
    const found = text.match(from)?.length ?? 0;
    if (found !== times) throw new Failure(`the glue has ${found} places like ${from}`);
    text = text.replace(from, to);
  }
  writeFileSync(file, text + code);
  appendFileSync(file.replace(/\.js$/, ".d.ts"), declarations);
}
