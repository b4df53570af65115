// The queries against the declarations of TanStack Query and SWR: a program of ours, and those of the guide.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { ended, root, start } from "../package/installation.mjs";

const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--jsx", "react-jsx"];
// The declarations of React and of the libraries are not ours to check.
const modules = ["--module", "esnext", "--moduleResolution", "bundler", "--skipLibCheck"];
const language = ["--target", "es2022", "--lib", "es2022,dom,dom.iterable"];

// In the root, where the libraries are found.
const folder = await mkdtemp(join(root, "target/queries-"));
after(() => rm(folder, { recursive: true, force: true }));

test("the hooks know the data, and wrong queries do not compile", async () => {
  const files = [join(root, "tests/types/queries.tsx")];
  const guide = await readFile(join(root, "docs/queries.md"), "utf8");
  const programs = [...guide.matchAll(/^```tsx\n(.*?)^```$/gms)].map(([, program]) => program);
  assert.ok(programs.length >= 2);
  for (const [index, program] of programs.entries()) {
    files.push(join(folder, `guide-${index}.tsx`));
    await writeFile(files.at(-1), program);
  }
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const command = [tsc, ...options, ...modules, ...language, ...files];
  const { stdout } = await ended(start(root, process.execPath, command));
  assert.equal(stdout, "");
});
