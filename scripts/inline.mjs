// Writes a wasm file as a JavaScript module, compressed and in base64, with its declarations:
// `inline.mjs <file.wasm> <folder>`. Needs the decompressor for pages, which build.mjs builds.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packed } from "./pack.mjs";
import { Failure, root } from "./toolchain.mjs";

/** As `pkg/src/wasm/inline.ts` does it. */
function unpacked(bytes, size) {
  const unpacker = join(root, "target/wasm-bindgen/byrobot_unpack/byrobot_unpack.wasm");
  const module = new WebAssembly.Module(readFileSync(unpacker));
  const { memory, packed, unpack } = new WebAssembly.Instance(module).exports;
  new Uint8Array(memory.buffer, packed(), bytes.length).set(bytes);
  return Buffer.from(memory.buffer, unpack(size), size);
}

const [file, folder] = process.argv.slice(2);
const wasm = readFileSync(file);
const bytes = await packed(file);
if (!unpacked(bytes, wasm.length).equals(wasm)) throw new Failure(`${file} was not packed well`);

writeFileSync(
  join(folder, "inline.js"),
  `export const size = ${wasm.length};\nexport const base64 = "${bytes.toString("base64")}";\n`,
);
writeFileSync(
  join(folder, "inline.d.ts"),
  `/** Length of the wasm module in bytes. */
export const size: number;
/** The module, packed as unpack/src/lib.rs has it, in base64. */
export const base64: string;
`,
);
console.log(`✓ ${file}: ${wasm.length} bytes, packed ${bytes.length}`);
