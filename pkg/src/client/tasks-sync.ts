// `syncTasks`: the finished calls of a company's tasks in one table. Not here: one task (sync.ts), what runs share
// (run.ts).
import type * as glue from "#glue";
import { queried } from "./generated/queries.js";
import { ListPaginator, type Progress } from "./paginator.js";
import { lending, type List, listOf, run } from "./run.js";
import type { SyncOptions, SyncReport } from "./sync-options.js";
import { JobStatus } from "../generated/codes.js";
import type { GetTasksQuery, Task } from "../generated/models.js";
import type { CallTable } from "../table/table.js";
import { invalidArgument, isByrobotError, optionsOf } from "../wasm/errors.js";

/** Options of a synchronisation of a company's tasks. The options of `syncDoneCalls` apply to each task. */
export interface SyncTasksOptions extends Omit<SyncOptions, "onProgress"> {
  /** Which of the tasks that were found are synchronised. Default: all. */
  where?: ((task: Task) => boolean) | undefined;
  /**
   * Tasks that are synchronised at the same time, 1–100. Default 3. Their requests share the client's
   * `maxConcurrency` with all other calls.
   */
  concurrency?: number | undefined;
  /** As for `syncDoneCalls`, after each page of each task. */
  onProgress?(progress: TasksProgress): void;
}

/** The progress of a synchronisation of a company's tasks. */
export interface TasksProgress {
  /**
   * `waiting`: another tab or call synchronises this company, and this one waits for its end. `listing`: finds tasks and
   * reads their calls. `saving`: writes to the store.
   */
  phase: Exclude<Progress["phase"], "verifying">;
  /** Tasks that are up to date or have failed. */
  done: number;
  /** Tasks to synchronise; `null` before they are found. */
  total: number | null;
  /** The tasks that were found and chosen by `where`; `null` before. */
  found: readonly Task[] | null;
  /** Calls in the table. */
  calls: number;
  /** Requests so far, without retries. */
  requests: number;
}

/** The report of a synchronisation of a company's tasks. The counts of calls are sums over all tasks. */
export interface TasksSyncReport extends SyncReport {
  /** Tasks that were synchronised, with those that failed. */
  tasks: number;
  /** The tasks that were found and chosen by `where`, as the vendor lists them. */
  found: readonly Task[];
  /** Those of them without a request: they have ended, and no call has come or changed for a while. */
  skipped: number;
  /** Tasks that failed, each with its error. `complete` is false if there are any; the next synchronisation continues. */
  failed: {
    /** The id of the task. */
    callJobId: number;
    /** The error of its synchronisation. */
    error: Error;
  }[];
}

/** A task that has ended is read again at the latest after so many milliseconds. */
const DAY = 86_400_000;

/** The tasks whose last calls are still to be read, by the list of tasks. */
const unended = new WeakMap<CallTable, Map<string, Set<number>>>();

/** Brings a table up to date with the tasks of a company. @internal */
export async function syncTasks(
  client: glue.Client,
  table: CallTable,
  query: GetTasksQuery,
  options?: SyncTasksOptions,
): Promise<TasksSyncReport> {
  options = options == null ? undefined : optionsOf(options);
  const list = tasksOf(client, table, query, options);
  const { where = () => true, concurrency = 3, full = false } = options ?? {};
  const before = unended.get(table) ?? new Map<string, Set<number>>();
  unended.set(table, before);

  return run<TasksProgress, Omit<TasksSyncReport, "storeError">>({
    client,
    table,
    list,
    options,
    same: [options?.where, concurrency],
    progress: (phase, calls, report) => {
      const { tasks = 0, requests = 0 } = report ?? {};
      // A cast: only a list of calls is verified.
      phase = phase as TasksProgress["phase"];
      const total = report === undefined ? null : tasks;
      return { phase, done: tasks, total, found: report?.found ?? null, calls, requests };
    },
    async work(inside, tell, signal, keeper) {
      const report = { tasks: 0, skipped: 0, added: 0, updated: 0, unchanged: 0, requests: 0, restarts: 0, complete: true }; // prettier-ignore
      const failed: TasksSyncReport["failed"] = [];
      const pending = new Set<number>();
      let done = 0;
      let total: number | null = null;
      let found: readonly Task[] | null = null;
      const now = () =>
        tell({
          phase: "listing",
          done,
          total,
          found,
          calls: inside().length,
          requests: report.requests,
        });
      /** Adds the requests of one list. */
      const counted = () => {
        let last = 0;
        return ({ requests }: { requests: number }) => {
          report.requests += requests - last;
          last = requests;
          now();
        };
      };

      const synchronise = async (callJobId: number, task?: Task) => {
        const calls = { callJobId };
        const key = JSON.stringify(calls);
        const begun = Date.now();
        const note = inside().note(key);
        const [mark, since = begun, read = begun] = note.split(" ").map(Number);
        const ended = hasEnded(task) ? hash(JSON.stringify(task)) : undefined;
        const isKnown = mark === ended && since <= read && read <= begun;
        // The longer it has been quiet, the longer it is left alone.
        if (isKnown && !full && begun - read < Math.min(read - since, DAY)) {
          report.skipped += 1;
          return;
        }
        const onProgress = counted();
        const part: SyncReport = await lending(inside, (lent) =>
          client.syncDoneCalls(lent, calls, options, onProgress, signal),
        );
        keeper?.read(part.requests);
        for (const name of ["added", "updated", "unchanged", "restarts"] as const) {
          report[name] += part[name];
        }
        report.complete &&= part.complete;
        if (!part.complete || (task !== undefined && ended === undefined)) pending.add(callJobId);
        const isQuiet = isKnown && part.added + part.updated === 0;
        const next =
          ended !== undefined && part.complete
            ? [ended, isQuiet ? since : begun, begun].join(" ")
            : "";
        if (next === note) return;
        inside().setNote(key, next);
        keeper?.changed();
      };

      const listing = { ...options, prefetch: 1, signal, onProgress: counted() };
      const pages = new ListPaginator<Task>(client.walk(queried.tasks[0], query, listing));
      const chosen = (await pages.toArray()).filter((task) => chooses(where, task));
      found = chosen;
      const jobs = new Map<number, Task | undefined>(chosen.map((task) => [task.callJobId, task]));
      // A task that ends may leave the list or the choice: its last calls are read, once.
      for (const id of before.get(list.key) ?? []) if (!jobs.has(id)) jobs.set(id, undefined);
      report.tasks = total = jobs.size;
      const queue = jobs.entries();
      const worker = async () => {
        for (const [callJobId, task] of queue) {
          try {
            await synchronise(callJobId, task);
          } catch (error) {
            // Every caller has left, so nothing receives the reason.
            if (signal.aborted) throw error;
            failed.push({ callJobId, error: error as Error });
            // A task that has left the list may have been deleted.
            if (task !== undefined || (isByrobotError(error) && error.retryable)) {
              pending.add(callJobId);
            }
          }
          done += 1;
          now();
        }
      };
      await Promise.all(Array.from({ length: Math.min(concurrency, total) }, worker));
      before.set(list.key, pending);
      report.complete &&= failed.length === 0;
      return { ...report, found: chosen, failed };
    },
  });
}

/** Asks the caller's function. */
function chooses(where: (task: Task) => boolean, task: Task): boolean {
  try {
    return where(task);
  } catch (cause) {
    throw invalidArgument("where", "the function has thrown, see cause", cause);
  }
}

/** Checks the arguments of `syncTasks`. @internal */
export function tasksOf(
  client: glue.Client,
  table: CallTable,
  query: GetTasksQuery,
  options?: SyncTasksOptions,
): List {
  const { where, concurrency } = options ?? {};
  if (where != null && typeof where !== "function") {
    throw invalidArgument("where", "expected a function");
  }
  if (
    concurrency != null &&
    !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 100)
  ) {
    throw invalidArgument("concurrency", "expected a whole number from 1 to 100");
  }
  return listOf(client, table, queried.tasks[0], query, options);
}

/** Whether no call of a task is to come, unless it is started again. */
const hasEnded = (task?: Task): boolean =>
  task?.status === JobStatus.Completed || task?.status === JobStatus.Terminated;

/** A number for a text: FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (const character of text) {
    sum = Math.imul(sum ^ (character.codePointAt(0) as number), 0x01000193);
  }
  return sum;
}
