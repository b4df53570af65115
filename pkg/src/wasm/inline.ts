// Unpacks the bytes of a WebAssembly module, which are packed and in base64 inside the bundle. A second, small
// module unpacks them synchronously (unpack/src/lib.rs).
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
export function unpacked({ base64, size }: Inlined): Uint8Array<ArrayBuffer> {
  const small = atob(unpacker.base64);
  const module = new WebAssembly.Module(put(small, new Uint8Array(small.length)));
  const instance = new WebAssembly.Instance(module);
  const { memory, packed, unpack } = instance.exports as unknown as Unpacker;
  put(atob(base64), new Uint8Array(memory.buffer, packed()));
  return new Uint8Array(memory.buffer as ArrayBuffer, unpack(size), size);
}

function put(text: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // Ten times as fast as Uint8Array.from with a function.
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
