// The benchmark's contestants are independent implementations: the benchmark ends with an error unless all of them answer
// alike. This runs it without its measurements, so that it does not break unnoticed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const bench = join(import.meta.dirname, "../../bench/run.mjs");

test("all contestants of the benchmark give the same answers about 2,000 calls", async () => {
  const args = [bench, "--rows", "2000", "--only", "memory", "--in", "node"];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
  assert.match(stderr, /checking that all answer alike/);
  assert.match(stdout, /CallTable/);
});
