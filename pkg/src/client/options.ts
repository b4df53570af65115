// Types of a client's options, of the options of a call, and of the events for hooks. Not here: their checks
// (src/wasm/client/options.rs).
import type { FetchFunction } from "./fetch.js";
import type { ByrobotError } from "../wasm/errors.js";

/** Headers as `fetch` accepts them. A project without the DOM's types has no name for this type. */
export type HeadersInput = Headers | [string, string][] | Record<string, string>;

/** Headers, or a function that returns them and is called for each attempt. */
export type HeadersSource = HeadersInput | (() => HeadersInput | Promise<HeadersInput>);

/** Options of retries. All five endpoints only read, so a retry is safe. */
export interface RetryOptions {
  /** The greatest number of attempts, with the first one. Default 3. */
  attempts?: number | undefined;
  /** Longest wait before the second attempt, milliseconds; it doubles with each further attempt. Default 500. */
  minDelay?: number | undefined;
  /** Upper limit of these waits, milliseconds. Default 10 000. */
  maxDelay?: number | undefined;
  /** Upper limit of a wait for `Retry-After`, milliseconds. Default 60 000. */
  maxRetryAfter?: number | undefined;
}

/** Options of one call. As options of a client they are the defaults of all its calls. */
export interface CallOptions {
  /** Aborts the call; its promise rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
  /** Milliseconds for each attempt with its headers function and body; `Infinity`: no limit. Default 60 000. */
  timeout?: number | undefined;
  /**
   * Milliseconds for all attempts and all waits, from the call on. If a wait would not fit, the call rejects at once
   * with the error of the last attempt. Default `Infinity`.
   */
  totalTimeout?: number | undefined;
  /** Retries; `false`: a single attempt. */
  retry?: RetryOptions | false | undefined;
  /** Added to the client's headers; they replace headers of the same name. */
  headers?: HeadersSource | undefined;
}

/**
 * Options of a client.
 *
 * There is no option for an AppSecret, and the client refuses options that look like one: servers sign.
 */
export interface ClientOptions extends CallOptions {
  /**
   * The address of the API, or of a proxy: `"https://host/path"`; `"/path"` or `""` on the page's own server. A slash
   * at the end does not matter. Default `"https://api.byrobot.cn"`.
   */
  baseUrl?: string | undefined;
  /** `credentials` of `fetch`. */
  credentials?: "include" | "omit" | "same-origin" | undefined;
  /**
   * Replaces the global `fetch`; it is called with an absolute URL and plain options. Examples: undici with a proxy,
   * node-fetch, a function that refreshes a token and repeats the request. An error that a runtime throws for a lost
   * connection becomes `network` and is retried; any other error becomes `fetch`.
   */
  fetch?: FetchFunction | undefined;
  /** The greatest number of requests in flight. Default 6. */
  maxConcurrency?: number | undefined;
  /** Called before an attempt is sent. If a hook throws, the console shows the error. */
  onRequest?(event: RequestEvent): void;
  /** Called when an answer has arrived, also for an error. */
  onResponse?(event: ResponseEvent): void;
  /** Called when an attempt has failed and another one follows. */
  onRetry?(event: RetryEvent): void;
}

/** An attempt before it is sent, for logs and metrics. It holds nothing private. */
export interface RequestEvent {
  /** Identifies the call: equal for all its attempts, different for each call of a client. */
  id: string;
  /** The vendor's name of the endpoint, "getTasks". */
  endpoint: string;
  /** "GET" or "POST". */
  method: string;
  /** The URL without its query. */
  url: string;
  /** The number of the attempt, from 1. */
  attempt: number;
}

/** An answer after it has arrived. */
export interface ResponseEvent extends RequestEvent {
  /** HTTP status. */
  status: number;
  /** From the request to the last byte, milliseconds. */
  durationMs: number;
}

/** A failed attempt before the next one. */
export interface RetryEvent extends RequestEvent {
  /** The failure. */
  error: ByrobotError;
  /** Milliseconds until the next attempt. */
  delayMs: number;
}
