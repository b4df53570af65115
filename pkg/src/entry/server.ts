// The door "byrobot-calls/server": the half of the package that knows the AppSecret. On Web standards
// alone, without WebAssembly; it runs in Node, Deno, Bun, Workers and wherever else there is a Request.
export { createProxy, type ProxyEvent, type ProxyOptions } from "../server/proxy.js";
export { sign, type Signature } from "../server/sign.js";
export { toNodeHandler } from "../server/node.js";
export { byrobotProxy, type ByrobotProxyOptions, type VitePlugin } from "../server/vite.js";
