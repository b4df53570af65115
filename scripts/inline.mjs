// Writes a wasm file as a JavaScript module, compressed and in base64, with its declarations:
// `inline.mjs <file.wasm> <folder>`. Needs the decompressor for pages, which build.mjs builds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, root, run } from "./toolchain.mjs";

/** Packs by `unpack/examples/pack.rs`. */
async function packed(file) {
  const folder = mkdtempSync(join(tmpdir(), "byrobot-pack-"));
  try {
    const to = join(folder, "packed");
    const example = ["run", "--quiet", "--release", "-p", "byrobot-unpack", "--example", "pack"];
    await run("cargo", [...example, "--", file, to]);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

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
