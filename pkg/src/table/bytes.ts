// Bytes that the caller gives, and allocations that may fail.
import { invalidArgument, outOfMemory, reading } from "../wasm/errors.js";

/** The result of `make`; `out_of_memory` if JavaScript has no memory for it. @internal */
export function allocating<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw cause instanceof RangeError ? outOfMemory(cause) : cause;
  }
}

/** The bytes of a buffer or a view, also of another realm; `undefined` for other values. @internal */
export function bytesIn(source: unknown): Uint8Array | undefined {
  return reading("source", "bytes that can be read", () => viewOf(source));
}

function viewOf(source: unknown): Uint8Array | undefined {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  // A buffer of another realm is no instance of this realm's class.
  if (Object.prototype.toString.call(source) !== "[object ArrayBuffer]") return undefined;
  return new Uint8Array(source as ArrayBuffer);
}

/** The bytes of a buffer, a view or a text in UTF-8; an error for other values. @internal */
export function bytesOf(source: unknown): Uint8Array {
  if (typeof source === "string") return allocating(() => new TextEncoder().encode(source));
  const bytes = bytesIn(source);
  if (bytes !== undefined) return bytes;
  throw invalidArgument("source", "expected a response body (bytes or text) or an array of calls");
}
