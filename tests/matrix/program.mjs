// The program that each tool builds and runs: a client on a sandbox, a call, a table, its statistics.

/** The module of the program, for one entry point; its `program()` promises the statistics as text. */
export const program = (entry) => `
import { ByrobotClient, CallTable, init } from "${entry}";
import { createSandbox } from "byrobot-calls/sandbox";

export async function program() {
  ${entry === "byrobot-calls" ? "" : "await init();"}
  const { fetch } = await createSandbox({ seed: 7, tasks: 12, callsPerTask: 300 });
  return statistics({ fetch, baseUrl: "https://sandbox.test" });
}

/** Of what a server has, or a sandbox. */
export async function statistics(options) {
  const client = new ByrobotClient(options);
  const { list: [task] } = await client.getTasks({ companyId: 1, status: 1 });
  const { list } = await client.queryDoneTaskPhones({ callJobId: task.callJobId, pageSize: 50 });
  const table = new CallTable();
  table.ingest(list);
  return JSON.stringify(table.statistics());
}
`;

/** The same where no answer comes: `network`, and tried again, by the runtime's fetch and by a function round it. */
export const lost = `
export async function lost(urls) {
  for (const baseUrl of urls) {
    for (const given of [undefined, (...request) => fetch(...request)]) {
      const retry = { attempts: 2, minDelay: 0 };
      const client = new ByrobotClient({ baseUrl, fetch: given, retry });
      const error = await client.getTasks({ companyId: 1 }).catch((error) => error);
      if (error.code === "network" && error.attempts === 2) continue;
      throw new Error("a lost connection: " + error + "; its cause: " + error.cause);
    }
  }
}
`;

/** A script for a page, which shows the outcome there. */
export const pageScript = `
import { program } from "./program.js";
program().then(
  (said) => (globalThis.outcome = said),
  (error) => (globalThis.outcome = String(error)),
);
`;

export const page = (script, head = "") =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}` +
  `<script type="module" src="${script}"></script>`;

/** The program as CommonJS. */
export const required = (entry) =>
  program(entry)
    .replace(/^import (.*) from (.*);$/gm, "const $1 = require($2);")
    .replace(/^export /gm, "");
