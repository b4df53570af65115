// What a function of the caller's is called with that sends requests. It is called in Rust,
// `src/wasm/fetch.rs`.

/** What a {@link FetchFunction} is called with, besides the URL. */
export interface FetchInit {
  /** "GET" or "POST". */
  method: string;
  /** By their names in lower case. */
  headers: Record<string, string>;
  /** JSON, of a POST. */
  body?: string;
  /** Aborted when the answer is no longer wanted. */
  signal: AbortSignal;
  /** The client's option, if it was given. */
  credentials?: "include" | "omit" | "same-origin";
  /** Where the runtime knows it. */
  cache?: "no-store";
}

/** What is read of a response. */
export interface FetchResponse {
  /** HTTP status. */
  readonly status: number;
  /** `Content-Type`, `Retry-After` and `Date` are asked for. */
  readonly headers: {
    /** The value of a header; null if it was not sent. */
    get(name: string): string | null;
  };
  /** The whole body. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A function that sends a request: the `fetch` of a runtime or a library, or one that wraps it. */
export type FetchFunction = (url: string, init: FetchInit) => Promise<FetchResponse>;
