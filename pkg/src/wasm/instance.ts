// The instance of the WebAssembly module: made at the first use, never at import; replaced after a failure.
// Not here: the source of the module (entry/), its compilation (loading.ts).
import { instantiate, instantiateAsync, isMissing, moduleId, startAnew } from "#glue";
import { at, type ByrobotError, internalError, outOfMemory } from "./errors.js";
import { cannotCompile, compiled, otherFile, type WasmSource } from "./loading.js";

let loaded = false;
let loading: Promise<void> | undefined;
let atHand: (() => BufferSource | WebAssembly.Module) | undefined;
let soonAtHand: (() => Promise<BufferSource>) | undefined;
let elsewhere: (() => WasmSource | Promise<BufferSource>) | undefined;

/**
 * Registers the module or its bytes; an entry point that carries them calls it. `later` gives them without blocking.
 *
 * @internal
 */
export function provide(
  module: () => BufferSource | WebAssembly.Module,
  later?: () => Promise<BufferSource>,
): void {
  atHand = module;
  soonAtHand = later;
}

/** Registers the source of a module that init() has to load; an entry point calls it. @internal */
export function provideLater(source: () => WasmSource | Promise<BufferSource>): void {
  elsewhere = source;
}

/**
 * Makes an instance if there is none, or if the last one failed. Call it before the first use of a function or a class of
 * "#glue". @internal
 */
export function ready(): void {
  if (!isMissing()) return;
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

/** Makes the instance without blocking, once: from `source`, or from the source of the entry point. @internal */
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
    if (WebAssembly.Module.imports(given)[0]?.module !== moduleId) throw otherFile();
    module = () => given;
  }
  try {
    if (!loaded && source === undefined && soonAtHand !== undefined) {
      const given = await soonAtHand();
      module = () => given;
    }
    await instantiateAsync(guarded, module);
  } catch (cause) {
    throw cannotCompile(cause);
  }
  loaded = true;
}

/** Rejects each pending promise. */
const inFlight = new Set<(reason: ByrobotError) => void>();

/** The promise of a call. It also rejects if the module fails. @internal */
export function settled<T>(call: () => Promise<T>): Promise<T> {
  const here = new Error(); // Engines format its stack only when it is read.
  return new Promise((resolve, reject) => {
    inFlight.add(reject);
    const done = () => inFlight.delete(reject);
    // If `call` throws, the promise rejects, too.
    (async () => call())()
      .finally(done)
      .then(resolve, (error) => reject(at(here, error)));
  });
}

let failures = 0;

/** How often the module has failed. Parts of an earlier generation cannot be used. @internal */
export function generation(): number {
  return failures;
}

/** How many functions of the module are running: each may call the caller's getters and hooks, which call others. */
let depth = 0;
const later: (() => void)[] = [];

/**
 * Does something at once, or, if a function of the module is running, after it: what it works on must not be freed
 * meanwhile. @internal
 */
export function whenIdle(action: () => void): void {
  if (depth === 0) action();
  else later.push(action);
}

/**
 * The functions of an instance, each with a guard that notices a panic, a failed allocation or a full stack. After
 * that the instance cannot continue: every pending promise rejects, and the next call makes a new instance.
 */
function guarded(exports: WebAssembly.Exports, ...allocators: unknown[]): WebAssembly.Exports {
  let failure: ByrobotError | undefined;
  const guard =
    (call: (...given: unknown[]) => unknown) =>
    (...given: unknown[]) => {
      if (failure !== undefined) throw failure;
      depth += 1;
      try {
        return call(...given);
      } catch (cause) {
        // The glue allocates before it calls anything else, so nothing has changed.
        if (allocators.includes(call)) throw outOfMemory(cause);
        failures += 1;
        startAnew();
        failure = internalError(`byrobot-calls failed, please report this: ${cause}`, cause);
        for (const reject of inFlight) reject(failure);
        inFlight.clear();
        throw failure;
      } finally {
        depth -= 1;
        if (depth === 0 && later.length > 0) for (const action of later.splice(0)) action();
      }
    };
  const functions = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value === "function" ? guard(value as () => unknown) : value,
  ]);
  return Object.fromEntries(functions);
}
