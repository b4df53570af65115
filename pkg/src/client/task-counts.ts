// `taskCounts`: the counts of tasks for a list of them, kept and shared.
import type * as glue from "#glue";
import { queried } from "./generated/queries.js";
import type { CallOptions } from "./options.js";
import type { Task } from "../generated/models.js";
import { throwIfAborted } from "../wasm/abort.js";
import { invalidArgument, optionsOf, reading } from "../wasm/errors.js";
import type { Handle } from "../wasm/handle.js";
import { settled } from "../wasm/instance.js";

/** Options of `taskCounts`. If callers share a request, those of the first apply to it. */
export interface TaskCountsOptions extends CallOptions {
  /** Milliseconds for which an answer is kept; 0: only requests under way are shared. Default 60 000. */
  maxAge?: number | undefined;
}

/** An answer that was asked for. */
interface Entry {
  answer: Promise<Task>;
  /** When it arrived; `undefined` before. */
  arrived?: number;
  callers: number;
  /** Ends the request when all callers have left. */
  ended: AbortController;
}

/** `taskCounts` of a client. @internal */
export function countsOf(client: Handle<glue.Client>) {
  const entries = new Map<string, Entry>();
  /** As many requests run at a time: other calls of the client must not wait for a long list. */
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];

  const request = (key: string, query: object, options: TaskCountsOptions): Entry => {
    const ended = new AbortController();
    const { signal } = ended;
    const work = async () => {
      throwIfAborted(signal);
      return settled<Task>(() =>
        client().call(queried.taskDetail[0], query, { ...options, signal }),
      );
    };
    const answer = (lanes.shift() as Promise<unknown>).then(work);
    const entry: Entry = { answer, callers: 0, ended };
    lanes.push(answer.catch(() => {}));
    answer.then(
      () => (entry.arrived = Date.now()),
      () => entries.get(key) === entry && entries.delete(key),
    );
    entries.set(key, entry);
    return entry;
  };

  return async (companyId: number, task: Task, given?: TaskCountsOptions): Promise<Task> => {
    const options = optionsOf(given);
    const maxAge = options.maxAge ?? 60_000;
    if (!(typeof maxAge === "number" && maxAge >= 0)) {
      throw invalidArgument("maxAge", "expected milliseconds from 0");
    }
    const found = reading("task", "a task", () => ({
      hasCounts: typeof task?.totalCount === "number" && typeof task.doneCount === "number",
      taskId: task?.callJobId,
    }));
    if (found.hasCounts) return task;
    const query = { companyId, taskId: found.taskId };
    const key = reading("companyId", "a number", () => JSON.stringify(query));
    let entry = entries.get(key);
    if (entry?.arrived !== undefined) {
      const age = Date.now() - entry.arrived;
      if (!(age >= 0 && age < maxAge)) entry = undefined;
    }
    const { answer, ended } = (entry ??= request(key, query, options));
    entry.callers += 1;
    try {
      return await settled(() => client().unlessAborted(answer, options));
    } finally {
      entry.callers -= 1;
      if (entry.callers === 0 && entry.arrived === undefined) {
        ended.abort();
        if (entries.get(key) === entry) entries.delete(key);
      }
    }
  };
}
