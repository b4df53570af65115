// `ByrobotError`, the reason of a rejected promise. Not here: the errors of the module (src/wasm/error.rs).

/** The kind of a failure. An abort by the caller has none: the promise rejects with `signal.reason`. */
export type ErrorCode =
  /** No answer: unreachable, reset, CORS, mixed content. Or an answer that ends early; then it has a `status`. */
  | "network"
  /** `timeout` or `totalTimeout` has passed. The message says whether anything was sent. */
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
  /** The body is not JSON: a login page, an empty body, other text. The message says which. */
  | "not_json"
  /** The body is JSON, but not an answer of the endpoint. `path` names the field. */
  | "unexpected_shape"
  /** The caller's `headers` function failed (`cause` is its error), or a header is invalid. */
  | "headers"
  /** The client's `fetch` option failed (`cause` is its error) or returned no Response; or there is no `fetch`. */
  | "fetch"
  /** Wrong input, refused before anything is sent. `path` names the option or the field. */
  | "invalid_argument"
  /** The list has no end: its pages repeat or never stop. */
  | "paging_unstable"
  /** The bytes are not a snapshot, or a damaged one, or one of a newer version. */
  | "snapshot"
  /** There is not enough memory, in the WebAssembly module or outside of it. Nothing has changed. */
  | "out_of_memory"
  /** A fault of this package; or the WebAssembly module cannot be loaded, and the message says why. */
  | "internal";

/**
 * The reason why a call failed. It holds nothing private: no key, no signature, no phone number.
 *
 * `JSON.stringify(error)` and `{ ...error }` have all fields but `cause` and `stack`. A structured clone of an
 * error keeps only its message, so post `{ ...error }` to a worker: `isByrobotError` recognises the copy.
 */
export interface ByrobotError extends Error {
  /** {@link isByrobotError} recognises the error by it. */
  readonly name: "ByrobotError";
  /** The kind of the failure, for programs. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** The vendor's name of the endpoint, "getTasks". */
  readonly endpoint: string | null;
  /** The URL without its query. */
  readonly url: string | null;
  /** HTTP status; after a `totalTimeout` the one of the last answer. `null`: no answer began. */
  readonly status: number | null;
  /** The vendor's `code`. */
  readonly vendorCode: number | null;
  /** The vendor's `resultMsg`; numbers that could be private are removed. */
  readonly vendorMessage: string | null;
  /** The vendor's `requestId`. Newer servers send one. */
  readonly requestId: string | null;
  /** The field of the answer, "data.list[3].callInstanceId", or the argument. */
  readonly path: string | null;
  /** Attempts that began; each calls the `headers` function. 0: nothing was sent. */
  readonly attempts: number;
  /** `Retry-After` of the server, milliseconds. */
  readonly retryAfterMs: number | null;
  /** The error of `fetch` or of the caller's function; after a `totalTimeout` the error of the attempt before. */
  readonly cause: unknown;
}

/**
 * Whether `value` is an error of this package. It also recognises errors of a second copy of the package, which
 * `instanceof` would not.
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
  try {
    const { name, code } = value as Partial<ByrobotError>;
    return typeof value === "object" && name === "ByrobotError" && typeof code === "string";
  } catch {
    // `null` and `undefined` have no properties, and those of a Proxy may throw.
    return false;
  }
}

/**
 * The promise of `call`. An error of this package gets the stack of the caller, so that it names the line that
 * called. @internal
 */
export async function traced<T>(call: () => Promise<T>): Promise<T> {
  const here = new Error(); // Engines format its stack only when it is read.
  try {
    return await call();
  } catch (error) {
    throw at(here, error);
  }
}

/** The error. One of this package gets another stack, because its own ends in the module. @internal */
export function at({ stack }: Error, error: unknown): unknown {
  if (isByrobotError(error) && typeof stack === "string") {
    // V8 begins with the name, the others with the frames.
    const value = stack.replace(/^Error(?=\n|$)/, () => `${error.name}: ${error.message}`);
    Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
  }
  return error;
}

/** An error `internal` for a failure outside of the WebAssembly module. @internal */
export function internalError(message: string, cause: unknown = null): ByrobotError {
  return byrobotError("internal", message, null, cause);
}

/** An error `invalid_argument` for an argument that never reaches the WebAssembly module. @internal */
export function invalidArgument(
  path: string,
  message: string,
  cause: unknown = null,
): ByrobotError {
  return byrobotError("invalid_argument", `${path}: ${message}`, path, cause);
}

/**
 * The result of `read`, which reads what the caller has given: a getter, a Proxy or a value of another type may throw
 * there. Whatever is thrown becomes `invalid_argument`. @internal
 */
export function reading<T>(path: string, expected: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw isByrobotError(error) ? error : invalidArgument(path, `expected ${expected}`, error);
  }
}

/**
 * A copy of an object of options; none for `undefined` and `null`.
 *
 * @param names The options that there are. Default: not checked.
 * @throws {ByrobotError} `invalid_argument` for another value, and for an unknown name. @internal
 */
export function optionsOf<T extends object>(
  given: T | null | undefined,
  names?: readonly string[],
): T {
  const copy = reading("options", "an object that can be read", () => {
    if (given != null && (typeof given !== "object" || Array.isArray(given))) {
      throw invalidArgument("options", "expected an object");
    }
    return { ...given } as T;
  });
  const unknown = names && Object.keys(copy).find((name) => !names.includes(name));
  if (unknown === undefined) return copy;
  throw invalidArgument(unknown, `no such option; there are ${names!.join(", ")}`);
}

/** Whether a value is an array; not if it is a Proxy of which nothing can be read. @internal */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** More items than any list has that is read as a whole: an array may claim any length. */
const mostItems = 1_000_000;

/** A copy of an array; `invalid_argument` for another value and for one that is too long. @internal */
export function itemsOf<T>(list: readonly T[], path: string, expected: string): T[] {
  return reading(path, expected, () => {
    if (!Array.isArray(list) || list.length > mostItems) {
      throw invalidArgument(path, `expected ${expected}`);
    }
    return Array.from(list as readonly T[]);
  });
}

/** An error `out_of_memory`. @internal */
export function outOfMemory(cause: unknown = null): ByrobotError {
  const message = "there is not enough memory for this; free what is not needed, or ask for less";
  return byrobotError("out_of_memory", message, null, cause);
}

/** An error `timeout` for a time limit outside of the module. @internal */
export function timeoutError(message: string): ByrobotError {
  return byrobotError("timeout", message, null, null);
}

/** An error `network` for a script that cannot be loaded. @internal */
export function networkError(message: string, cause: unknown): ByrobotError {
  return byrobotError("network", message, null, cause);
}

/** Adds an error's message to its JSON and to `{ ...error }`. @internal */
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
    retryable: code === "timeout" || code === "network",
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
