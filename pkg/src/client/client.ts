// `ByrobotClient`. Not here: the requests (src/client), the methods of the endpoints (generated/methods.ts).
import type { DiagnoseOptions, Diagnosis } from "./diagnose.js";
import { Client } from "#glue";
import { networkError, optionsOf, reading, traced } from "../wasm/errors.js";
import type { FetchFunction } from "./fetch.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { load, ready, settled } from "../wasm/instance.js";
import { Endpoints } from "./generated/methods.js";
import { queried } from "./generated/queries.js";
import type { DoneCallsQuery, GetTasksQuery, Task } from "../generated/models.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { type Follow, type FollowOptions, followed } from "./follow.js";
import { listOf } from "./run.js";
import { sync } from "./sync.js";
import type { SyncOptions, SyncReport } from "./sync-options.js";
import { countsOf, type TaskCountsOptions } from "./task-counts.js";
import { type SyncTasksOptions, syncTasks, tasksOf, type TasksSyncReport } from "./tasks-sync.js";
import type { CallTable } from "../table/table.js";
import { ListPaginator, type Paginator, type PaginatorOptions } from "./paginator.js";

/**
 * A client for the BYRobot (百应) API, or for a proxy that signs its requests.
 *
 * Every promise rejects with a `ByrobotError`, or with `signal.reason` if its signal is aborted.
 *
 * ```ts
 * const client = new ByrobotClient({ baseUrl: "/byrobot" });
 * const { list } = await client.getTasks({ companyId: 1, status: JobStatus.Running });
 * ```
 */
export class ByrobotClient extends Endpoints {
  // Not #private fields: a Proxy of the client, such as Vue's, could not read them.
  /** @internal */
  declare private readonly client: Handle<Client>;
  /** @internal */
  declare private readonly fetch: FetchFunction | undefined;
  /** @internal */
  declare private readonly counts: ReturnType<typeof countsOf>;

  /** @throws {ByrobotError} `invalid_argument` for an unknown or wrong option. */
  constructor(options?: ClientOptions) {
    super();
    ready();
    const client = handleOf("client", new Client(options));
    hide(this, {
      client,
      fetch: reading("fetch", "a function", () => options?.fetch),
      counts: countsOf(client),
    });
  }

  /**
   * Diagnoses the set-up like the method of a client, also if no client can be made because WebAssembly does not run.
   *
   * ```ts
   * const found = await ByrobotClient.diagnose({ baseUrl: "/byrobot" });
   * found.find(({ ok }) => !ok)?.fix; // "Add 'wasm-unsafe-eval' to script-src (…"
   * ```
   * @throws {ByrobotError} `invalid_argument` for an unknown or wrong option; `network` if the script of the checks cannot
   * be loaded.
   */
  static async diagnose(options?: ClientOptions, ask?: DiagnoseOptions): Promise<Diagnosis[]> {
    const made = async () => {
      await load();
      return new ByrobotClient(options);
    };
    return traced(async () => {
      const fetch = reading("options", "an object that can be read", () => options?.fetch);
      return (await checks()).runChecks(made, fetch, ask);
    });
  }

  /**
   * Requests one task and reports, check by check, whether it works and how to fix it: WebAssembly,
   * Content-Security-Policy, mixed content, connection, CORS, base URL, sign-in, clock, signature, answer. The report
   * ends at the first failed check, because the later ones are unknown. In Node it has no checks of browsers.
   *
   * Vendor: `GET getTasks`, once; a second request if CORS may be the reason.
   *
   * ```ts
   * const found = await client.diagnose({ companyId: 1, language: "zh" });
   * const wrong = found.find(({ ok }) => !ok);
   * if (wrong) console.warn(wrong.check, wrong.detail, wrong.fix);
   * ```
   * Build tools that split put the checks into a script of their own, which is loaded with the first call.
   *
   * @throws {ByrobotError} `invalid_argument` for a wrong `companyId`; `network` if that script cannot be loaded. Failed
   * checks are never thrown.
   */
  async diagnose(ask?: DiagnoseOptions): Promise<Diagnosis[]> {
    return traced(async () => (await checks()).runChecks(() => this, this.fetch, ask));
  }

  /** The normalised base URL, without a slash at its end; `""`: the page's own server. @internal */
  get baseUrl(): string {
    return this.client().baseUrl;
  }

  /** @internal */
  protected ask<T>(endpoint: string, query: object, options?: CallOptions): Promise<T> {
    return settled(() => this.client().call(endpoint, query, options) as Promise<T>);
  }

  /** @internal */
  protected paginate<T>(endpoint: string, query: object, options?: PaginatorOptions): Paginator<T> {
    return new ListPaginator(this.client().walk(endpoint, query, options));
  }

  /**
   * Brings a table up to date with the finished calls of a task, and keeps it in a store, if one is given. The first
   * synchronisation reads the whole list; later ones read only calls that were added, moved or changed near its head.
   * If it is stopped, the table is valid, and the next synchronisation continues.
   *
   * It finds every call that was added to the list or returned to it, also if rows move meanwhile. It finds an edit
   * that does not move its call only on the pages that it reads, those of the newest calls; `full` reads all pages. A
   * call that leaves the list stays in the table.
   *
   * Vendor: `POST queryDoneTaskPhones`, 50 at a time.
   *
   * ```ts
   * const table = new CallTable();
   * const report = await client.syncDoneCalls(table, { callJobId: 21752 }, {
   *   store: indexedDbStore(),
   *   onProgress: ({ done, total }) => console.log(`${done} / ${total ?? "?"}`),
   * });
   * report.complete; // true: every call that is listed is in the table
   * ```
   * @throws {ByrobotError} Errors of a call; `invalid_argument`; `paging_unstable` for a list without an end. The table
   * keeps the calls that arrived before.
   */
  async syncDoneCalls(
    table: CallTable,
    query: DoneCallsQuery,
    options?: SyncOptions,
  ): Promise<SyncReport> {
    return traced(() => sync(this.client(), table, query, options));
  }

  /**
   * Brings one table up to date with the finished calls of a company's tasks: finds the tasks, then synchronises each as
   * {@link syncDoneCalls} does. A store keeps one snapshot of all of them. If it is stopped, the next synchronisation
   * continues.
   *
   * A task that fails does not end the others: see `failed` of the report. A task that has ended and is quiet needs no
   * request. With a filter by `status`, or a `where` that asks for it, the last calls of a task that ends are read, too.
   *
   * Vendor: `GET getTasks`, 50 at a time; `POST queryDoneTaskPhones`, 50 at a time.
   *
   * ```ts
   * const table = new CallTable();
   * const { tasks, failed } = await client.syncTasks(table, { companyId: 1, createDate: "2024-03-15" }, {
   *   store: indexedDbStore(),
   *   onProgress: ({ done, total, calls }) => console.log(`${done} / ${total ?? "?"}, ${calls}`),
   * });
   * for (const { callJobId, error } of failed) console.warn(callJobId, error.message);
   * ```
   * @throws {ByrobotError} `invalid_argument`; errors of the list of tasks. The table keeps the calls that arrived before.
   */
  async syncTasks(
    table: CallTable,
    query: GetTasksQuery,
    options?: SyncTasksOptions,
  ): Promise<TasksSyncReport> {
    return traced(() => syncTasks(this.client(), table, query, options));
  }

  /**
   * Keeps a table up to date: synchronises it now, and again at an interval, as {@link syncDoneCalls} does for a task,
   * or {@link syncTasks} for a company. It pauses while the page is hidden or offline, and catches up at once
   * afterwards; after an error it waits longer. It ends with `stop()`, by `signal`, or if it cannot continue, as after
   * `table.free()`.
   *
   * Vendor: as for one synchronisation, at each interval.
   *
   * ```ts
   * const follow = client.follow(table, { callJobId: 21788 }, {
   *   interval: 10_000,
   *   onChange: ({ added, updated }) => console.log(`${added} came, ${updated} changed`),
   *   onError: (error) => console.warn(error.message),
   * });
   * follow.stop(); // when the page is left
   * ```
   * @throws {ByrobotError} `invalid_argument` for a wrong query or option; the reason of a signal that is aborted.
   */
  follow(
    table: CallTable,
    query: DoneCallsQuery,
    options?: SyncOptions & FollowOptions<SyncReport>,
  ): Follow;
  follow(
    table: CallTable,
    query: GetTasksQuery,
    options?: SyncTasksOptions & FollowOptions<TasksSyncReport>,
  ): Follow;
  follow(
    table: CallTable,
    query: DoneCallsQuery | GetTasksQuery,
    options?: Omit<SyncTasksOptions, "onProgress"> & FollowOptions<never>,
  ): Follow {
    const client = this.client();
    options = optionsOf(options);
    const isOfCompany = reading(
      "query",
      "an object that can be read",
      () => (query as GetTasksQuery | undefined)?.companyId !== undefined,
    );
    if (!isOfCompany) {
      listOf(client, table, queried.doneCalls[0], query, options);
      const calls = query as DoneCallsQuery;
      return followed(
        table,
        (signal) => sync(client, table, calls, { ...options, signal }),
        options,
      );
    }
    const tasks = query as GetTasksQuery;
    tasksOf(client, table, tasks, options);
    return followed(
      table,
      (signal) => syncTasks(client, table, tasks, { ...options, signal }),
      options,
    );
  }

  /**
   * A task with its counts, which `getTasks` does not send, for a list of tasks: ask for the rows that are visible. The
   * answer is kept for `maxAge`, callers that want the same one share a request, and two requests run at a time. A row
   * that has counts is the answer.
   *
   * Vendor: `GET getTaskDetail`, once for each task.
   *
   * ```ts
   * const { list } = await client.getTasks({ companyId: 1 });
   * for (const task of list.slice(0, 2)) {
   *   const { doneCount, totalCount } = await client.taskCounts(1, task);
   *   console.log(task.jobName, doneCount, totalCount);
   * }
   * ```
   * @throws {ByrobotError} Errors of a call.
   */
  async taskCounts(companyId: number, task: Task, options?: TaskCountsOptions): Promise<Task> {
    return traced(() => this.counts(companyId, task, options));
  }
}

/** The checks and their words: a script of their own where the build tool splits, because most pages never need them. */
async function checks() {
  try {
    return await import("./diagnose.js");
  } catch (cause) {
    const message = "the script of diagnose, a part of this page, cannot be loaded: see cause";
    throw networkError(message, cause);
  }
}
