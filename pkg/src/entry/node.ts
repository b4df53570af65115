// Entry point "byrobot-calls/node": what needs the file system of Node, Bun or Deno. It has no WebAssembly.
export type { CallStore } from "../client/call-store.js";
export { fileStore, type FileStore } from "../client/file-store.js";
