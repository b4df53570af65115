// Rows of abuse: the client, its lists, synchronisations and queries. Not here: what a row is (rows-table.mjs); the methods of
// stores, which only a synchronisation calls (tests/package/visits-storage.test.mjs).

import { dispose } from "./values.mjs";

const isArray = (value) => Array.isArray(value);
const isFunction = (value) => typeof value === "function";
const isNothing = (value) => value === undefined;
const isPage = (value) => isArray(value?.list);
const isStep = (value) => typeof value?.done === "boolean";
const isPaginator = (value) => isFunction(value?.toArray);
const isFollow = (value) => isFunction(value?.stop) && typeof value.state === "string";
const isQuery = (value) => isArray(value?.queryKey) && isFunction(value.queryFn);
const isReport = (value) => value?.complete === true && Number.isSafeInteger(value.added);
const stop = (value) => value?.stop?.();

const signal = () => new AbortController().signal;
const callOptions = () => ({
  signal: signal(),
  timeout: 1000,
  totalTimeout: 2000,
  retry: { attempts: 2, minDelay: 1, maxDelay: 2, maxRetryAfter: 3 },
  headers: { "x-own": "1" },
});
const clientOptions = (w) => ({
  ...w.options,
  ...callOptions(),
  ...{ credentials: "omit", maxConcurrency: 2, onRequest() {}, onResponse() {}, onRetry() {} },
});
const pagingOptions = () => ({ ...callOptions(), prefetch: 1, onProgress() {} });
/** A store in memory. */
function memory() {
  const kept = new Map();
  return {
    load: async (key) => kept.get(key) ?? null,
    save: async (key, bytes) => void kept.set(key, bytes),
    remove: async (key) => void kept.delete(key),
    version: async () => null,
    exclusive: async (_, work) => work(),
  };
}
const syncOptions = () => ({ ...pagingOptions(), store: memory(), storeTimeout: 100, mode: "walk", full: false }); // prettier-ignore
const tasksOptions = () => ({ ...syncOptions(), where: () => true, concurrency: 2 });
const followOptions = () => ({ interval: 1000, jitter: 0.1, onReport() {}, onChange() {}, onError() {}, onState() {} }); // prettier-ignore
const doneQuery = ({ callJobId }) => ({ callJobId, finishStatus: 0, durationLeft: 0, durationRight: 999, chatRoundLeft: 0, chatRoundRight: 99, index: -1, resultQueryList: [{ name: "客户意向等级", value: "A级(较强)" }], pageNum: 1, pageSize: 5 }); // prettier-ignore
const listQuery = ({ callJobId }) => ({ callJobId });
const tasksQuery = () => ({ companyId: 1, taskName: "", status: 1, needAll: true });

/**
 * What a call may reject with: wrong headers and functions have codes of their own; a function that is right and gives
 * nothing never answers.
 */
const callErrors = ["invalid_argument", "headers", "fetch", "network", "timeout"];
/** An id that the sandbox does not know. */
const vendorErrors = [...callErrors, "not_found", "rejected_parameters", "vendor", "server", "forbidden"]; // prettier-ignore

const asked = (method, query, result) => ({
  call: (w, ...a) => w.client[method](...a),
  args: (w) => [query(w), callOptions()],
  result,
  errors: vendorErrors,
});
const listed = (method, query) => ({
  call: (w, ...a) => w.client[method](...a),
  args: (w) => [query(w), pagingOptions()],
  result: isPaginator,
});
const read = (method, query) => ({
  call: async (w, ...a) => w.client[method](...a).toArray(),
  args: (w) => [query(w), pagingOptions()],
  result: isArray,
  errors: vendorErrors,
});
/** A table of its own, which may get calls. */
const synchronised = (method, query, options) => ({
  async call(w, ...a) {
    const [table] = a;
    const outcome = await w.client[method](...a);
    if (table instanceof w.calls.CallTable && table !== w.table) table.free();
    return outcome;
  },
  args: (w) => [new w.calls.CallTable(), query(w), options()],
  result: isReport,
  errors: vendorErrors,
});

/** Runs a call whose client may have no `fetch` option: nothing goes to the network. */
const offline =
  (run) =>
  async (w, ...a) => {
    const { fetch } = globalThis;
    globalThis.fetch = w.sandbox.fetch;
    try {
      return await run(w, ...a);
    } finally {
      globalThis.fetch = fetch;
    }
  };

/** For the entry points with a client. */
export const clientRows = {
  "new ByrobotClient": { call: (w, ...a) => new w.calls.ByrobotClient(...a), args: (w) => [clientOptions(w)], result: (value) => isFunction(value?.getTasks) }, // prettier-ignore
  "new ByrobotClient and a call": { call: offline((w, ...a) => new w.calls.ByrobotClient(...a).getTasks({ companyId: 1 })), args: (w) => [clientOptions(w)], result: isPage, errors: callErrors, skip: ["fetch", "baseUrl"] }, // prettier-ignore
  "ByrobotClient.diagnose": { call: offline((w, ...a) => w.calls.ByrobotClient.diagnose(...a)), args: (w) => [{ ...w.options }, { companyId: 1, language: "en", signal: signal() }], result: isArray, skip: ["fetch", "baseUrl"] }, // prettier-ignore
  "ByrobotClient#diagnose": { call: (w, ...a) => w.client.diagnose(...a), args: () => [{ companyId: 1, language: "en", signal: signal() }], result: isArray }, // prettier-ignore
  "ByrobotClient#getTasks": asked("getTasks", () => ({ ...tasksQuery(), createDate: "2024-03-15", pageNum: 1, pageSize: 5 }), isPage), // prettier-ignore
  "ByrobotClient#getTaskDetail": asked("getTaskDetail", (w) => ({ companyId: 1, taskId: w.callJobId }), (value) => value?.callJobId > 0), // prettier-ignore
  "ByrobotClient#queryDoneTaskPhones": asked("queryDoneTaskPhones", doneQuery, isPage),
  "ByrobotClient#notDialedCustomerList": asked("notDialedCustomerList", (w) => ({ taskId: w.callJobId, pageNum: 1, pageSize: 5 }), isPage), // prettier-ignore
  "ByrobotClient#phoneLogInfo": asked("phoneLogInfo", (w) => ({ callInstanceId: w.callInstanceId }), (value) => isArray(value?.phoneLog?.phoneLogs)), // prettier-ignore
  "ByrobotClient#tasks": listed("tasks", tasksQuery),
  "ByrobotClient#doneCalls": listed("doneCalls", listQuery),
  "ByrobotClient#undialedCustomers": listed("undialedCustomers", (w) => ({ taskId: w.callJobId })),
  "ByrobotClient#tasks, read": read("tasks", tasksQuery),
  "ByrobotClient#doneCalls, read": read("doneCalls", listQuery),
  "ByrobotClient#syncDoneCalls": synchronised("syncDoneCalls", listQuery, syncOptions),
  "ByrobotClient#syncTasks": synchronised("syncTasks", tasksQuery, tasksOptions),
  "ByrobotClient#follow": {
    call: (w, ...a) => w.client.follow(...a),
    args: (w) => [new w.calls.CallTable(), listQuery(w), { ...syncOptions(), ...followOptions() }],
    result: isFollow,
    tidy: stop,
  },
  "ByrobotClient#follow of tasks": {
    call: (w, ...a) => w.client.follow(...a),
    args: (w) => [new w.calls.CallTable(), tasksQuery(), { ...tasksOptions(), ...followOptions() }],
    result: isFollow,
    tidy: stop,
  },
  "ByrobotClient#taskCounts": { call: (w, ...a) => w.client.taskCounts(...a), args: (w) => [1, { ...w.tasks[0], totalCount: null }, { ...callOptions(), maxAge: 0 }], result: (value) => value?.callJobId > 0 || value?.totalCount >= 0, errors: vendorErrors }, // prettier-ignore
  "Follow#state": followed((follow) => follow.state, (value) => value === "stopped"), // prettier-ignore
  "Follow#syncedAt": followed(
    (follow) => follow.syncedAt,
    (value) => value === null,
  ),
  "Follow#error": followed(
    (follow) => follow.error,
    (value) => value === null,
  ),
  "Follow#subscribe": followed((follow, ...a) => follow.subscribe(...a), isFunction, () => [() => {}]), // prettier-ignore
  "Follow#refresh": followed((follow, ...a) => follow.refresh(...a), isNothing),
  "Follow#stop": followed((follow, ...a) => follow.stop(...a), isNothing),
  "Follow#Symbol(Symbol.dispose)": followed((follow, ...a) => follow[dispose](...a), isNothing), // prettier-ignore
  "Paginator#pages": { call: (w, ...a) => walk(w).pages(...a), args: () => [], result: (value) => isFunction(value?.next) }, // prettier-ignore
  "Paginator#toArray": { call: (w, ...a) => walk(w).toArray(...a), args: () => [{ limit: 2 }], result: isArray }, // prettier-ignore
  "Paginator#Symbol(Symbol.asyncIterator)": { call: (w, ...a) => walk(w)[Symbol.asyncIterator](...a), args: () => [], result: (value) => isFunction(value?.next) }, // prettier-ignore
  "Paginator#@@observable": { call: (w, ...a) => walk(w)["@@observable"]().subscribe(...a), args: () => [{ next() {}, error() {}, complete() {} }], result: (value) => isFunction(value?.unsubscribe) }, // prettier-ignore
  ...iterated("Iterator", (w) => walk(w)[Symbol.asyncIterator]()),
  ...iterated("Pages", (w) => walk(w).pages()),
  queries: { call: (w, ...a) => w.calls.queries(...a), args: (w) => [w.client], result: (value) => isFunction(value?.tasks) }, // prettier-ignore
  ...Object.fromEntries(
    [
      "tasks",
      "taskDetail",
      "doneCalls",
      "undialedCustomers",
      "callDetail",
      "tasksPages",
      "doneCallsPages",
      "undialedCustomersPages",
    ].map((name) => [
      // prettier-ignore
      `Queries#${name}`,
      { call: (w, ...a) => w.calls.queries(w.client)[name](...a), args: () => [{ companyId: 1 }], result: isQuery }, // prettier-ignore
    ]),
  ),
  "Query#queryFn": { call: (w, ...a) => w.calls.queries(w.client).tasks({ companyId: 1 }).queryFn(...a), args: () => [{ signal: signal() }], result: isPage, errors: callErrors }, // prettier-ignore
  "PagesQuery#queryFn": { call: (w, ...a) => w.calls.queries(w.client).tasksPages({ companyId: 1 }).queryFn(...a), args: () => [{ signal: signal(), pageParam: 1 }], result: isPage, errors: callErrors }, // prettier-ignore
  "PagesQuery#getNextPageParam": { call: (w, ...a) => w.calls.queries(w.client).tasksPages({ companyId: 1 }).getNextPageParam(...a), args: () => [{ list: [{}], pages: 2, pageSize: 1 }, [], 1], result: (value) => value === undefined || typeof value === "number" }, // prettier-ignore
  indexedDbStore: { call: (w, ...a) => w.calls.indexedDbStore(...a), args: () => ["abuse"], result: (value) => isFunction(value?.load) }, // prettier-ignore
};

const walk = ({ client, callJobId }) => client.doneCalls({ callJobId });

/** The methods of an iterator of a pagination. */
function iterated(name, make) {
  const reason = () => [new RangeError("of the caller")];
  return {
    [`${name}#next`]: { call: (w, ...a) => make(w).next(...a), args: () => [], result: isStep },
    [`${name}#return`]: { call: (w, ...a) => make(w).return(...a), args: () => [], result: isStep },
    // It rejects with what it is given, whatever that is.
    [`${name}#throw`]: { call: (w, ...a) => make(w).throw(...a).catch((error) => (Object.is(error, a[0]) ? "the same" : error)), args: reason, result: (value) => value === "the same" }, // prettier-ignore
    [`${name}#Symbol(Symbol.asyncIterator)`]: { call: (w, ...a) => make(w)[Symbol.asyncIterator](...a), args: () => [], result: (value) => isFunction(value?.next) }, // prettier-ignore
  };
}

/** A follow that has been stopped. */
function followed(ask, result, args = () => []) {
  return {
    args,
    result,
    call(w, ...a) {
      const follow = w.client.follow(new w.calls.CallTable(), listQuery(w));
      follow.stop();
      return ask(follow, ...a);
    },
  };
}
