// After the compiler: which declarations are published, and their second copy for `require`.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Leaves in dist the declarations that package.json's `exports` lead to, and copies to dist/cjs those
 * that `require` leads to: there the same text declares CommonJS, because of a package.json beside it.
 */
export async function tidyDeclarations(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const dist = join(folder, "dist");
  const cjs = join(dist, "cjs");
  // TypeScript emits no copy of a declaration that was written by hand.
  for (const name of readdirSync(join(folder, "src")).filter((name) => name.endsWith(".d.ts"))) {
    copyFileSync(join(folder, "src", name), join(dist, name));
  }
  const entries = typesIn(exports);
  const inCjs = (file) => file.startsWith("./dist/cjs/");
  const published = await reachable(
    dist,
    entries.filter((file) => !inCjs(file)),
  );
  const required = await reachable(dist, entries.filter(inCjs));
  mkdirSync(cjs, { recursive: true });
  for (const name of required) copyFileSync(join(dist, name), join(cjs, name));
  writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
  for (const name of readdirSync(dist).filter((name) => name.endsWith(".d.ts"))) {
    if (!published.has(name)) rmSync(join(dist, name));
  }
}

/** Every file that stands under a condition "types". */
function typesIn(exports) {
  if (typeof exports !== "object") return [];
  return Object.entries(exports).flatMap(([condition, target]) =>
    condition === "types" ? [target] : typesIn(target),
  );
}

/** The names of these declarations, and of all that they import. */
async function reachable(dist, entries) {
  const { default: ts } = await import("typescript");
  const found = new Set(entries.map((file) => basename(file)));
  for (const name of found) {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(dist, name), "utf8"));
    for (const { fileName } of importedFiles)
      found.add(basename(fileName).replace(/\.js$/, ".d.ts"));
  }
  return found;
}
