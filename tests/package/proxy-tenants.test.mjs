// Tenants of the proxy: users with access to some companies only, in front of a sandbox with several companies and of
// vendors with incomplete answers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { everything, small } from "./everything.mjs";
import { install } from "./installation.mjs";
import { keys, operations, proxyOf, request } from "./proxy-of.mjs";

const api = "/openapi/v1/task";
const one = { company: 1, task: 11, call: 110 };

let project, server, client, sandboxes;
before(async () => {
  project = await install();
  [server, client, sandboxes] = await Promise.all(
    ["byrobot-calls/server", "byrobot-calls", "byrobot-calls/sandbox"].map(project.import),
  );
});
after(() => project?.remove());

describe("two tenants of one sandbox", () => {
  const users = { "session=1": [1], "session=2": [2], "session=both": [1, 2] };
  let vendor, proxy;
  const ask = async (session, path, query) => {
    const given = request(path.replace(/^\/byrobot/, ""), query, { headers: { cookie: session } });
    const answer = await proxy(given);
    const text = await answer.text();
    return { status: answer.status, ...(text.startsWith("{") ? JSON.parse(text) : { text }) };
  };
  before(async () => {
    const options = { ...small, ...keys, companies: [1, 2], requireSignature: true };
    vendor = await sandboxes.createSandbox(options);
    proxy = server.createProxy({
      ...keys,
      upstream: "http://vendor.test",
      recordingHosts: ["http://vendor.test"],
      fetch: vendor.fetch,
      authorize({ headers }) {
        const companyIds = users[headers.get("cookie")];
        return companyIds !== undefined && { allow: true, tenant: { companyIds } };
      },
    });
  });
  after(() => vendor?.free());

  /** Everything that a company has, as its user sees it. */
  async function seen(company) {
    const session = `session=${company}`;
    const found = { tasks: [], calls: [], links: [] };
    const tasks = await ask(
      session,
      `${api}/getTasks?companyId=${company}&pageSize=100&needAll=true`,
    );
    for (const { callJobId } of tasks.data.list) {
      found.tasks.push(callJobId);
      const done = await ask(session, `${api}/queryDoneTaskPhones`, { callJobId, pageSize: 50 });
      assert.equal(done.code, 200);
      const waiting = await ask(session, `${api}/notDialedCustomerList`, { taskId: callJobId });
      assert.equal(waiting.code, 200);
      for (const { callInstanceId, luyinOssUrl } of done.data.list) {
        found.calls.push(callInstanceId);
        if (luyinOssUrl) found.links.push(luyinOssUrl);
      }
    }
    return found;
  }

  test("see their own calls and recordings in all operations, and nothing of the other's", async () => {
    const [first, second] = [await seen(1), await seen(2)];
    assert.ok(first.calls.length > 100 && second.calls.length > 100);
    assert.ok(first.links.length > 10 && second.links.length > 10);
    for (const [company, mine, theirs] of [
      [1, first, second],
      [2, second, first],
    ]) {
      const session = `session=${company}`;
      for (const call of mine.calls.slice(0, 5)) {
        const { code, data } = await ask(session, `${api}/phoneLogInfo?callInstanceId=${call}`);
        assert.deepEqual([code, data.sceneInstance.companyId], [200, company]);
      }
      for (const link of mine.links.slice(0, 5)) {
        assert.equal((await ask(session, link)).status, 200);
        assert.equal((await ask("session=both", link)).status, 200);
      }
      const [other] = [1, 2].filter((id) => id !== company);
      const refused = [
        [`${api}/getTasks?companyId=${other}`],
        ...theirs.tasks.flatMap((task) => [
          [`${api}/getTaskDetail?companyId=${other}&taskId=${task}`],
          [`${api}/getTaskDetail?companyId=${company}&taskId=${task}`],
          [`${api}/queryDoneTaskPhones`, { callJobId: task }],
          [`${api}/notDialedCustomerList`, { taskId: task }],
        ]),
        ...theirs.calls.slice(0, 20).map((call) => [`${api}/phoneLogInfo?callInstanceId=${call}`]),
        ...theirs.links.slice(0, 20).map((link) => [link]),
      ];
      for (const given of refused) {
        const { status, code, data } = await ask(session, ...given);
        assert.deepEqual([status, code, data], [403, 403, null], String(given));
      }
    }
  });

  test("get 401 without a session, 403 for a task of no company, 404 for an unknown call", async () => {
    assert.equal((await ask("session=3", `${api}/getTasks?companyId=1`)).status, 401);
    const unknown = await ask("session=1", `${api}/queryDoneTaskPhones`, { callJobId: 1 });
    assert.equal(unknown.status, 403);
    const call = await ask("session=1", `${api}/phoneLogInfo?callInstanceId=1`);
    assert.deepEqual([call.status, call.data], [404, null]);
  });
});

test("an answer about a call that names no company, or no task of it, reaches no tenant", async () => {
  const { fetch } = proxyVendor();
  for (const sceneInstance of [
    undefined,
    null,
    [],
    {},
    { callJobId: 11 },
    { companyId: null, callJobId: 11 },
    { companyId: "1 ", callJobId: 11 },
    { companyId: [1], callJobId: 11 },
    { companyId: 1 },
    { companyId: 1, callJobId: 21 },
    { companyId: 1, callJobId: "x" },
    { companyId: 2, callJobId: 21 },
    [{ companyId: 2 }, { companyId: 1, callJobId: 11 }],
  ]) {
    const data = { sceneInstance, taskResult: [{ companyId: 1, callJobId: 11 }] };
    const { ask } = proxyOf(server, {
      authorize: () => ({ allow: true, tenant: { companyIds: [1] } }),
      fetch: (url) =>
        url.includes("phoneLogInfo") ? Response.json({ code: 200, data }) : fetch(url),
    });
    const { status } = await ask(...operations.phoneLogInfo(one));
    assert.equal(status, 403, JSON.stringify(sceneInstance));
  }
});

function proxyVendor() {
  const asked = [];
  const lists = { 1: [11, 12], 2: [21] };
  const fetch = async (url) => {
    asked.push(url);
    const query = new URL(url).searchParams;
    if (!url.includes("getTasks")) return Response.json({ code: 200, data: { list: [] } });
    const [page, size] = ["pageNum", "pageSize"].map((name) => Number(query.get(name)));
    const all = lists[query.get("companyId")] ?? [];
    const rows = all.slice((page - 1) * size, page * size);
    return Response.json({
      code: 200,
      data: { list: rows.map((callJobId) => ({ callJobId })), total: all.length },
    });
  };
  return { fetch, asked, lists };
}

describe("the list of a tenant's tasks", () => {
  const tenant = () => ({ allow: true, tenant: { companyIds: [1] } });
  const done = (ask, task) =>
    ask(...operations.queryDoneTaskPhones({ task })).then(({ status }) => status);

  test("is read once for many requests, page by page until the task is found", async () => {
    const { fetch, asked, lists } = proxyVendor();
    lists[1] = Array.from({ length: 250 }, (_, index) => 1000 - index);
    const { ask } = proxyOf(server, { authorize: tenant, fetch });
    const pages = () => asked.filter((url) => url.includes("getTasks")).length;
    const tasks = [1000, 990, 950];
    assert.deepEqual(await Promise.all(tasks.map((task) => done(ask, task))), [200, 200, 200]);
    assert.equal(pages(), 1);
    assert.equal(await done(ask, 751), 200);
    assert.equal(pages(), 3);
    // A task that is not there does not have it read again and again.
    for (let times = 0; times < 20; times += 1) assert.equal(await done(ask, 5), 403);
    assert.equal(pages(), 3);
  });

  test("is read again for a new task after a moment, and for a known one after a minute", async () => {
    const { fetch, asked, lists } = proxyVendor();
    const { ask } = proxyOf(server, { authorize: tenant, fetch });
    const pages = () => asked.filter((url) => url.includes("getTasks")).length;
    const { now } = Date;
    try {
      assert.equal(await done(ask, 99), 403);
      lists[1] = [99, ...lists[1]];
      Date.now = () => now() + 6_000;
      assert.equal(await done(ask, 99), 200);
      assert.equal(pages(), 2);
      Date.now = () => now() + 40_000;
      assert.equal(await done(ask, 99), 200);
      assert.equal(pages(), 2);
      // It is no longer the company's.
      lists[1] = [11];
      Date.now = () => now() + 70_000;
      assert.equal(await done(ask, 99), 403);
      assert.equal(await done(ask, 11), 200);
      assert.equal(pages(), 3);
    } finally {
      Date.now = now;
    }
  });

  test("that cannot be read refuses the request with the reason", async () => {
    for (const [answer, status] of [
      [() => Response.json({ code: 401, data: null }), 401],
      [() => Response.json({ code: 500, data: null }), 500],
      [() => new Response("{}", { status: 503 }), 503],
      [() => Response.json({ code: 200, data: { list: "x" } }), 502],
      [() => Response.json({ code: 200, data: 7 }), 502],
      [() => Response.json({ code: 500, data: { list: [{ callJobId: 11 }] } }), 500],
      [() => Response.error(), 502],
      [() => Promise.reject(new TypeError("no route")), 502],
    ]) {
      const { ask } = proxyOf(server, { authorize: tenant, fetch: async () => answer() });
      assert.equal(await done(ask, 11), status);
    }
  });

  test("is not read further after the page has disconnected", async () => {
    const { asked, lists, fetch } = proxyVendor();
    lists[1] = Array.from({ length: 1000 }, (_, index) => 5000 + index);
    const leaving = new AbortController();
    const { handle } = proxyOf(server, {
      authorize: tenant,
      fetch: async (url) => {
        if (asked.length === 2) leaving.abort();
        return fetch(url);
      },
    });
    const [path, query] = operations.queryDoneTaskPhones({ task: 7 });
    const { status } = await handle(request(path, query, { signal: leaving.signal }));
    assert.equal(status, 499);
    const before = asked.length;
    await wait(30);
    assert.ok(asked.length <= before + 1, `${asked.length}`);
  });
});

test("a synchronisation takes two tokens of one link for the same call, and keeps the newer one", async () => {
  const vendor = await sandboxes.createSandbox({ ...small, ...keys });
  const proxy = server.createProxy({
    ...keys,
    upstream: "http://vendor.test",
    recordingHosts: ["http://vendor.test"],
    recordingDays: 3,
    fetch: vendor.fetch,
    authorize: () => true,
  });
  const api = new client.ByrobotClient({
    baseUrl: "http://page.test/byrobot",
    fetch: (url, init) => proxy(new Request(url, init)),
  });
  const { callJobId } = (await api.getTasks({ companyId: 1, status: 2 })).list[0];
  const table = new client.CallTable();
  const { now } = Date;
  try {
    const first = await api.syncDoneCalls(table, { callJobId });
    assert.ok(first.added > 10);
    const call = table.rows({ limit: 100 }).find(({ luyinOssUrl }) => luyinOssUrl);
    Date.now = () => now() + 86_400_000;
    const second = await api.syncDoneCalls(table, { callJobId }, { full: true });
    assert.deepEqual([second.added, second.updated, second.unchanged], [0, 0, first.added]);
    const again = table.get(call.callInstanceId);
    assert.notEqual(again.luyinOssUrl, call.luyinOssUrl);
    assert.equal(again.luyinOssUrl.split("?")[0], call.luyinOssUrl.split("?")[0]);
    const sound = await proxy(new Request(`http://page.test${again.luyinOssUrl}`));
    assert.equal(sound.status, 200);
    await sound.body.cancel();
  } finally {
    Date.now = now;
    table.free();
    vendor.free();
  }
});

test("the page of a sandbox below a path works, recordings too", async () => {
  const sandbox = await sandboxes.createSandbox({ ...small, companies: [1, 2] });
  const listener = createServer(server.toNodeHandler((request) => sandbox.handle(request)));
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${listener.address().port}`;
  const texts = await everything(fetch, `${url}/byrobot`);
  assert.ok(texts.length > 20);
  const api = new client.ByrobotClient({ baseUrl: `${url}/byrobot` });
  const { callJobId } = (await api.getTasks({ companyId: 2 })).list[0];
  const { list } = await api.queryDoneTaskPhones({ callJobId });
  const { luyinOssUrl } = list.find(({ luyinOssUrl }) => luyinOssUrl) ?? {};
  if (luyinOssUrl) {
    assert.ok(luyinOssUrl.startsWith(`${url}/byrobot/recordings/`));
    assert.equal((await fetch(luyinOssUrl)).status, 200);
  }
  listener.close();
  listener.closeAllConnections();
  sandbox.free();
});
