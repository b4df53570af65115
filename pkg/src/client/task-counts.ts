// `taskCounts`: the counts of tasks for a list of them, kept and shared.
import type * as glue from "#glue";
import type { CallOptions } from "./options.js";
import type { Task, TaskDetail } from "../generated/models.js";
import { throwIfAborted } from "../wasm/abort.js";
import { invalidArgument } from "../wasm/errors.js";
import type { Handle } from "../wasm/handle.js";
import { settled } from "../wasm/instance.js";

const names = [
  "status",
  "totalCount",
  "doneCount",
  "calledCount",
  "rejectedCount",
  "unavailableCount",
  "fromUnavailableCount",
] as const;

/** The counts of a task, and its status at the same moment. */
export type TaskCounts = Pick<Task, (typeof names)[number]>;

/** Options of `taskCounts`. If callers share a request, those of the first apply to it. */
export interface TaskCountsOptions extends CallOptions {
  /** Milliseconds for which counts are kept; 0: only requests under way are shared. Default 60 000. */
  maxAge?: number | undefined;
}

/** Counts that were asked for. */
interface Entry {
  counts: Promise<TaskCounts>;
  /** When they arrived; `undefined` before. */
  arrived: number | undefined;
  callers: number;
  /** Ends the request when all callers have left. */
  ended: AbortController;
}

/** `taskCounts` of a client. @internal */
export function countsOf(client: Handle<glue.Client>) {
  const entries = new Map<string, Entry>();
  /** As many requests run at a time: other calls of the client must not wait for a long list. */
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];

  return async (
    companyId: number,
    task: Pick<Task, "callJobId"> & Partial<TaskCounts>,
    options: TaskCountsOptions = {},
  ): Promise<TaskCounts> => {
    const { maxAge = 60_000 } = options;
    if (!(typeof maxAge === "number" && maxAge >= 0)) {
      throw invalidArgument("maxAge", "expected milliseconds from 0");
    }
    if (typeof task?.totalCount === "number" && typeof task.doneCount === "number") {
      return picked(task);
    }
    const query = { companyId, taskId: task?.callJobId };
    const key = JSON.stringify(query);
    let entry = entries.get(key);
    const age = Date.now() - (entry?.arrived ?? Date.now());
    const isFresh = entry?.arrived === undefined || (age >= 0 && age < maxAge);
    if (entry === undefined || !isFresh) {
      const ended = new AbortController();
      const { signal } = ended;
      const work = async () => {
        throwIfAborted(signal);
        return picked(
          await settled<TaskDetail>(() =>
            client().call("getTaskDetail", query, { ...options, signal }),
          ),
        );
      };
      const [first = Promise.resolve()] = lanes.splice(0, 1);
      const made: Entry = { counts: first.then(work), arrived: undefined, callers: 0, ended };
      lanes.push(made.counts.catch(() => {}));
      made.counts.then(
        () => (made.arrived = Date.now()),
        () => entries.get(key) === made && entries.delete(key),
      );
      entries.set(key, (entry = made));
    }
    const shared = entry;
    shared.callers += 1;
    try {
      return await settled(() => client().unlessAborted(shared.counts, options));
    } finally {
      shared.callers -= 1;
      if (shared.callers === 0 && shared.arrived === undefined) {
        shared.ended.abort();
        if (entries.get(key) === shared) entries.delete(key);
      }
    }
  };
}

function picked(task: Partial<TaskCounts>): TaskCounts {
  return Object.fromEntries(names.map((name) => [name, task[name] ?? null])) as TaskCounts;
}
