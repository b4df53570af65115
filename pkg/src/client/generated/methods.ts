// Made of src/schema by scripts/schema. Do not edit.
import type { Page, Task, TaskDetail, DoneCall, UndialedCustomer, CallDetail, GetTasksQuery, GetTaskDetailQuery, DoneCallsQuery, UndialedQuery, PhoneLogQuery } from "../../generated/models.js";
import type { CallOptions } from "../options.js";
import type { Paginator, PaginatorOptions } from "../paginator.js";
/** A method for each endpoint of the vendor. */
export abstract class Endpoints {
  /** Sends a query to an endpoint, by the endpoint's name. @internal */
  protected abstract ask<T>(endpoint: string, query: object, options?: CallOptions): Promise<T>;

  /**
   * The tasks of a company, a page at a time. Counts are `null` here: `getTaskDetail` has them.
   *
   * Vendor: `GET getTasks`. Page size 1–100, default 10.
   *
   * ```ts
   * const page = await client.getTasks({ companyId: 1, taskName: "回访", pageSize: 20 });
   * page.list.map((task) => task.jobName);
   * ```
   */
  getTasks(query: GetTasksQuery, options?: CallOptions): Promise<Page<Task>> {
    return this.ask("getTasks", query, options);
  }

  /**
   * One task with its counts, statistics and caller lines.
   *
   * Vendor: `GET getTaskDetail`.
   *
   * ```ts
   * const task = await client.getTaskDetail({ companyId: 1, taskId: 21752 });
   * task.doneCount; // 390
   * ```
   */
  getTaskDetail(query: GetTaskDetailQuery, options?: CallOptions): Promise<TaskDetail> {
    return this.ask("getTaskDetail", query, options);
  }

  /**
   * The finished calls of a task, newest first, a page at a time. While the task runs rows move from
   * page to page.
   *
   * Vendor: `POST queryDoneTaskPhones`. Page size 1–50, default 10.
   *
   * ```ts
   * const page = await client.queryDoneTaskPhones({ callJobId: 21752, finishStatus: FinishStatus.Answered });
   * page.list[0]?.duration; // 19, seconds
   * ```
   */
  queryDoneTaskPhones(query: DoneCallsQuery, options?: CallOptions): Promise<Page<DoneCall>> {
    return this.ask("queryDoneTaskPhones", query, options);
  }

  /**
   * The calls of a task that wait, a page at a time; also those in progress and those to be redialled.
   * The server may leave out `total` and `pages`.
   *
   * Vendor: `POST notDialedCustomerList`. Page size 1–50, default 10.
   *
   * ```ts
   * const page = await client.notDialedCustomerList({ taskId: 21788, pageSize: 50 });
   * page.list.length < page.pageSize; // probably the last one
   * ```
   */
  notDialedCustomerList(query: UndialedQuery, options?: CallOptions): Promise<Page<UndialedCustomer>> {
    return this.ask("notDialedCustomerList", query, options);
  }

  /**
   * One call: transcript, recording and results.
   *
   * Vendor: `GET phoneLogInfo`.
   *
   * ```ts
   * const { phoneLog } = await client.phoneLogInfo({ callInstanceId: 5402053814 });
   * phoneLog.phoneLogs.map((line) => `${line.speaker}: ${line.content}`);
   * ```
   */
  phoneLogInfo(query: PhoneLogQuery, options?: CallOptions): Promise<CallDetail> {
    return this.ask("phoneLogInfo", query, options);
  }
}
/** The vendor's lists, each with the method that reads all its pages. */
export interface Lists {
  tasks(query: GetTasksQuery, options?: PaginatorOptions): Paginator<Task>;
  doneCalls(query: DoneCallsQuery, options?: PaginatorOptions): Paginator<DoneCall>;
  undialedCustomers(query: UndialedQuery, options?: PaginatorOptions): Paginator<UndialedCustomer>;
}
