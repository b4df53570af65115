// Keeps tenants apart: whose company a task, a call or a recording is. The vendor says so itself, in its list
// of a company's tasks and in its answer about a call. What it does not say is refused.
import { callDetail, taskList } from "../generated/parameters.js";
import { settledBefore } from "./deadline.js";
import { Refusal, type VendorRequest } from "./endpoints.js";
import type { Tenant } from "./options.js";

/** Milliseconds for which a task that was listed counts as the company's. */
const listedFor = 60_000;
/** Milliseconds after which the list is read again for a task that was not there. */
const absentFor = 5_000;
/** Pages of one company's tasks that are read; a task below is not found. */
const mostPages = 200;
/** Companies whose tasks are remembered. */
const mostCompanies = 200;

/** Reads one page of the vendor's list: parameters in, the answer's `data` out. */
type Ask = (endpoint: string, parameters: Record<string, unknown>) => Promise<unknown>;

/** What is known of a company's tasks. */
interface Tasks {
  /** When each task was last listed. */
  listed: Map<number, number>;
  /** The page that is read next; when the first one and the last one before it were read. */
  page: number;
  started: number;
  touched: number;
  /** When the list was last read to its end. */
  ended: number;
  /** The page that is being read; several requests may wait for it. */
  reading: Promise<void> | undefined;
}

export class Tenants {
  #ask: Ask;
  #companies = new Map<number, Tasks>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /**
   * The company that a request asks about; nothing yet, where only the answer can tell.
   *
   * @throws Refusal with 403 where it is none of the tenant's.
   */
  async companyOf(
    { parameters, ids }: VendorRequest,
    { companyIds }: Tenant,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const given = (name: string | undefined) =>
      name === undefined ? undefined : idOf(parameters[name]);
    const [company, task] = [given(ids.company), given(ids.task)];
    if (company !== undefined && !companyIds.includes(company)) throw foreign();
    if (task === undefined) return company;
    return this.#owner(task, company === undefined ? companyIds : [company], signal);
  }

  /**
   * The company that an answer about one call names, whose list has the call's task.
   *
   * @throws Refusal with 403 where it is none of the tenant's, or not named.
   */
  async companyIn(data: unknown, { companyIds }: Tenant, signal: AbortSignal): Promise<number> {
    const call = membersOf([membersOf(data)[callDetail.call]].flat()[0]);
    const company = idOf(call[callDetail.company]);
    if (!companyIds.includes(company)) throw foreign();
    return this.#owner(idOf(call[callDetail.task]), [company], signal);
  }

  /** The company of these whose list has the task. */
  async #owner(task: number, companyIds: readonly number[], signal: AbortSignal): Promise<number> {
    for (const company of companyIds) {
      if (await this.#lists(company, task, signal)) return company;
    }
    throw foreign();
  }

  /** Whether the vendor lists the task as the company's. Reads on until it is found. */
  async #lists(company: number, task: number, signal: AbortSignal): Promise<boolean> {
    if (Number.isNaN(task)) return false;
    const asked = Date.now();
    const tasks = this.#tasksOf(company);
    for (;;) {
      if ((tasks.listed.get(task) ?? -Infinity) > asked - listedFor) return true;
      if (tasks.ended > asked - absentFor) return false;
      tasks.reading ??= this.#read(company, tasks).finally(() => (tasks.reading = undefined));
      await settledBefore(signal, tasks.reading);
    }
  }

  #tasksOf(company: number): Tasks {
    const tasks = this.#companies.get(company) ?? {
      listed: new Map<number, number>(),
      page: 1,
      started: 0,
      touched: 0,
      ended: -Infinity,
      reading: undefined,
    };
    // The one that was asked for longest ago makes room.
    this.#companies.delete(company);
    this.#companies.set(company, tasks);
    const [oldest] = this.#companies.keys();
    if (this.#companies.size > mostCompanies) this.#companies.delete(oldest!);
    return tasks;
  }

  /** Reads the next page of a company's tasks. */
  async #read(company: number, tasks: Tasks): Promise<void> {
    const now = Date.now();
    // New tasks come first, so a reading that was left a while ago begins again.
    if (tasks.touched < now - absentFor) tasks.page = 1;
    if (tasks.page === 1) tasks.started = now;
    const { page, started } = tasks;
    const data = await this.#ask(taskList.endpoint, {
      [taskList.company]: company,
      [taskList.deleted]: true,
      [taskList.page]: page,
      [taskList.size]: taskList.most,
    });
    const { list = data, pages, pageSize } = membersOf(data);
    if (!Array.isArray(list)) {
      throw new Refusal(502, "the vendor does not list the tasks of this company");
    }
    for (const row of list as unknown[]) {
      tasks.listed.set(idOf(membersOf(row)[taskList.id]), now);
    }
    tasks.touched = Date.now();
    const isLast =
      list.length === 0 ||
      page === mostPages ||
      (idOf(pages) > 0 ? page >= idOf(pages) : list.length < (idOf(pageSize) || taskList.most));
    tasks.page = isLast ? 1 : page + 1;
    if (!isLast) return;
    tasks.ended = tasks.touched;
    for (const [task, at] of tasks.listed) if (at < started) tasks.listed.delete(task);
  }
}

const membersOf = (value: unknown) => Object(value) as Record<string, unknown>;

/** An id or a count as the vendor spells it, a number or digits; NaN for everything else. */
const idOf = (value: unknown): number =>
  Number.isSafeInteger(value) || (typeof value === "string" && /^\d{1,15}$/.test(value))
    ? Number(value)
    : NaN;

/** The refusal for what is another company's. */
export const foreign = (): Refusal =>
  new Refusal(403, "this belongs to no company that you may see");
