/** The module's file beside the script, "./byrobot_calls.wasm". The build puts the text in its place. */
declare const WASM_FILE: string;
