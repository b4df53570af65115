// The program that each tool builds and runs: a client on a sandbox, a diagnosis, a call, a table, its statistics.

/** The entry points, each with a program of its own. The third is one program with three of them. */
export const entries = [
  "byrobot-calls",
  "byrobot-calls/streaming",
  "byrobot-calls/client, /table, /alerts",
];

/** Whether the program of an entry has to load the module before anything else. */
export const hasToLoad = (entry) => entry.endsWith("/streaming");

/** The imports of the program of an entry. */
export const imports = (entry) =>
  entry.includes(",")
    ? `import { ByrobotClient } from "byrobot-calls/client";
import { CallTable } from "byrobot-calls/table";
import { evaluateAlerts } from "byrobot-calls/alerts";`
    : `import { ByrobotClient, CallTable, init } from "${entry}";`;

const alerts = `const now = new Date("2024-03-15T10:30:00+08:00");
  const { alerts, unavailable } = evaluateAlerts(synchronised, { now, tasks: [task] });
  if (!Array.isArray(alerts) || !Array.isArray(unavailable)) throw new Error("no alerts");`;

/** The module of the program, for one entry; its `program()` promises the statistics as text. */
export const program = (entry) => `
${imports(entry)}
import { createSandbox } from "byrobot-calls/sandbox";

export async function program() {
  ${hasToLoad(entry) ? "await init();" : ""}
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
  const wrong = (await client.diagnose({ language: "en" })).find(({ ok }) => !ok);
  if (wrong) throw new Error("diagnose says " + JSON.stringify(wrong));
  const synchronised = new CallTable();
  const { complete } = await client.syncDoneCalls(synchronised, { callJobId: task.callJobId });
  if (!complete || synchronised.length < list.length) throw new Error("not synchronised");
  ${entry.includes(",") ? alerts : ""}
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
