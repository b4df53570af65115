// Lists that exist twice on purpose have the same names: the endpoints of the schema and of the sandbox, the numbers of
// the statistics and of the benchmark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { statistics } from "../../bench/questions.mjs";
import { root } from "./installation.mjs";

const read = (file) => readFileSync(join(root, file), "utf8");
const schema = JSON.parse(read("pkg/src/generated/schema.json"));

test("the sandbox has every endpoint of the schema", async () => {
  const refused = createSandbox({ script: [{ fault: "empty", endpoint: "?" }] });
  const { message } = await refused.catch((error) => error);
  const [, accepted] = message.match(/there are (.*)$/);
  assert.deepEqual(accepted.split(", "), Object.keys(schema.endpoints));
});

test("the benchmark computes every number of the statistics", () => {
  const nothing = { statuses: [0], durations: [], rounds: [], levels: [0, 0, 0, 0, 0, 0, 0] };
  const numbers = Object.keys(statistics(nothing)).sort();
  assert.deepEqual(numbers, schema.metrics.map(({ id }) => id).sort());
});
