// The client as an application sees it. The work is done in Rust, `src/client` and `src/wasm`.
import { type DiagnoseOptions, type Diagnosis, runChecks } from "./diagnose.js";
import type * as glue from "#glue";
import { traced } from "../wasm/errors.js";
import type { FetchFunction } from "./fetch.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { instance, load, settled } from "../wasm/instance.js";
import { Endpoints, type Lists } from "./generated/methods.js";
import type {
  DoneCall,
  DoneCallsQuery,
  GetTasksQuery,
  Task,
  UndialedCustomer,
  UndialedQuery,
} from "../generated/models.js";
import { queried } from "./generated/queries.js";
import type { CallOptions, ClientOptions } from "./options.js";
import { type SyncOptions, type SyncReport, sync } from "./sync.js";
import type { CallTable } from "../table/table.js";
import { ListPaginator, type Paginator, type PaginatorOptions } from "./paginator.js";

/**
 * Asks a BYRobot (百应) server, or a proxy of it that signs.
 *
 * Every promise rejects with a `ByrobotError`, or with `signal.reason` when its signal is aborted.
 *
 * ```ts
 * const client = new ByrobotClient({ baseUrl: "/byrobot" });
 * const { list } = await client.getTasks({ companyId: 1, status: JobStatus.Running });
 * ```
 */
export class ByrobotClient extends Endpoints implements Lists {
  // Not #private fields: a Proxy round the client, such as Vue's, could not reach them.
  /** @internal */
  declare private readonly client: Handle<glue.Client>;
  /** @internal */
  declare private readonly fetch: FetchFunction | undefined;

  /** @throws {ByrobotError} `invalid_argument` for an option that is unknown or wrong. */
  constructor(options?: ClientOptions) {
    super();
    const client = handleOf("client", new (instance().Client)(options));
    hide(this, { client, fetch: options?.fetch });
  }

  /**
   * Looks for what is wrong with the set-up where no client can be made, because WebAssembly does not
   * run: otherwise as the method of a client.
   *
   * ```ts
   * const found = await ByrobotClient.diagnose({ baseUrl: "/byrobot" });
   * found.find(({ ok }) => !ok)?.fix; // "Add 'wasm-unsafe-eval' to script-src (…"
   * ```
   * @throws {ByrobotError} `invalid_argument` for an option that is unknown or wrong.
   */
  static diagnose(options?: ClientOptions, ask?: DiagnoseOptions): Promise<Diagnosis[]> {
    const made = async () => {
      await load();
      return new ByrobotClient(options);
    };
    return runChecks(made, options?.fetch, ask);
  }

  /**
   * Asks for one task, and says step by step what works and what does not, and how to mend it: WebAssembly,
   * Content-Security-Policy, mixed content, connection, CORS, base URL, sign-in, clock, signature, answer.
   * What comes after the first fault cannot be known and is left out; so are, in Node, checks of browsers.
   *
   * Vendor: `GET getTasks`, once; with CORS in doubt, once more.
   *
   * ```ts
   * const found = await client.diagnose({ companyId: 1, language: "zh" });
   * const wrong = found.find(({ ok }) => !ok);
   * if (wrong) console.warn(wrong.check, wrong.detail, wrong.fix);
   * ```
   * @throws {ByrobotError} `invalid_argument` for a wrong `companyId`. What it looks for it never throws.
   */
  diagnose(ask?: DiagnoseOptions): Promise<Diagnosis[]> {
    return runChecks(() => this, this.fetch, ask);
  }

  /** Where it asks, as it was understood: without a slash at its end; `""` is the page's own server. @internal */
  get baseUrl(): string {
    return this.client().baseUrl;
  }

  /** @internal */
  protected ask<T>(endpoint: string, query: object, options?: CallOptions): Promise<T> {
    return settled(() => this.client().call(endpoint, query, options) as Promise<T>);
  }

  /**
   * All tasks of a company.
   *
   * Vendor: `GET getTasks`, 50 at a time; `pageSize` up to 100.
   *
   * ```ts
   * const running = await client.tasks({ companyId: 1, status: JobStatus.Running }).toArray();
   * ```
   * @throws {ByrobotError} `invalid_argument` for a wrong query or option.
   */
  tasks(query: GetTasksQuery, options?: PaginatorOptions): Paginator<Task> {
    return new ListPaginator(this.client().walk(queried.tasks[0], query, options));
  }

  /**
   * All finished calls of a task, newest first. To ask questions of them all, or to keep them, see
   * {@link syncDoneCalls}.
   *
   * Vendor: `POST queryDoneTaskPhones`, 50 at a time.
   *
   * ```ts
   * const query = { callJobId: 21752, finishStatus: FinishStatus.Answered };
   * for await (const call of client.doneCalls(query)) console.log(call.duration);
   * ```
   * @throws {ByrobotError} `invalid_argument` for a wrong query or option.
   */
  doneCalls(query: DoneCallsQuery, options?: PaginatorOptions): Paginator<DoneCall> {
    return new ListPaginator(this.client().walk(queried.doneCalls[0], query, options));
  }

  /**
   * All calls of a task that wait. The server does not say how many there are, and they leave the list
   * while it is read: so a list of more than one page is read again until nothing more comes to light.
   *
   * Vendor: `POST notDialedCustomerList`, 50 at a time.
   *
   * ```ts
   * const waiting = await client.undialedCustomers({ taskId: 21788 }).toArray({ limit: 1000 });
   * ```
   * @throws {ByrobotError} `invalid_argument` for a wrong query or option.
   */
  undialedCustomers(query: UndialedQuery, options?: PaginatorOptions): Paginator<UndialedCustomer> {
    return new ListPaginator(this.client().walk(queried.undialedCustomers[0], query, options));
  }

  /**
   * Brings a table up to date with the finished calls of a task, and keeps it in a store if there is one.
   * The first time it reads the whole list, later only what came, moved or changed near its head.
   * Wherever it is stopped, the table is valid, and the next one goes on from there.
   *
   * It sees every call that entered or came back to the list since, whatever moved meanwhile. An edit
   * that leaves its call where it stands it sees only on the pages it reads, the newest calls; `full`
   * reads all. A call that leaves the list stays in the table.
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
   * @throws {ByrobotError} Those of a call; `invalid_argument`; `paging_unstable` for a list that has no
   * end. What came before is in the table.
   */
  async syncDoneCalls(
    table: CallTable,
    query: DoneCallsQuery,
    options?: SyncOptions,
  ): Promise<SyncReport> {
    return traced(() => sync(this.client(), table, query, options));
  }
}
