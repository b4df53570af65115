// Rows of abuse: the sandbox, the proxy, signatures. They refuse with `TypeError` and `RangeError`, as their documents say.
// Not here: what a row is (rows-table.mjs).

const isFunction = (value) => typeof value === "function";
const isNothing = (value) => value === undefined;
const isResponse = (value) => Object.prototype.toString.call(value) === "[object Response]";
const errors = ["TypeError", "RangeError"];
const free = (value) => value?.free?.();

const sandboxOptions = () => ({
  ...{ seed: 7, tasks: 2, callsPerTask: 3, faults: { http500: 0 }, latency: 0, live: false },
  ...{ script: [{ fault: "http500", nth: 9 }], now: new Date(1.7e12), appKey: "key" },
  ...{ appSecret: "secret", recordingBase: "https://recordings.example", control: false },
});
const url = "https://vendor.example/openapi/v1/task/getTasks?companyId=1";
const init = () => ({ method: "GET", headers: { accept: "*/*" }, signal: new AbortController().signal }); // prettier-ignore

/** For "byrobot-calls/sandbox". */
export const sandboxRows = {
  createSandbox: { call: (w, ...a) => w.sandboxes.createSandbox(...a), args: () => [sandboxOptions()], result: (value) => isFunction(value?.fetch), tidy: free, errors }, // prettier-ignore
  // As `fetch` of the platform.
  "Sandbox#fetch": { call: (w, ...a) => w.sandbox.fetch(...a), args: () => [url, init()], result: isResponse, errors, skip: ["headers"] }, // prettier-ignore
  "Sandbox#handle": { call: (w, ...a) => w.sandbox.handle(...a), args: () => [new Request(url)], result: isResponse, errors: ["TypeError"] }, // prettier-ignore
  "Sandbox#inject": { call: (w, ...a) => w.sandbox.inject(...a), args: () => [{ fault: "oddFields", endpoint: "getTasks", pageNum: 7, nth: 999 }], result: isNothing, tidy: (_, w) => w.sandbox.reset(), errors }, // prettier-ignore
  "Sandbox#advance": { call: (w, ...a) => w.sandbox.advance(...a), args: () => [0], result: isNothing, tidy: (_, w) => w.sandbox.reset(), errors }, // prettier-ignore
  "Sandbox#reset": { call: (w, ...a) => w.sandbox.reset(...a), args: () => [], result: isNothing },
  "Sandbox#bodies": { call: (w, ...a) => [...w.sandbox.bodies(...a)].length, args: (w) => [w.callJobId], result: (value) => value >= 0, errors }, // prettier-ignore
  "Sandbox#truth": { call: (w) => w.sandbox.truth, args: () => [], result: (value) => Array.isArray(value) }, // prettier-ignore
  "Sandbox#free": {
    args: () => [],
    result: isNothing,
    async call(w, ...a) {
      const sandbox = await w.sandboxes.createSandbox({ tasks: 1, callsPerTask: 1 });
      sandbox.free(...a);
      sandbox.free(...a);
    },
  },
};

const keys = { appKey: "DemoAppKey000000", appSecret: "DemoAppSecret0000000000000000" };
const proxyOptions = () => ({
  ...keys,
  ...{ upstream: "https://vendor.example", authorize: () => true, allowAnswer: () => true },
  ...{ maskPhones: true, recordingHosts: ["recordings.example.com"], recordingDays: 7 },
  ...{ publicPath: "/byrobot", fetch: async () => new Response("{}"), timeout: 1000 },
  ...{ maxConcurrency: 2, maxRecordings: 2, onResponse() {} },
});
const proxyUrl = "https://page.example/byrobot/openapi/v1/task/getTasks?companyId=1";

/** For "byrobot-calls/server". */
export const serverRows = {
  createProxy: { call: (w, ...a) => w.server.createProxy(...a), args: () => [proxyOptions()], result: isFunction, errors }, // prettier-ignore
  // Options are functions of the server's owner: whatever they do becomes an answer.
  "createProxy and a request": { call: async (w, options) => w.server.createProxy(options)(new Request(proxyUrl)), args: () => [proxyOptions()], result: isResponse, errors }, // prettier-ignore
  "createProxy and what authorize gives": { call: async (w, given) => w.server.createProxy({ ...proxyOptions(), authorize: () => given })(new Request(proxyUrl)), args: () => [{ allow: true, tenant: { companyIds: [1] }, limitKey: "7" }], result: isResponse }, // prettier-ignore
  "createProxy and what fetch gives": { call: async (w, given) => w.server.createProxy({ ...proxyOptions(), timeout: 50, fetch: async () => given })(new Request(proxyUrl)), args: () => [new Response("{}")], result: isResponse }, // prettier-ignore
  "createProxy and what allowAnswer gives": { call: async (w, given) => w.server.createProxy({ ...proxyOptions(), fetch: async () => new Response('{"code":200,"data":{"list":[]}}'), allowAnswer: () => given })(new Request(proxyUrl)), args: () => [true], result: isResponse }, // prettier-ignore
  "a proxy": { call: async (w, ...a) => w.server.createProxy(proxyOptions())(...a), args: () => [new Request(proxyUrl)], result: isResponse, errors }, // prettier-ignore
  sign: { call: (w, ...a) => w.server.sign(...a), args: () => ["key", "secret", new Date(1.7e12)], result: (value) => typeof value?.sign === "string", errors: ["TypeError"] }, // prettier-ignore
  toNodeHandler: { call: (w, ...a) => w.server.toNodeHandler(...a), args: (w) => [w.server.createProxy(proxyOptions())], result: isFunction, errors }, // prettier-ignore
  byrobotProxy: { call: (w, ...a) => w.server.byrobotProxy(...a), args: () => [{ ...proxyOptions(), path: "/byrobot" }], result: (value) => isFunction(value?.configureServer), errors }, // prettier-ignore
};
