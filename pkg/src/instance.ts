// The WebAssembly module: instantiated on first use, never at import, so that a server may import
// the package without running it. Not here: where its bytes come from (the entry points).
import initFrom, * as glue from "#glue";
import { internalError, isByrobotError } from "./errors.js";

/** What the module can be made of. */
export type WasmSource =
  string | URL | Request | Response | BufferSource | WebAssembly.Module | Promise<Response>;

let loaded = false;
let bytes: (() => BufferSource) | undefined;

/** Called by an entry point that carries the module's bytes. @internal */
export function provide(source: () => BufferSource): void {
  bytes = source;
}

/** The module's functions and classes; instantiates it if nobody has. @internal */
export function instance(): typeof glue {
  if (!loaded) {
    if (bytes === undefined) {
      throw internalError("byrobot-calls is not loaded yet: call and await init() first");
    }
    try {
      glue.initSync({ module: bytes() });
    } catch (cause) {
      throw internalError(cannotLoad(cause), cause);
    }
    loaded = true;
  }
  return glue;
}

/** Instantiates the module from `source`, once. @internal */
export async function load(source: WasmSource): Promise<void> {
  if (loaded) return;
  try {
    await initFrom({ module_or_path: source });
  } catch (cause) {
    throw internalError(cannotLoad(cause), cause);
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

function cannotLoad(cause: unknown): string {
  if (typeof WebAssembly === "undefined") return "this environment has no WebAssembly";
  const why = cause instanceof Error ? cause.message : String(cause);
  const hint = /unsafe-eval|Content Security Policy|disallowed by embedder/i.test(why)
    ? "the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to script-src"
    : "the browser may be too old: Chrome 91, Firefox 89, Safari 16.4 or Node 20 are needed";
  return `byrobot-calls cannot be loaded: ${hint} (${why})`;
}
