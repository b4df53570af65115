// Bytes from the caller, and memory that JavaScript may not have.
import { invalidArgument, outOfMemory } from "../wasm/errors.js";

/** What `make` makes of memory that JavaScript may not have. @internal */
export function allocating<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw cause instanceof RangeError ? outOfMemory(cause) : cause;
  }
}

/** The bytes of a buffer or a view of one, also of another realm; `undefined` for anything else. @internal */
export function bytesIn(source: unknown): Uint8Array | undefined {
  if (source instanceof Uint8Array) return source;
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  // The buffer of another realm is no instance of ours.
  if (Object.prototype.toString.call(source) !== "[object ArrayBuffer]") return undefined;
  return new Uint8Array(source as ArrayBuffer);
}

/** The same, and the UTF-8 of a text; an error for anything else. @internal */
export function bytesOf(source: unknown): Uint8Array {
  if (typeof source === "string") return allocating(() => new TextEncoder().encode(source));
  const bytes = bytesIn(source);
  if (bytes !== undefined) return bytes;
  throw invalidArgument("source", "expected a response body (bytes or text) or an array of calls");
}
