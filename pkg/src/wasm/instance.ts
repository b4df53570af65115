// The WebAssembly module: instantiated on first use, never at import, so that a server may import
// the package without running it. Not here: where it comes from (the entry points, loading.ts).
import {
  CallRows,
  Client,
  instantiate,
  instantiateAsync,
  isMissing,
  label,
  startAnew,
  Table,
} from "#glue";
import { at, type ByrobotError, internalError, outOfMemory } from "./errors.js";
import { cannotCompile, compiled, type WasmSource } from "./loading.js";

// Named one by one, so that bundlers drop what is not used of the glue.
const glue = { CallRows, Client, Table, label };

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

/** The module's functions and classes; instantiates it if there is no instance, or none that works. @internal */
export function instance(): typeof glue {
  if (isMissing()) {
    if (!loaded && atHand === undefined) {
      throw internalError("byrobot-calls is not loaded yet: call init() and await it first");
    }
    try {
      instantiate(guarded, atHand);
    } catch (cause) {
      throw cannotCompile(cause);
    }
    loaded = true;
  }
  return glue;
}

/** Makes the instance without blocking, once: of `source`, or of what the entry point has. @internal */
export async function load(source?: WasmSource): Promise<void> {
  if (!isMissing()) return;
  loading ??= begin(source).finally(() => (loading = undefined));
  await loading;
}

async function begin(source?: WasmSource): Promise<void> {
  let module = atHand;
  if (!loaded && (source !== undefined || module === undefined)) {
    const from = source === undefined ? elsewhere?.() : source;
    if (from === undefined) throw internalError("no module came with this entry: give init() one");
    const given = await compiled(from);
    module = () => given;
  }
  try {
    await instantiateAsync(guarded, module);
  } catch (cause) {
    throw cannotCompile(cause);
  }
  loaded = true;
}

/** How to reject each promise that is waited for. */
const inFlight = new Set<(reason: ByrobotError) => void>();

/** The promise of a call, which also rejects when the module fails. @internal */
export function settled<T>(call: () => Promise<T>): Promise<T> {
  const here = new Error(); // Engines write its stack out when it is read.
  return new Promise((resolve, reject) => {
    inFlight.add(reject);
    const done = () => inFlight.delete(reject);
    // What `call` throws is its outcome, too.
    (async () => call())()
      .finally(done)
      .then(resolve, (error) => reject(at(here, error)));
  });
}

let failures = 0;

/** How often the module has failed. What was made before the last time is spent. @internal */
export function generation(): number {
  return failures;
}

/**
 * The functions of an instance, so that nothing that stops one of them in the middle goes unnoticed: a
 * panic, an allocation that fails, a stack that is full. The instance is in no state to go on then.
 * Everything that waits for it is told; the next call makes a new instance.
 */
function guarded(exports: WebAssembly.Exports, ...allocators: unknown[]): WebAssembly.Exports {
  let failure: ByrobotError | undefined;
  const guard =
    (call: (...given: unknown[]) => unknown) =>
    (...given: unknown[]) => {
      if (failure !== undefined) throw failure;
      try {
        return call(...given);
      } catch (cause) {
        // Called before anything else is: nothing has changed yet.
        if (allocators.includes(call)) throw outOfMemory(cause);
        failures += 1;
        startAnew();
        failure = internalError(`byrobot-calls failed, please report this: ${cause}`, cause);
        for (const reject of inFlight) reject(failure);
        inFlight.clear();
        throw failure;
      }
    };
  const functions = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value === "function" ? guard(value as () => unknown) : value,
  ]);
  return Object.fromEntries(functions);
}
