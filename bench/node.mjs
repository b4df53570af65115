// Runs the work for one number of rows in a fresh Node process. `run.mjs` starts it and receives the results.
import assert from "node:assert/strict";
import { makeCalls } from "./calls.mjs";
import { watchWasm } from "./measure.mjs";

const options = JSON.parse(process.argv[2]);
watchWasm();
// Imported after `watchWasm`, which records the wasm memories of these modules.
const { createSandbox } = await import("byrobot-calls/sandbox");
const { connect } = await import("./contestants/duckdb-node.mjs");
const { run } = await import("./work.mjs");

/** Checks that generated bodies have the same form as those of the sandbox. */
async function checkForm() {
  const sandbox = await createSandbox({ seed: 7, tasks: 12, callsPerTask: 100 });
  const ask = async (path, body) => {
    const request = body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    return (await sandbox.fetch(`http://localhost/openapi/v1/task/${path}`, request)).json();
  };
  const { data: tasks } = await ask("getTasks?companyId=1&pageSize=100&status=2");
  const [{ callJobId }] = tasks.list;
  const theirs = await ask("queryDoneTaskPhones", { callJobId, pageSize: 50 });
  const ours = JSON.parse(makeCalls(1000).body(0, 50, 50));
  const form = (value) =>
    value && typeof value === "object"
      ? Object.entries(value).map(([key, field]) => [key, typeof field])
      : [];
  const row = ({ data }) => data.list.find(({ luyinOssUrl }) => luyinOssUrl);
  for (const part of [(body) => body, ({ data }) => data, row]) {
    assert.deepEqual(form(part(ours)), form(part(theirs)));
  }
  sandbox.free();
}

await checkForm();
const say = (text) => process.send({ progress: text });
process.send({ results: await run({ ...options, connect, say }) });
process.disconnect();
