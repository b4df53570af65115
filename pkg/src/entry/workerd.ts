// The door under the condition "workerd" (Cloudflare Workers): no bytes are compiled there, so the
// module is imported as one. Nothing has to be awaited.
import module from "./byrobot_calls.wasm";
import { provide } from "../wasm/instance.js";

provide(() => module);

export * from "./index.js";
