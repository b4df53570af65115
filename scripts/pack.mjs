// Packs a file by `unpack/examples/pack.rs`.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./toolchain.mjs";

/** The packed bytes of a file. `options` are those of the packer. */
export async function packed(file, ...options) {
  const folder = mkdtempSync(join(tmpdir(), "byrobot-pack-"));
  try {
    const to = join(folder, "packed");
    const example = ["run", "--quiet", "--release", "-p", "byrobot-unpack", "--example", "pack"];
    await run("cargo", [...example, "--", file, to, ...options]);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
