// Options of a client and of its calls, and the events that it reports. Not here: how they are checked
// (src/wasm/options.rs).
import type { FetchFunction } from "./fetch.js";
import type { ByrobotError } from "../wasm/errors.js";

/** Headers as `fetch` takes them. A project without the DOM's types has no name for this. */
export type HeadersInput = Headers | [string, string][] | Record<string, string>;

/** Headers, or a function that gives them; the function is called for every attempt. */
export type HeadersSource = HeadersInput | (() => HeadersInput | Promise<HeadersInput>);

/** Whether and when to try again. All five endpoints only read, so trying again is safe. */
export interface RetryOptions {
  /** Attempts in all. Default 3. */
  attempts?: number | undefined;
  /** Longest wait before the second attempt, milliseconds; doubles with each further one. Default 500. */
  minDelay?: number | undefined;
  /** Longest wait of all, milliseconds. Default 10 000. */
  maxDelay?: number | undefined;
  /** Longest `Retry-After` obeyed, milliseconds; a longer one is cut to this. Default 60 000. */
  maxRetryAfter?: number | undefined;
}

/** Options of one call; given to the client, defaults for all its calls. */
export interface CallOptions {
  /** Aborts the call; its promise rejects with `signal.reason` itself. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for each attempt, headers and body included; `Infinity` for no limit. Default 60 000. */
  timeout?: number | undefined;
  /**
   * Milliseconds for all attempts and the waits between and before them. A wait that does not fit is not
   * begun: the call rejects at once with the error for which it would wait. Default `Infinity`.
   */
  totalTimeout?: number | undefined;
  /** `false` for a single attempt. */
  retry?: RetryOptions | false | undefined;
  /** Added to the client's headers, replacing those of the same name. */
  headers?: HeadersSource | undefined;
}

/**
 * Options of a client.
 *
 * There is none for an AppSecret, and one that looks like it is refused: signing belongs to a server.
 */
export interface ClientOptions extends CallOptions {
  /**
   * Where the API, or a proxy of it, lies: `"https://host/path"`, `"/path"` or `""` on the page's own
   * server. Slashes do not matter. Default `"https://api.byrobot.cn"`.
   */
  baseUrl?: string | undefined;
  /** As for `fetch`. */
  credentials?: "include" | "omit" | "same-origin" | undefined;
  /**
   * Used instead of the global `fetch`, and called like it, with an absolute URL and plain options: that of
   * undici with a proxy, node-fetch, a function that refreshes a token and asks again. What it throws is
   * `network`, and tried again, if a runtime says so of a lost connection; any other error is `fetch`.
   */
  fetch?: FetchFunction | undefined;
  /** Requests in flight at once. Default 6. */
  maxConcurrency?: number | undefined;
  /** An attempt is about to be sent. A hook that throws is reported on the console. */
  onRequest?(event: RequestEvent): void;
  /** An answer has arrived, whatever it says. */
  onResponse?(event: ResponseEvent): void;
  /** An attempt failed, and another follows. */
  onRetry?(event: RetryEvent): void;
}

/** An attempt that is about to be sent, for logs and metrics. Nothing in it is private. */
export interface RequestEvent {
  /** The same for all attempts of a call, different for each call of a client. */
  id: string;
  /** The vendor's name, "getTasks". */
  endpoint: string;
  /** "GET" or "POST". */
  method: string;
  /** Without its query. */
  url: string;
  /** From 1. */
  attempt: number;
}

/** An answer that has arrived. */
export interface ResponseEvent extends RequestEvent {
  /** HTTP status. */
  status: number;
  /** From sending to the last byte, milliseconds. */
  durationMs: number;
}

/** A failed attempt that another follows. */
export interface RetryEvent extends RequestEvent {
  /** Why it failed. */
  error: ByrobotError;
  /** Milliseconds until then. */
  delayMs: number;
}
