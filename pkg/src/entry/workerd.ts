// Entry point under the condition "workerd" (Cloudflare Workers). Workers compile no bytes, so the compiled module
// is imported. Nothing has to be awaited.
import module from "#wasm";
import { provide } from "../wasm/instance.js";

provide(() => module);

export * from "#names";
