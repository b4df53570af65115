// Entry point "byrobot-calls/streaming" under the condition "development". Development servers move scripts
// and lose the file beside them, so the bytes are in the script. init() has to be awaited all the same: a
// program that works in development works when it is built.
import * as inlined from "#inline";
import { unpackedLater } from "../wasm/inline.js";
import { provideLater } from "../wasm/instance.js";

provideLater(() => unpackedLater(inlined));

export * from "#names";
