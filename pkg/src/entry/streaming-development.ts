// The door "byrobot-calls/streaming" under the condition "development": development servers move
// scripts and lose the file beside them, so the bytes are in the script. It has to be awaited all the
// same, so that what works here works when it is built.
import * as inlined from "#inline";
import { unpacked } from "../wasm/inline.js";
import { provideLater } from "../wasm/instance.js";

provideLater(() => unpacked(inlined));

export * from "./index.js";
