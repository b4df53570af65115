// What a rejected promise holds. The errors themselves are made in Rust, `src/wasm/error.rs`.

/** Which of the ways to fail. An abort by the caller is none: that rejects with `signal.reason` itself. */
export type ErrorCode =
  /** No answer: unreachable, reset, CORS, mixed content. */
  | "network"
  /** `timeout` or `totalTimeout` ran out; the message says whether anything was sent. */
  | "timeout"
  /** HTTP 401 or the vendor's 401. */
  | "unauthorized"
  /** HTTP 403 or the vendor's 403. */
  | "forbidden"
  /** HTTP 404 or the vendor's 404. */
  | "not_found"
  /** HTTP 429 or the vendor's 429. */
  | "rate_limited"
  /** The vendor's 408: the signed date is more than three minutes off. */
  | "clock_skew"
  /** HTTP 400, or the vendor's 400 or 412. */
  | "rejected_parameters"
  /** HTTP 5xx or the vendor's 5xx. */
  | "server"
  /** Any other vendor code. */
  | "vendor"
  /** Any other HTTP status. */
  | "http"
  /** A body that is not JSON: a login page, nothing at all, cut off. The message says which. */
  | "not_json"
  /** JSON, but not what the endpoint answers with; `path` names the place. */
  | "unexpected_shape"
  /** The caller's header source failed (its error is `cause`) or gave an impossible header. */
  | "headers"
  /** The client's `fetch` failed by itself (its error is `cause`) or gave no Response; or there is none. */
  | "fetch"
  /** Refused before anything was sent; `path` names the option or the field. */
  | "invalid_argument"
  /** A walk that cannot end: pages repeat or never stop. */
  | "paging_unstable"
  /** Not a snapshot, a damaged one, or one of a newer version. */
  | "snapshot"
  /** No memory for it, in the WebAssembly module or beside it. What was there before is as it was. */
  | "out_of_memory"
  /** Our fault; or the WebAssembly module cannot be loaded, and the message says why. */
  | "internal";

/**
 * Why a call failed. Nothing in it is private: no key, no signature, no phone number.
 *
 * `JSON.stringify(error)` and `{ ...error }` have all of it but `cause` and `stack`. A structured clone of
 * an error keeps its message alone: `postMessage({ ...error })`, whose copy `isByrobotError` knows.
 */
export interface ByrobotError extends Error {
  /** By which {@link isByrobotError} knows it. */
  readonly name: "ByrobotError";
  /** Which of the ways to fail: what a program decides by. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** The vendor's name of the endpoint, "getTasks". */
  readonly endpoint: string | null;
  /** Without its query. */
  readonly url: string | null;
  /** HTTP status, of a `totalTimeout` that of the last answer; `null`: no answer came. */
  readonly status: number | null;
  /** The vendor's `code`. */
  readonly vendorCode: number | null;
  /** The vendor's `resultMsg`, without numbers that could be private. */
  readonly vendorMessage: string | null;
  /** The vendor's `requestId`; later servers send one. */
  readonly requestId: string | null;
  /** The place in the answer, "data.list[3].callInstanceId", or the argument. */
  readonly path: string | null;
  /** How many attempts began, each with the `headers` function; 0: nothing was sent. */
  readonly attempts: number;
  /** How long the server asked to wait, milliseconds. */
  readonly retryAfterMs: number | null;
  /** What `fetch`, or the caller's function, threw; of a `totalTimeout` the error of the attempt before. */
  readonly cause: unknown;
}

/**
 * Whether `value` is an error of this package, also of a second copy of it, where `instanceof` would
 * not do.
 *
 * ```ts
 * try {
 *   await client.getTasks({ companyId: 1 });
 * } catch (error) {
 *   if (isByrobotError(error) && error.code === "unauthorized") location.assign("/sign-in");
 *   else throw error;
 * }
 * ```
 */
export function isByrobotError(value: unknown): value is ByrobotError {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    value.name === "ByrobotError" &&
    "code" in value &&
    typeof value.code === "string"
  );
}

/**
 * What `call` promises; the stack of an error of ours becomes that of the call, and names the line that
 * asked. @internal
 */
export async function traced<T>(call: () => Promise<T>): Promise<T> {
  const here = new Error(); // Engines write its stack out when it is read.
  try {
    return await call();
  } catch (error) {
    throw at(here, error);
  }
}

/** The error; if it is one of ours, with the stack of another one: its own ends in the module. @internal */
export function at({ stack }: Error, error: unknown): unknown {
  if (isByrobotError(error) && typeof stack === "string") {
    // V8 begins with the name, the others with the frames.
    const value = stack.replace(/^Error(?=\n|$)/, () => `${error.name}: ${error.message}`);
    Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
  }
  return error;
}

/** An error for what goes wrong outside the WebAssembly module. @internal */
export function internalError(message: string, cause: unknown = null): ByrobotError {
  return byrobotError("internal", message, null, cause);
}

/** An error for an argument that does not get as far as the WebAssembly module. @internal */
export function invalidArgument(
  path: string,
  message: string,
  cause: unknown = null,
): ByrobotError {
  return byrobotError("invalid_argument", `${path}: ${message}`, path, cause);
}

/** An error for memory that there is not. @internal */
export function outOfMemory(cause: unknown = null): ByrobotError {
  const message = "there is not enough memory for this; free what is not needed, or ask for less";
  return byrobotError("out_of_memory", message, null, cause);
}

/** An error for a time limit that ran out here. @internal */
export function timeoutError(message: string): ByrobotError {
  return byrobotError("timeout", message, null, null);
}

/** Makes an error's message a part of its JSON and of `{ ...error }`. @internal */
export function plain<T extends Error>(error: T): T {
  return Object.defineProperty(error, "message", { enumerable: true });
}

function byrobotError(
  code: ErrorCode,
  message: string,
  path: string | null,
  cause: unknown,
): ByrobotError {
  const error = plain(new Error(message));
  const fields: Omit<ByrobotError, "message" | "stack" | "cause"> = {
    name: "ByrobotError",
    code,
    retryable: code === "timeout",
    endpoint: null,
    url: null,
    status: null,
    vendorCode: null,
    vendorMessage: null,
    requestId: null,
    path,
    attempts: 0,
    retryAfterMs: null,
  };
  Object.defineProperty(error, "cause", { value: cause, configurable: true, writable: true });
  return Object.assign(error, fields) as ByrobotError;
}
