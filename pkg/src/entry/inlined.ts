// Entry point "byrobot-calls": the module's bytes are in the script, nothing has to be awaited.
import * as inlined from "#inline";
import { unpacked, unpackedLater } from "../wasm/inline.js";
import { provide } from "../wasm/instance.js";

provide(
  () => unpacked(inlined),
  () => unpackedLater(inlined),
);

export * from "./index.js";
