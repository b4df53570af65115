// The query factories against the declarations of TanStack Query and SWR. Not here: programs of the guide (tests/docs).
import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ended, root, start } from "../package/installation.mjs";

const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--jsx", "react-jsx"];
// The declarations of React and of the libraries are not ours to check.
const modules = ["--module", "esnext", "--moduleResolution", "bundler", "--skipLibCheck"];
const language = ["--target", "es2022", "--lib", "es2022,dom,dom.iterable"];

test("the hooks infer the data, and wrong queries do not compile", async () => {
  // From the root, where the libraries are found.
  const program = join(root, "tests/types/queries.tsx");
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const command = [tsc, ...options, ...modules, ...language, program];
  const { stdout } = await ended(start(root, process.execPath, command));
  assert.equal(stdout, "");
});
