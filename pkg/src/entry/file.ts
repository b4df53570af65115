// Entry point for `require`: Node, and Jest in each of its environments. The module is read from its file, so
// this entry point is the smallest. Bundlers use inlined.ts for `require`, too.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { provide } from "../wasm/instance.js";

provide(() => readFileSync(join(__dirname, "..", WASM_FILE)));

export * from "#names";
