// Types of the `fetch` option: a function of the caller that sends requests. src/wasm/client/fetch.rs calls it.

/** The second argument of a {@link FetchFunction}. */
export interface FetchInit {
  /** "GET" or "POST". */
  method: string;
  /** Headers by name, in lower case. */
  headers: Record<string, string>;
  /** JSON; only for POST. */
  body?: string;
  /** Is aborted when nothing waits for the answer any more. */
  signal: AbortSignal;
  /** The client's option, if it is set. */
  credentials?: "include" | "omit" | "same-origin";
  /** If the runtime supports it. */
  cache?: "no-store";
}

/** The part of a Response that the client reads. */
export interface FetchResponse {
  /** HTTP status. */
  readonly status: number;
  /** The client reads `Content-Type`, `Retry-After` and `Date`. */
  readonly headers: {
    /** The value of a header; `null` if it was not sent. */
    get(name: string): string | null;
  };
  /** The whole body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A function that sends a request: `fetch` of a runtime or a library, or a wrapper of it. */
export type FetchFunction = (url: string, init: FetchInit) => Promise<FetchResponse>;
