// Entry point "byrobot-calls/streaming": the module is a file, compiled while it is downloaded.
import { provideLater } from "../wasm/instance.js";

// Bundlers look for exactly this expression: they copy the file and insert its address.
provideLater(() => new URL("./byrobot_calls.wasm", import.meta.url));

export * from "./index.js";
