// A page's request as the proxy reads it, the same for a standard `Request` and for Node's (node.ts).
import { discard, readBytes, textOf } from "./body.js";
import { settledBefore } from "./deadline.js";
import { Refusal } from "./endpoints.js";
import type { Reply } from "./reply.js";

export interface PageRequest {
  method: string;
  url: URL;
  header: (name: string) => string | null;
  /** Calls the listener when the page disconnects. Returns the function that removes the listener. */
  whenGone: (listener: () => void) => () => void;
  /** Reads the body, once; `undefined` if it has more than `most` bytes. */
  read: (most: number) => Promise<Bytes | undefined>;
  /** Cancels an unwanted body. */
  discard: () => void;
  /**
   * The standard request, for hooks.
   *
   * @param body Its body, if it has been read.
   * @param signal Aborted when the request ends early.
   */
  standard: (body: Bytes | undefined, signal: AbortSignal) => Request;
}

type Bytes = Uint8Array<ArrayBuffer>;

export const pageOf = (request: Request): PageRequest => ({
  method: request.method,
  url: new URL(request.url),
  header: (name) => request.headers.get(name),
  whenGone(listener) {
    // Some Workers have no signal for a page that disconnects.
    const { signal } = request as { signal?: AbortSignal };
    if (signal?.aborted) listener();
    signal?.addEventListener("abort", listener);
    return () => signal?.removeEventListener("abort", listener);
  },
  // `authorize` may read the body again. The unread clone buffers no more than has been read here.
  read: (most) => readBytes(request.clone(), most),
  discard: () => discard(request),
  standard: () => request,
});

/** Handler of a proxy → the same without a `Request` and a `Response`, for adapters. */
export const answers = new WeakMap<object, (page: PageRequest) => Promise<Reply>>();

/** No valid request has a body of this length. */
const longestRequest = 64 * 1024;

/** The body of a `POST`; `undefined` for other methods. */
export async function bodyOf(page: PageRequest, signal: AbortSignal): Promise<Bytes | undefined> {
  if (page.method !== "POST") return undefined;
  if (!/^application\/json(?:\s*;|$)/i.test(page.header("content-type") ?? "")) {
    throw new Refusal(415, "the body has to be application/json");
  }
  const isShort = Number(page.header("content-length") ?? 0) <= longestRequest;
  const bytes = isShort ? await settledBefore(signal, page.read(longestRequest)) : undefined;
  if (bytes) return bytes;
  page.discard();
  throw tooLong();
}

/** The text of a body. */
export function textIn(bytes: Bytes): string {
  const text = textOf(bytes);
  if (text === undefined) throw tooLong();
  return text;
}

const tooLong = () => new Refusal(413, "the body is too long, or not UTF-8");
