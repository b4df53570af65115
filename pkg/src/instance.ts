// The WebAssembly module: instantiated on first use, never at import, so that a server may import
// the package without running it. Not here: where it comes from (the entry points, loading.ts).
import { Client, filterRows, initSync, label, Table, viewOfRows } from "#glue";
import { internalError, isByrobotError } from "./errors.js";
import { cannotCompile, compiled, type WasmSource } from "./loading.js";

// Named one by one, so that bundlers drop what is not used of the glue.
const glue = { Client, Table, filterRows, label, viewOfRows };

let loaded = false;
let loading: Promise<void> | undefined;
let atHand: (() => BufferSource | WebAssembly.Module) | undefined;
let elsewhere: (() => WasmSource) | undefined;

/** Called by an entry point that carries the module or its bytes. @internal */
export function provide(module: () => BufferSource | WebAssembly.Module): void {
  atHand = module;
}

/** Called by an entry point whose module has to be waited for. @internal */
export function provideLater(source: () => WasmSource): void {
  elsewhere = source;
}

/** The module's functions and classes; instantiates it if nobody has. @internal */
export function instance(): typeof glue {
  if (!loaded) {
    if (atHand === undefined) {
      throw internalError("byrobot-calls is not loaded yet: call init() and await it first");
    }
    instantiate(atHand);
  }
  return glue;
}

/** Makes the instance, once: of `source`, or of what the entry point has. @internal */
export async function load(source?: WasmSource): Promise<void> {
  if (loaded) return;
  if (source === undefined && atHand !== undefined) return instantiate(atHand);
  loading ??= begin(source).finally(() => (loading = undefined));
  await loading;
}

async function begin(source = elsewhere?.()): Promise<void> {
  if (source === undefined) throw internalError("no module came with this entry: give init() one");
  const module = await compiled(source);
  instantiate(() => module);
}

function instantiate(module: () => BufferSource | WebAssembly.Module): void {
  try {
    initSync({ module: module() });
  } catch (cause) {
    throw cannotCompile(cause);
  }
  loaded = true;
}

/** The promise of a call; what the glue throws instead becomes its rejection. @internal */
export async function settled<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isStale(error)
      ? internalError("this client failed earlier and cannot be used again: make a new one", error)
      : error;
  }
}

/** After a panic the module is instantiated anew, and the glue refuses objects of the old instance. */
function isStale(error: unknown): boolean {
  return !isByrobotError(error) && error instanceof Error && /stale object/.test(error.message);
}
