// The sizes of the entry points and of the tarball against their budgets. Not here: the measurement (scripts/size.mjs).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { weights } from "../../scripts/size.mjs";
import { install } from "./installation.mjs";

describe("the weight of", () => {
  let project;
  before(async () => (project = await install()));
  after(() => project?.remove());

  test("each entry, bundled and gzipped, is within its budget", async (t) => {
    const all = await weights();
    assert.ok(all.length > 2);
    for (const { entry, gzip, brotli, budget } of all) {
      t.diagnostic(`${entry}: ${gzip} bytes gzipped, ${brotli} by brotli`);
      assert.ok(gzip <= budget, `${entry}: ${gzip} bytes gzipped, ${budget} budgeted`);
      // A budget far above the weight guards nothing.
      assert.ok(
        gzip > budget * 0.9,
        `${entry}: ${gzip} bytes gzipped; lower its budget of ${budget}`,
      );
    }
  });

  test("the tarball is within its budget", () => {
    const { size } = project.packed;
    assert.ok(size < 1_440_000, `${size} bytes packed`);
  });
});
