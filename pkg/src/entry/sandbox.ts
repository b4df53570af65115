// The entry point "byrobot-calls/sandbox". Not here: the sandbox (sandbox/sandbox.ts).
export * from "../sandbox/sandbox.js";
