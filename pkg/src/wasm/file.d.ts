/** The name of the module's file, "./byrobot_calls.wasm". The build puts the text in its place. */
declare const WASM_FILE: string;
