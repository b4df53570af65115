// `syncDoneCalls`: its run. Not here: which page is next (src/paging), what runs share (run.ts).
import type * as glue from "#glue";
import { queried } from "./generated/queries.js";
import type { Progress } from "./paginator.js";
import { optionsOf } from "../wasm/errors.js";
import { lending, listOf, run } from "./run.js";
import type { SyncOptions, SyncReport } from "./sync-options.js";
import type { DoneCallsQuery } from "../generated/models.js";
import type { CallTable } from "../table/table.js";

/** Brings a table up to date, or joins an equal synchronisation that is under way. @internal */
export async function sync(
  client: glue.Client,
  table: CallTable,
  query: DoneCallsQuery,
  options?: SyncOptions,
): Promise<SyncReport> {
  options = options == null ? undefined : optionsOf(options);
  return run<Progress, Omit<SyncReport, "storeError">>({
    client,
    table,
    list: listOf(client, table, queried.doneCalls[0], query, options),
    options,
    same: [],
    progress: (phase, done, report) => ({
      phase,
      done,
      total: report === undefined ? null : done,
      requests: report?.requests ?? 0,
    }),
    async work(inside, tell, signal, keeper) {
      const report: SyncReport = await lending(inside, (part) =>
        client.syncDoneCalls(part, query, options, tell, signal),
      );
      keeper?.read(report.requests);
      return report;
    },
  });
}
