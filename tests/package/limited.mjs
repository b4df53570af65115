// WebAssembly modules with little memory. Not here: expectations.
import { numberBytes, readNumber, withSection } from "../../scripts/sections.mjs";

/** A module with at most so many pages of 64 kB. */
export const limited = (wasm, pages) =>
  withSection(wasm, 5, (memories) => {
    // One memory, whether it has a limit already, and its first size.
    const [least] = readNumber(memories, 2);
    return Buffer.concat([Buffer.from([1, 1]), numberBytes(least), numberBytes(pages)]);
  });
