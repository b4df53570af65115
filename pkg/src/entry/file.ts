// The door of `require`: Node, and Jest whatever its environment. The module is read from the file,
// which makes this the smallest of the doors. Bundlers take "byrobot-calls" for `require`, too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { provide } from "../wasm/instance.js";

provide(() => readFileSync(join(__dirname, "../byrobot_calls.wasm")));

export * from "./index.js";
