// A program that uses every part of the package: the same in Node and in every browser. Not here: how a page loads the
// package, and what is compared (engines.test.mjs).

/** The code of the error that a function throws. */
function refusalOf(action) {
  try {
    return action();
  } catch ({ code }) {
    return code;
  }
}

/** What it comes to, as plain data. */
export async function use({ ByrobotClient, CallTable, isByrobotError, label }, { createSandbox }) {
  const sandbox = await createSandbox({ seed: 7, tasks: 12 });
  const client = new ByrobotClient({ baseUrl: "https://vendor.example", fetch: sandbox.fetch });
  const outcome = {};
  const { list: tasks } = await client.getTasks({ companyId: 1, status: 2 });
  outcome.tasks = tasks;
  const query = { callJobId: tasks[0].callJobId };
  const walked = await client.doneCalls(query).toArray({ limit: 120 });
  outcome.call = await client.phoneLogInfo({ callInstanceId: walked[0].callInstanceId });

  const table = new CallTable();
  outcome.report = await client.syncDoneCalls(table, query);
  outcome.statistics = table.statistics();
  outcome.groups = table.groupBy("intentLevel");
  outcome.answered = table.where({ finishStatus: 0, text: "1" }).rows({ limit: 3 });
  outcome.charts = table.linked({ heat: { heatmap: true }, days: { groupBy: "date" } }).read();
  outcome.csv = table.toCSV().length;
  const copy = CallTable.restore(table.snapshot());
  outcome.same = JSON.stringify(copy.rows()) === JSON.stringify(table.rows());
  // What a compiled `using` calls in engines that have no such symbol.
  const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
  for (const each of [copy.where({}), copy.linked({ all: { statistics: true } }), copy]) {
    each[dispose]();
  }
  outcome.disposed = refusalOf(() => copy.length);
  outcome.taken = new CallTable();
  outcome.taken.ingest(walked);
  outcome.taken = outcome.taken.statistics();
  outcome.label = label("finishStatus", 0, "en");

  const refused = await client.getTasks({ companyId: "none" }).catch((error) => error);
  outcome.refused = [isByrobotError(refused), refused.code, refused.message];
  sandbox.inject({ fault: "timeout" });
  const leaving = new AbortController();
  const waiting = client.getTasks({ companyId: 1 }, { signal: leaving.signal }).catch((e) => e);
  leaving.abort();
  outcome.aborted = (await waiting).name;
  table.free();
  sandbox.free();
  return outcome;
}
