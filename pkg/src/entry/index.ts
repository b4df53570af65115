// The public names of "byrobot-calls". Not here: the source of the WebAssembly module (inlined.ts, streaming.ts,
// streaming-development.ts, workerd.ts, file.ts).
export * from "./client.js";
export * from "./table.js";
