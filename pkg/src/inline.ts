// The module's bytes as they travel inside the bundle: raw-deflated, in base64. Inflating is
// synchronous, so that nothing has to be awaited.
import { inflateSync } from "fflate";
import { base64, size } from "#inline";

export function inlineWasm(): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const deflated = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return inflateSync(deflated, { out: new Uint8Array(size) }) as Uint8Array<ArrayBuffer>;
}
