// Entry point "byrobot-calls/streaming": the module is a file, compiled while it is downloaded.
import { provideLater } from "../wasm/instance.js";

// Bundlers look for exactly this expression, with the name of the file in it: they copy the file and insert its address.
provideLater(() => new URL(WASM_FILE, import.meta.url));

export * from "#names";
