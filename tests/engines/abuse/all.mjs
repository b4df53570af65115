// All abuse of the public functions: which rows belong to which entry point, and whether a function has none. The same in
// Node and in every browser.
import { alertRows } from "./rows-alerts.mjs";
import { clientRows } from "./rows-client.mjs";
import { sandboxRows, serverRows } from "./rows-server.mjs";
import { commonRows, tableRows } from "./rows-table.mjs";
import { abuse, namesOf } from "./run.mjs";
import { runSpecialCases } from "./special.mjs";
import { methodsOf, returnedObjects, worldOf } from "./world.mjs";

/** Functions of prototypes that are internal: they are not in the declarations. */
const internal = [
  ...["ByrobotClient#ask", "ByrobotClient#paginate", "ByrobotClient#baseUrl"],
  ...["LinkedCharts#position", "Iterator#ask", "Iterator#cancel", "Iterator#stop"],
  ...["Pages#ask", "Pages#cancel", "Pages#stop"],
];

/** The rows by entry point: those for the objects that its functions return are with them. */
const rowsOf = (modules) => ({
  calls: { ...tableRows, ...clientRows, ...commonRows },
  sandboxes: sandboxRows,
  alerts: alertRows,
  ...(modules.server && { server: serverRows }),
});

/** The public functions, also of returned objects, that no row names. */
async function forgotten(modules, rows, world) {
  const known = new Set(Object.values(rows).flatMap((part) => Object.keys(part)));
  const names = Object.values(modules).flatMap(namesOf);
  const methods = methodsOf(await returnedObjects(world));
  return [...new Set([...names, ...methods])].filter(
    (name) => !known.has(name) && !internal.includes(name),
  );
}

/**
 * Abuses everything. `modules` are those of the entry points: `calls`, `sandboxes`, `alerts`, `server`, and `copy`, a second
 * one of `calls`. `foreign` is the global object of another realm.
 *
 * @returns Plain data: functions without a row, how many calls were made, and a line for each that came to what it must not.
 */
export async function abuseAll({ copy, ...modules }, foreign, choose = () => true) {
  const world = await worldOf({ ...modules, copy });
  const rows = rowsOf(modules);
  const missing = await forgotten(modules, rows, world);
  const outcome = { missing, calls: 0, findings: [] };
  for (const [part, some] of Object.entries(rows)) {
    if (!choose(part)) continue;
    const { calls, findings } = await abuse(some, world, foreign);
    outcome.calls += calls;
    outcome.findings.push(...findings);
  }
  if (choose("special")) outcome.findings.push(...(await runSpecialCases(world, foreign)));
  return outcome;
}
