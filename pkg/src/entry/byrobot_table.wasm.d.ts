import type { CompiledModule } from "../wasm/loading.js";

/** The file as Cloudflare Workers import it. Bundlers that make an address of it have types of their own. */
declare const module: CompiledModule;
export default module;
