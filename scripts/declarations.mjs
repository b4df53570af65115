// Chooses the declarations that are published, and copies them for `require`. Runs after the TypeScript compiler.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/**
 * Leaves in dist the declarations that package.json's `exports` lead to, and copies to dist/cjs those
 * that `require` leads to: there the same text declares CommonJS, because of a package.json beside it.
 */
export async function tidyDeclarations(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const dist = join(folder, "dist");
  const cjs = join(dist, "cjs");
  // TypeScript emits no copy of a declaration that was written by hand.
  for (const name of readdirSync(join(folder, "src/entry"))) {
    if (name.endsWith(".d.ts")) {
      copyFileSync(join(folder, "src/entry", name), join(dist, "entry", name));
    }
  }
  // The declarations of the entry points stand beside their scripts.
  for (const name of readdirSync(join(dist, "entry"))) {
    const text = readFileSync(join(dist, "entry", name), "utf8");
    writeFileSync(join(dist, name), text.replace(/((?:from|import) "|import\(")\.\.\//g, "$1./"));
  }
  rmSync(join(dist, "entry"), { recursive: true });
  const entries = typesIn(exports);
  const inCjs = (file) => file.startsWith("./dist/cjs/");
  const published = await reachable(
    dist,
    entries.filter((file) => !inCjs(file)),
  );
  const required = await reachable(dist, entries.filter(inCjs));
  for (const name of required) {
    mkdirSync(dirname(join(cjs, name)), { recursive: true });
    copyFileSync(join(dist, name), join(cjs, name));
  }
  writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
  for (const path of readdirSync(dist, { recursive: true })) {
    const name = path.replaceAll("\\", "/");
    const isPublished = published.has(name) || name.startsWith("cjs/");
    if (name.endsWith(".d.ts") && !isPublished) rmSync(join(dist, name));
  }
}

/** Every file that stands under a condition "types". */
function typesIn(exports) {
  if (typeof exports !== "object") return [];
  return Object.entries(exports).flatMap(([condition, target]) =>
    condition === "types" ? [target] : typesIn(target),
  );
}

/** The paths in dist of these declarations, and of all that they import. */
async function reachable(dist, entries) {
  const { default: ts } = await import("typescript");
  const found = new Set(entries.map((file) => file.replace(/^\.\/dist\/(?:cjs\/)?/, "")));
  for (const name of found) {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(dist, name), "utf8"));
    for (const { fileName } of importedFiles) {
      // Frameworks are the user's.
      if (!fileName.startsWith(".")) continue;
      found.add(posix.join(posix.dirname(name), fileName).replace(/\.js$/, ".d.ts"));
    }
  }
  return found;
}
