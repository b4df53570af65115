// A company in memory; a test can change the calls of its tasks during a synchronisation.
import { pause } from "./vendor.mjs";

/** A task as `getTasks` lists it, with its calls, newest first. */
export const task = (callJobId, list, fields = {}) => ({
  list,
  row: { callJobId, jobName: `task ${callJobId}`, status: 1, totalCount: null, ...fields },
});

/** The ids of all calls of a company, ascending. */
export const idsOf = ({ tasks }) =>
  tasks
    .flatMap(({ list }) => list.map(({ callInstanceId }) => callInstanceId))
    .sort((a, b) => a - b);

/**
 * `before(endpoint, asked, number)` is called before each answer and may change the tasks, or give an answer of its
 * own. `asked` are the requests as [endpoint, parameters].
 */
export function company(tasks, { before = () => {}, delay = 0 } = {}) {
  const self = { tasks, asked: [], inFlight: 0, mostInFlight: 0, fetch, before };
  /** The ids of the tasks whose calls were asked for since the last time. */
  self.read = () => {
    const asked = self.asked.splice(0).filter(([endpoint]) => endpoint === "queryDoneTaskPhones");
    return asked.map(([, { callJobId }]) => callJobId);
  };
  async function fetch(...given) {
    const request = new Request(...given);
    const { pathname, searchParams } = new URL(request.url);
    const endpoint = pathname.split("/").at(-1);
    const asked =
      request.method === "GET" ? Object.fromEntries(searchParams) : await request.json();
    self.asked.push([endpoint, asked]);
    self.inFlight += 1;
    self.mostInFlight = Math.max(self.mostInFlight, self.inFlight);
    try {
      const own = await self.before(endpoint, asked, self.asked.length);
      if (delay > 0) await pause(delay, request.signal);
      return own || Response.json({ code: 200, data: answer(endpoint, asked) });
    } finally {
      self.inFlight -= 1;
    }
  }
  function answer(endpoint, asked) {
    const of = (id) => self.tasks.find(({ row }) => row.callJobId === Number(id));
    if (endpoint === "getTaskDetail") {
      const { row, list } = of(asked.taskId);
      return { ...row, totalCount: list.length + 5, doneCount: list.length };
    }
    const listed = ({ row }) => asked.status === undefined || row.status === Number(asked.status);
    const rows =
      endpoint === "getTasks"
        ? self.tasks.filter(listed).map(({ row }) => row)
        : (of(asked.callJobId)?.list ?? []);
    const [page, size] = [Number(asked.pageNum ?? 1), Number(asked.pageSize ?? 10)];
    const list = rows.slice((page - 1) * size, page * size);
    return { pageNum: page, pageSize: size, total: rows.length, list };
  }
  return self;
}
