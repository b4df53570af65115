// Installs the larger engines of tests/elsewhere: DuckDB, ClickHouse and Spark as Python packages, and a Java for Spark.
// The packages go to a folder of the user's cache.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { atomically, debianPackages, quietly } from "./setup.mjs";
import { ask, cache, main, root } from "./toolchain.mjs";

/** The packages with their versions. */
const requirements = join(root, "tests/elsewhere/requirements.txt");

/** The folder is named after the packages, so that a change of a version makes another one. */
const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
const environment = join(cache, `engines-${hash.slice(0, 12)}`);

/** A Python that has the engines. */
export const python = join(environment, "bin/python");

/** The oldest Java that Spark runs on. */
const oldestJava = 17;

/** The version of the Java on `PATH`; 0 without one. It prints it to stderr. */
function javaVersion() {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr ?? "")?.[1] ?? 0);
}

export async function setupEngines() {
  if (ask("python3", ["-c", "import ensurepip, venv"]) === undefined) {
    await debianPackages("Python", ["python3", "python3-venv"]);
  }
  if (javaVersion() < oldestJava) await debianPackages("Java", ["default-jre-headless"]);
  await atomically(environment, async (folder) => {
    await quietly("a folder for Python packages", "seconds", "python3", ["-m", "venv", folder]);
    const install = ["-m", "pip", "install", "--no-input", "--requirement", requirements];
    const what = "DuckDB, ClickHouse and Spark";
    await quietly(what, "2 to 5 minutes", join(folder, "bin/python"), install);
  });
}

await main(import.meta.url, setupEngines);
