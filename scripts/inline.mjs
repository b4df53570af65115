// Writes a wasm file as a JavaScript module: raw-deflated by zopfli, in base64, with its declarations.
// Run as a program of its own, `inline.mjs <file.wasm> <folder>`: zopfli's npm package takes over
// the process's handling of errors.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import zopfli from "@gfx/zopfli";

const [file, folder] = process.argv.slice(2);
const wasm = readFileSync(file);
const deflated = Buffer.from(await zopfli.deflateAsync(wasm, { numiterations: 15 }));
if (!inflateRawSync(deflated).equals(wasm)) throw new Error("zopfli lost something");

writeFileSync(
  join(folder, "inline.js"),
  `export const size = ${wasm.length};\nexport const base64 = "${deflated.toString("base64")}";\n`,
);
writeFileSync(
  join(folder, "inline.d.ts"),
  `/** Length of the wasm module in bytes. */
export const size: number;
/** The module, raw-deflated (RFC 1951), in base64. */
export const base64: string;
`,
);
console.log(`✓ ${file}: ${wasm.length} bytes, deflated ${deflated.length}`);
