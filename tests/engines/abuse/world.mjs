// What abused functions work on: a sandbox, a client, a table with calls, views and charts of it. Not here: the calls.
import { functionsOf } from "./run.mjs";

const bytesOf = (snapshot) => snapshot.join();

/** A world made with the modules of entry points, by their names. */
export async function worldOf(modules) {
  const { calls, sandboxes } = modules;
  const sandbox = await sandboxes.createSandbox({ seed: 7, tasks: 3, callsPerTask: 12 });
  const options = { baseUrl: "https://vendor.example", fetch: sandbox.fetch, retry: false };
  const client = new calls.ByrobotClient({ ...options, timeout: 2000 });
  const { list: tasks } = await client.getTasks({ companyId: 1 });
  const { callJobId } = tasks[0];
  const table = new calls.CallTable();
  await client.syncDoneCalls(table, { callJobId });
  const rows = table.rows();
  const { callInstanceId } = rows[0];
  const before = bytesOf(table.snapshot());
  const detail = await client.phoneLogInfo({ callInstanceId });
  const world = {
    ...modules,
    ...{ sandbox, client, options, table, tasks, callJobId, callInstanceId, rows, detail },
    view: table.where({}),
    charts: table.linked({
      lengths: { histogram: "duration", edges: [0, 10, 60] },
      all: { statistics: true },
    }),
    /** A table that a call may change. */
    other: new calls.CallTable(),
    /** What has changed that must not. */
    async check(mayChange) {
      try {
        if (bytesOf(table.snapshot()) !== before) return "the table has changed";
        if (world.view.length !== rows.length) return "the view has changed";
        if (world.charts.length !== rows.length) return "the charts have changed";
        const { length } = world.other;
        if (length > 0 && !mayChange) return "the table of another call has changed";
        if (length > 0) world.other.clear();
        const { list } = await client.getTasks({ companyId: 1, pageSize: 1 });
        return list.length === 1 ? null : "the client answers otherwise";
      } catch (error) {
        return `afterwards: ${error?.name}: ${error?.message}`;
      }
    },
  };
  return world;
}

/** Objects that functions return, by the name that rows have for their methods: "CallView#where". */
export async function returnedObjects(world) {
  const { calls, client, sandbox, detail, callJobId } = world;
  const paginator = client.doneCalls({ callJobId });
  const follow = client.follow(new calls.CallTable(), { callJobId });
  follow.stop();
  const queries = calls.queries(client);
  let change;
  const watched = new calls.CallTable();
  watched.subscribe((told) => (change = told));
  watched.ingest([{ callInstanceId: 1 }]);
  return {
    CallView: world.view,
    LinkedCharts: world.charts,
    Paginator: paginator,
    Iterator: paginator[Symbol.asyncIterator](),
    Pages: paginator.pages(),
    Follow: follow,
    Queries: queries,
    Query: queries.tasks({ companyId: 1 }),
    PagesQuery: queries.tasksPages({ companyId: 1 }),
    Transcript: calls.transcript(detail),
    TableChange: change,
    Sandbox: sandbox,
  };
}

/** The names of the methods of these objects. */
export const methodsOf = (objects) =>
  Object.entries(objects).flatMap(([name, object]) =>
    functionsOf(object).map((method) => `${name}#${method}`),
  );
