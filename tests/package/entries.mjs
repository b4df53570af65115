// The entry points of an installed package, and copies of them, in one process. Not here: expectations.
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Clients and tables that come from different WebAssembly modules: a name of `entriesOf` for each. */
export const pairs = [
  ["byrobot-calls/client", "byrobot-calls/table"],
  ["byrobot-calls/client", "byrobot-calls"],
  ["byrobot-calls", "byrobot-calls/table"],
  ["byrobot-calls", "a copy of byrobot-calls"],
  ["a copy of byrobot-calls/client", "byrobot-calls/table"],
  ["byrobot-calls/client, required", "byrobot-calls/table"],
  ["byrobot-calls/client", "byrobot-calls/table, required"],
];

/** The modules, by name. Each has a WebAssembly module of its own. */
export async function entriesOf(project) {
  const required = createRequire(project.path("here.js"));
  await cp(project.path("node_modules/byrobot-calls"), project.path("copy"), { recursive: true });
  const copied = (file) => import(pathToFileURL(project.path("copy/dist", file)));
  return {
    "byrobot-calls": await project.import(),
    "byrobot-calls/client": await project.import("byrobot-calls/client"),
    "byrobot-calls/table": await project.import("byrobot-calls/table"),
    "a copy of byrobot-calls": await copied("inlined.js"),
    "a copy of byrobot-calls/client": await copied("client.js"),
    "byrobot-calls/client, required": required("byrobot-calls/client"),
    "byrobot-calls/table, required": required("byrobot-calls/table"),
  };
}

/** The rows of a table, by id. */
export const rowsOf = (table) =>
  table.rows().sort((one, other) => one.callInstanceId - other.callInstanceId);

/** A `fetch` that notes what is asked of a sandbox: the endpoint and the part of the list. */
export function noted(sandbox, { before = () => {} } = {}) {
  const self = { asked: [], fetch };
  async function fetch(...given) {
    const request = new Request(...given);
    const { pathname, searchParams } = new URL(request.url);
    const asked =
      request.method === "GET" ? Object.fromEntries(searchParams) : await request.clone().json();
    self.asked.push([pathname.split("/").at(-1), asked]);
    return (await before(self.asked.length, request)) ?? sandbox.fetch(request);
  }
  return self;
}
