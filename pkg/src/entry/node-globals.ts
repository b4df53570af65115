// Globals that the entry point for `require` takes from Node: Jest's jsdom has neither. The build injects them.
export { TextDecoder, TextEncoder } from "node:util";
