// The door "byrobot-calls/streaming": the module is a file, compiled while it arrives.
import { provideLater } from "../wasm/instance.js";

// Bundlers look for these very words; they copy the file and put its address here.
provideLater(() => new URL("./byrobot_calls.wasm", import.meta.url));

export * from "./index.js";
