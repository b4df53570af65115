// Entry point "byrobot-calls/server": the server side, which knows the AppSecret. It needs only Web standards and
// no WebAssembly, and runs in Node, Deno, Bun and Workers.
export {
  createProxy,
  type Access,
  type AnswerContext,
  type AuthorizeContext,
  type AuthorizeResult,
  type ProxyEvent,
  type ProxyOptions,
  type RecordingContext,
  type Tenant,
} from "../server/proxy.js";
export { sign, type Signature } from "../server/sign.js";
export { toNodeHandler } from "../server/node.js";
export { byrobotProxy, type ByrobotProxyOptions, type VitePlugin } from "../server/vite.js";
