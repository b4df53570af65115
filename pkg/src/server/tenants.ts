// Keeps tenants apart: finds the company of a task, a call or a recording. The vendor's list of a company's tasks
// and its answer about a call name the company. A request that the vendor does not confirm is refused.
import { callDetail, taskList } from "../generated/parameters.js";
import { settledBefore } from "./deadline.js";
import { Refusal, type VendorRequest } from "./endpoints.js";
import type { Tenant } from "./options.js";

/** Milliseconds for which a listed task counts as the company's. */
const listedFor = 60_000;
/** Milliseconds after which the list is read again for a task that was not in it. */
const absentFor = 5_000;
/** The largest number of pages of one company's tasks that are read; a task on a later page is not found. */
const mostPages = 200;
/** The largest number of companies whose tasks are remembered. */
const mostCompanies = 200;

/** Reads one page of the vendor's list: from the parameters to the answer's `data`. */
type Ask = (endpoint: string, parameters: Record<string, unknown>) => Promise<unknown>;

/** The known tasks of a company. */
interface Tasks {
  /** Task → time when it was last listed. */
  listed: Map<number, number>;
  /** The next page to read; the times when the first page and the latest page were read. */
  page: number;
  started: number;
  touched: number;
  /** The time when the list was last read to its end. */
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
   * The company of a request; `undefined` if only the answer can name it.
   *
   * @throws Refusal with 403 if it is not one of the tenant's companies.
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
   * The company that an answer about one call names, if that company's list has the call's task.
   *
   * @throws Refusal with 403 if the answer names no company, or none of the tenant's.
   */
  async companyIn(data: unknown, { companyIds }: Tenant, signal: AbortSignal): Promise<number> {
    const call = membersOf([membersOf(data)[callDetail.call]].flat()[0]);
    const company = idOf(call[callDetail.company]);
    if (!companyIds.includes(company)) throw foreign();
    return this.#owner(idOf(call[callDetail.task]), [company], signal);
  }

  /** The company whose list has the task. */
  async #owner(task: number, companyIds: readonly number[], signal: AbortSignal): Promise<number> {
    for (const company of companyIds) {
      if (await this.#lists(company, task, signal)) return company;
    }
    throw foreign();
  }

  /** Whether the vendor lists the task as the company's. Reads more pages until the task is found. */
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
    // Removes the least recently used company.
    this.#companies.delete(company);
    this.#companies.set(company, tasks);
    const [oldest] = this.#companies.keys();
    if (this.#companies.size > mostCompanies) this.#companies.delete(oldest!);
    return tasks;
  }

  /** Reads the next page of a company's tasks. */
  async #read(company: number, tasks: Tasks): Promise<void> {
    const now = Date.now();
    // New tasks come first, so an old, unfinished reading starts again.
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

/** An id or a count as the vendor writes it, a number or digits; NaN for everything else. */
const idOf = (value: unknown): number =>
  Number.isSafeInteger(value) || (typeof value === "string" && /^\d{1,15}$/.test(value))
    ? Number(value)
    : NaN;

/** The refusal of another company's data. */
export const foreign = (): Refusal =>
  new Refusal(403, "this belongs to no company that you may see");
