// Unpacks the bytes of a WebAssembly module, which are packed and in base64 inside the bundle. A second, small
// module unpacks them (unpack/src/lib.rs).
import * as unpacker from "#unpack";

/** A module as `scripts/inline.mjs` writes it. @internal */
export interface Inlined {
  base64: string;
  /** Unpacked, in bytes. */
  size: number;
}

interface Unpacker {
  memory: WebAssembly.Memory;
  packed(): number;
  unpack(size: number): number;
}

/** The bytes of the module. @internal */
export function unpacked(inlined: Inlined): Uint8Array<ArrayBuffer> {
  return unpackedBy(new WebAssembly.Instance(new WebAssembly.Module(unpackerBytes())), inlined);
}

/**
 * The same without blocking. Chromium before 115 compiles no more than 4 kB at once on the main thread, and the module
 * that unpacks is larger.
 *
 * @internal
 */
export async function unpackedLater(inlined: Inlined): Promise<Uint8Array<ArrayBuffer>> {
  return unpackedBy((await WebAssembly.instantiate(unpackerBytes())).instance, inlined);
}

function unpackerBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(unpacker.base64);
  return put(text, new Uint8Array(text.length));
}

function unpackedBy(
  { exports }: WebAssembly.Instance,
  { base64, size }: Inlined,
): Uint8Array<ArrayBuffer> {
  const { memory, packed, unpack } = exports as unknown as Unpacker;
  put(atob(base64), new Uint8Array(memory.buffer, packed()));
  return new Uint8Array(memory.buffer as ArrayBuffer, unpack(size), size);
}

function put(text: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // Ten times as fast as Uint8Array.from with a function.
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
