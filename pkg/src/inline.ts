// A module's bytes as they travel inside the bundle: raw-deflated, in base64. Inflating is
// synchronous, so that nothing has to be awaited.
import { inflateSync } from "fflate";

/** What `scripts/inline.mjs` wrote. @internal */
export interface Inlined {
  base64: string;
  /** Of the module itself, in bytes. */
  size: number;
}

/** @internal */
export function inflated({ base64, size }: Inlined): Uint8Array<ArrayBuffer> {
  const deflated = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return inflateSync(deflated, { out: new Uint8Array(size) }) as Uint8Array<ArrayBuffer>;
}
