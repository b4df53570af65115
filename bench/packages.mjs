// Installs the libraries that the benchmarks compare with, from a separate lock file.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../scripts/toolchain.mjs";

const here = import.meta.dirname;

/** Installs the libraries unless the right versions are installed. */
export async function packages() {
  const locked = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages;
  const record = join(here, "node_modules/.package-lock.json");
  const installed = existsSync(record) ? JSON.parse(readFileSync(record, "utf8")).packages : {};
  const complete = Object.entries(locked).every(
    ([path, { version, optional }]) => !path || optional || installed[path]?.version === version,
  );
  if (!complete) await run("npm", ["ci"], { cwd: here });
}
