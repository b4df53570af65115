// What the door of `require` takes from Node instead of the globals: Jest's jsdom has neither. The build
// puts them in.
export { TextDecoder, TextEncoder } from "node:util";
