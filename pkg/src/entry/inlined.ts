// The module's bytes are in the script, nothing has to be awaited. The build makes it for "byrobot-calls",
// "byrobot-calls/client" and "byrobot-calls/table", with their modules and names.
import * as inlined from "#inline";
import { unpacked, unpackedLater } from "../wasm/inline.js";
import { provide } from "../wasm/instance.js";

provide(
  () => unpacked(inlined),
  () => unpackedLater(inlined),
);

export * from "#names";
