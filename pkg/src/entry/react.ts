// The entry point "byrobot-calls/react". Not here: the adapter (adapters/react.ts).
export * from "../adapters/react.js";
export type { Fill } from "../adapters/life.js";
