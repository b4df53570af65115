// The public names that "byrobot-calls", "byrobot-calls/client" and "byrobot-calls/table" share.
import { traced } from "../wasm/errors.js";
import { load } from "../wasm/instance.js";
import type { WasmSource } from "../wasm/loading.js";

/**
 * Loads the WebAssembly module of the entry point. This is optional: the first use loads the module; only a page in
 * Chrome before 115 has to await it. With an entry point that ends in `/streaming` await it once, before anything else.
 *
 * A second call does nothing. After a failure, call it again.
 *
 * ```ts
 * import { ByrobotClient, init } from "byrobot-calls/streaming";
 *
 * await init();
 * const client = new ByrobotClient({ baseUrl: "/byrobot" });
 * ```
 *
 * @param source The source of the module, instead of the one in the package. In Node a URL may be a `file:` URL.
 * @throws {ByrobotError} `internal` if the file is missing or not WebAssembly, or if the environment or its
 *   Content-Security-Policy forbids it; `invalid_argument` for a source of another type.
 */
export async function init(source?: WasmSource): Promise<void> {
  await traced(() => load(source));
}

export { version } from "../wasm/version.js";

export { FinishStatus, JobStatus } from "../generated/codes.js";
export type { CallStatus, CodeTable, JobType } from "../generated/codes.js";
export type * from "../generated/models.js";

export { isByrobotError } from "../wasm/errors.js";
export type { ByrobotError, ErrorCode } from "../wasm/errors.js";
export type { CompiledModule, WasmSource } from "../wasm/loading.js";

export { maskPhone } from "../words/phone.js";
export { label } from "../words/label.js";
export { transcript } from "../words/transcript.js";
export type { TranscriptTools } from "../words/transcript.js";

/** Each model keeps unknown fields and unreadable values of the server under `extra`. */
export interface Extensible {
  /** By the vendor's field names, with the values as sent. An integer beyond ±(2⁵³ − 1) is a string of digits. */
  extra?: Record<string, unknown>;
}
