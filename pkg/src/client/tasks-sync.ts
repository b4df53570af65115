// `syncTasks`: the finished calls of a company's tasks in one table. Not here: one task (sync.ts), what runs share
// (run.ts).
import type * as glue from "#glue";
import { ListPaginator, type Progress } from "./paginator.js";
import { type List, listOf, run } from "./run.js";
import type { SyncOptions, SyncReport } from "./sync.js";
import { JobStatus } from "../generated/codes.js";
import type { GetTasksQuery, Task } from "../generated/models.js";
import type { CallTable } from "../table/table.js";
import { invalidArgument, isByrobotError } from "../wasm/errors.js";
import { settled } from "../wasm/instance.js";

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
  /** Calls in the table. */
  calls: number;
  /** Requests so far, without retries. */
  requests: number;
}

/** The report of a synchronisation of a company's tasks. The counts of calls are sums over all tasks. */
export interface TasksSyncReport extends SyncReport {
  /** Tasks that were synchronised, with those that failed. */
  tasks: number;
  /** Those of them without a request: they have ended, and no call has come or changed for a while. */
  skipped: number;
  /** Tasks that failed, each with its error. `complete` is false if there are any; the next synchronisation continues. */
  failed: { callJobId: number; error: Error }[];
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
      return { phase, done: tasks, total: report === undefined ? null : tasks, calls, requests };
    },
    async work(inside, tell, signal, keeper) {
      const sum = { added: 0, updated: 0, unchanged: 0, requests: 0, restarts: 0 };
      const failed: TasksSyncReport["failed"] = [];
      let [skipped, done, complete] = [0, 0, true];
      let total: number | null = null;
      /** Adds the requests of a part of this work. */
      const counted = () => {
        let last = 0;
        return ({ requests }: { requests: number }) => {
          sum.requests += requests - last;
          last = requests;
        };
      };
      const now = () =>
        tell({ phase: "listing", done, total, calls: inside().length, requests: sum.requests });

      const listed = counted();
      const onProgress = (progress: Progress) => {
        listed(progress);
        now();
      };
      const listing = { ...options, prefetch: 1, signal, onProgress };
      const pages = new ListPaginator<Task>(client.walk("getTasks", query, listing));
      const found = await pages.toArray();
      const chosen = new Map(found.filter((task) => where(task)).map((task) => [task.callJobId, task]));
      // A task may end and so leave the list or the choice: its last calls are read, once.
      const left = [...(before.get(list.key) ?? [])].filter((id) => !chosen.has(id));
      const jobs: [number, Task?][] = [...chosen, ...left.map((id): [number] => [id])];
      total = jobs.length;

      const synchronise = async (callJobId: number, task?: Task) => {
        const calls = { callJobId };
        const key = JSON.stringify(calls);
        const begun = Date.now();
        const mark = hasEnded(task) ? hash(JSON.stringify(task)) : 0;
        const [known, since = begun, read = begun] = inside().note(key);
        const isKnown = mark !== 0 && mark === known && since <= read && read <= begun;
        // The longer it has been quiet, the longer it is left alone.
        if (isKnown && !full && begun - read < Math.min(read - since, DAY)) {
          skipped += 1;
          return true;
        }
        const part = counted();
        const onPage = (progress: Progress) => {
          part(progress);
          now();
        };
        const report = await settled(() =>
          client.syncDoneCalls(inside(), calls, options, onPage, signal),
        );
        part(report);
        sum.added += report.added;
        sum.updated += report.updated;
        sum.unchanged += report.unchanged;
        sum.restarts += report.restarts;
        complete &&= report.complete;
        const isQuiet = isKnown && report.added + report.updated === 0;
        const note = mark !== 0 && report.complete ? [mark, isQuiet ? since : begun, begun] : [];
        if (note.length > 0 || known !== undefined) {
          inside().setNote(key, new Float64Array(note));
          keeper?.noted();
        }
        return report.complete;
      };

      const pending = new Set<number>();
      const queue = jobs.values();
      const worker = async () => {
        for (const [callJobId, task] of queue) {
          try {
            const isComplete = await synchronise(callJobId, task);
            if (!isComplete || !(task === undefined || hasEnded(task))) pending.add(callJobId);
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
      await Promise.all(Array.from({ length: Math.min(concurrency, jobs.length) }, worker));
      before.set(list.key, pending);
      complete &&= failed.length === 0;
      return { tasks: total, skipped, ...sum, complete, failed };
    },
  });
}

/** Checks the arguments of `syncTasks`. @internal */
export function tasksOf(
  client: glue.Client,
  table: CallTable,
  query: GetTasksQuery,
  options?: SyncTasksOptions,
): List {
  const { where, concurrency } = options ?? {};
  if (where !== undefined && typeof where !== "function") {
    throw invalidArgument("where", "expected a function");
  }
  if (
    concurrency !== undefined &&
    !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 100)
  ) {
    throw invalidArgument("concurrency", "expected a whole number from 1 to 100");
  }
  return listOf(client, table, "getTasks", query, options);
}

/** Whether no call of a task is to come, unless it is started again. */
const hasEnded = (task?: Task): boolean =>
  task?.status === JobStatus.Completed || task?.status === JobStatus.Terminated;

/** A number for a text, from 1 to 2³²: FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  }
  return (sum >>> 0) + 1;
}
