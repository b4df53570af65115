// A proxy with a function in place of the vendor, on Web standards alone: the same in Node, Deno, Bun and Workers.
// Not here: the attacks (callers.mjs, upstreams.mjs).

export const keys = { appKey: "TestAppKey0000000000", appSecret: "TestSecret00000000000000000000" };
const base = "https://page.test/byrobot";
export const api = "/openapi/v1/task";
export const host = "recordings.test";

/** Fails unless both are the same as JSON. */
export function same(found, wanted, what = "") {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}

/** Whose each task is, and each call's task. */
const companyOf = { 11: 1, 12: 1, 21: 2, 22: 2 };
const taskOf = { 110: 11, 120: 12, 210: 21 };

/** The vendor's answers. As the vendor does, only getTasks and getTaskDetail ask for the company. */
export function vendor() {
  const asked = [];
  const link = (call) => `https://${host}/20240101_1380000${call}.wav`;
  const fetch = async (url, { method = "GET", body = null, headers } = {}) => {
    const { pathname, searchParams, hostname } = new URL(url);
    asked.push({ method, url, body, headers });
    if (hostname === host)
      return new Response("RIFF", { headers: { "content-type": "audio/wav" } });
    const given = body === null ? Object.fromEntries(searchParams) : JSON.parse(body);
    const answer = (data, code = 200) => Response.json({ code, data, resultMsg: "" });
    const known = ([, company]) => company === Number(given.companyId);
    const tasks = Object.entries(companyOf).filter(known);
    const task = Number(given.taskId ?? given.callJobId);
    const calls = Object.keys(taskOf).map(Number);
    switch (pathname.slice(api.length + 1)) {
      case "getTasks": {
        const list = tasks.map(([callJobId]) => ({ callJobId: Number(callJobId) }));
        return answer({ list, total: list.length, pages: 1, pageNum: 1, pageSize: 100 });
      }
      case "getTaskDetail":
        return tasks.some(([id]) => Number(id) === task)
          ? answer({ callJobId: task })
          : answer(null, 404);
      case "queryDoneTaskPhones": {
        const rows = calls.filter((call) => taskOf[call] === task);
        const list = rows.map((call) => ({ callInstanceId: call, luyinOssUrl: link(call) }));
        return answer({ list, total: list.length });
      }
      case "notDialedCustomerList":
        return answer({ list: [{ customerTelephone: "13800001234" }] });
      case "phoneLogInfo": {
        const call = Number(given.callInstanceId);
        const callJobId = taskOf[call];
        if (callJobId === undefined) return answer(null, 404);
        const sceneInstance = { callInstanceId: call, callJobId, companyId: companyOf[callJobId] };
        return answer({ sceneInstance, phoneLog: { luyinOssUrl: link(call) } });
      }
      default:
        return new Response(null, { status: 404 });
    }
  };
  return { fetch, asked };
}

/** Requests of the five operations for company, task and call. */
export const operations = {
  getTasks: ({ company }) => [`${api}/getTasks?companyId=${company}`],
  getTaskDetail: ({ company, task }) => [
    `${api}/getTaskDetail?companyId=${company}&taskId=${task}`,
  ],
  queryDoneTaskPhones: ({ task }) => [`${api}/queryDoneTaskPhones`, { callJobId: task }],
  notDialedCustomerList: ({ task }) => [`${api}/notDialedCustomerList`, { taskId: task }],
  phoneLogInfo: ({ call }) => [`${api}/phoneLogInfo?callInstanceId=${call}`],
};

/** A request of a page. */
export function request(path, query, init = {}) {
  const headers = { ...init.headers };
  if (query === undefined) return new Request(base + path, { ...init, headers });
  headers["content-type"] = "application/json";
  const body = typeof query === "string" ? query : JSON.stringify(query);
  return new Request(base + path, { ...init, method: "POST", headers, body });
}

/** A proxy of that vendor; with its requests to the vendor. */
export function proxyOf(server, options) {
  const { fetch, asked } = vendor();
  const recordingHosts = [host];
  const handle = server.createProxy({ ...keys, fetch, recordingHosts, ...options });
  const ask = async (...given) => {
    const answer = await handle(given[0] instanceof Request ? given[0] : request(...given));
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      ...(isJson && JSON.parse(text)),
    };
  };
  return { ask, asked, handle };
}
