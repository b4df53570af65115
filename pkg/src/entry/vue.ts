// The entry point "byrobot-calls/vue". Not here: the adapter (adapters/vue.ts).
export * from "../adapters/vue.js";
export type { Fill } from "../adapters/life.js";
