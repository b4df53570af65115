// Made of src/schema by scripts/schema. Do not edit.
import type { Page, Task, TaskDetail, DoneCall, UndialedCustomer, CallDetail, GetTasksQuery, GetTaskDetailQuery, DoneCallsQuery, UndialedQuery, PhoneLogQuery } from "../../generated/models.js";
import type { CallQuery, PagesQuery, Unpaged } from "../query.js";
/** A query for each endpoint of the vendor, and one that reads page by page for each list. */
export interface CallQueries {
  /** A page of a company's tasks. Vendor: `GET getTasks`. */
  tasks(query: GetTasksQuery): CallQuery<GetTasksQuery, Page<Task>>;
  /** One task with its counts. Vendor: `GET getTaskDetail`. */
  taskDetail(query: GetTaskDetailQuery): CallQuery<GetTaskDetailQuery, TaskDetail>;
  /** A page of finished calls. Vendor: `POST queryDoneTaskPhones`. */
  doneCalls(query: DoneCallsQuery): CallQuery<DoneCallsQuery, Page<DoneCall>>;
  /** A page of calls that wait. Vendor: `POST notDialedCustomerList`. */
  undialedCustomers(query: UndialedQuery): CallQuery<UndialedQuery, Page<UndialedCustomer>>;
  /** One call: transcript, recording, results. Vendor: `GET phoneLogInfo`. */
  callDetail(query: PhoneLogQuery): CallQuery<PhoneLogQuery, CallDetail>;
  /** A company's tasks, page by page. */
  tasksPages(query: Unpaged<GetTasksQuery>): PagesQuery<Unpaged<GetTasksQuery>, Task>;
  /** Finished calls, page by page. */
  doneCallsPages(query: Unpaged<DoneCallsQuery>): PagesQuery<Unpaged<DoneCallsQuery>, DoneCall>;
  /** Calls that wait, page by page. */
  undialedCustomersPages(query: Unpaged<UndialedQuery>): PagesQuery<Unpaged<UndialedQuery>, UndialedCustomer>;
}
/** The endpoint of each query, and whether its answers are pages. @internal */
export const queried = {
  tasks: ["getTasks", true],
  taskDetail: ["getTaskDetail", false],
  doneCalls: ["queryDoneTaskPhones", true],
  undialedCustomers: ["notDialedCustomerList", true],
  callDetail: ["phoneLogInfo", false],
} as const;
