// What hostile callers try on the proxy: to see another tenant's calls, to fill it, to end its process. The core
// is in callers.mjs, which the matrix runs in other runtimes; here are the sandbox, sockets and Node's servers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { callers, operations, proxyOf, request, runAll } from "./callers.mjs";
import { everything, small } from "./everything.mjs";
import { install } from "./installation.mjs";

const keys = { appKey: "TestAppKey0000000000", appSecret: "TestSecret00000000000000000000" };
const api = "/openapi/v1/task";
const one = { company: 1, task: 11, call: 110 };

let project, server, client, sandboxes;
const open = [];
before(async () => {
  project = await install();
  [server, client, sandboxes] = await Promise.all(
    ["byrobot-calls/server", "byrobot-calls", "byrobot-calls/sandbox"].map(project.import),
  );
});
after(async () => {
  for (const close of open) close();
  await project?.remove();
});

/** A handler of Node's behind a socket. */
async function listen(handler) {
  const listener = createServer(handler);
  await once(listener.listen(0, "127.0.0.1"), "listening");
  open.push(() => {
    listener.close();
    listener.closeAllConnections();
  });
  return `http://127.0.0.1:${listener.address().port}`;
}

describe("on Web standards alone", () => {
  for (const [name, check] of Object.entries(callers)) test(name, () => check(server));

  test("all of them, as other runtimes run them", async () => {
    assert.equal(await runAll(server), Object.keys(callers).length);
  });
});

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

  test("get 401 without a session, 403 for a task that nobody has, 404 for such a call", async () => {
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

  test("that cannot be read lets nobody in, and says why", async () => {
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

  test("is not read on for a page that has gone", async () => {
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

describe("behind Node's servers", () => {
  /** The proxy of the core behind a handler of Node's. */
  const nodeProxy = (options) => server.toNodeHandler(proxyOf(server, options).handle);
  const [path, query] = operations.queryDoneTaskPhones(one);
  const json = { "content-type": "application/json" };
  const post = (url, body = JSON.stringify(query), headers = json) =>
    fetch(url + path, { method: "POST", headers, body });

  test("an endless body is not kept in memory, though authorize would read it", async () => {
    const url = await listen(
      nodeProxy({
        authorize: async (request) => (await request.text()).length > 0,
      }),
    );
    let given = 0;
    const endless = new ReadableStream({
      pull(controller) {
        given += 65_536;
        if (given > 300e6) return controller.close();
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const init = { method: "POST", duplex: "half", body: endless, headers: json };
    const answer = await fetch(url + path, init).catch(() => undefined);
    assert.ok(answer === undefined || answer.status === 413);
    assert.ok(given < 100e6, `${given} bytes were taken`);
    assert.equal((await post(url)).status, 200);
  });

  test("a body that parsers have read, or left, arrives", async () => {
    const handle = nodeProxy({ authorize: () => true });
    const read = async (message) => {
      const parts = [];
      for await (const part of message) parts.push(part);
      return Buffer.concat(parts);
    };
    for (const [what, prepare] of Object.entries({
      "nothing in front": () => {},
      "an object, as express.json() gives": async (message) => {
        message.body = JSON.parse(await read(message));
      },
      "a Buffer, as express.raw() gives": async (message) => (message.body = await read(message)),
      "a text": async (message) => (message.body = String(await read(message))),
      "{} beside an unread body, as Express 4 gives": (message) => (message.body = {}),
    })) {
      const url = await listen(async (message, reply) => {
        await prepare(message);
        handle(message, reply);
      });
      const answer = await post(url);
      assert.equal(answer.status, 200, what);
      assert.equal((await answer.json()).data.list[0].callInstanceId, 110, what);
    }
    // Fastify: Node's own are inside, and the body beside them.
    let hijacked = 0;
    const url = await listen(async (message, reply) => {
      const body = message.method === "POST" ? JSON.parse(await read(message)) : undefined;
      handle({ raw: message, body }, { raw: reply, hijack: () => (hijacked += 1) });
    });
    assert.equal((await post(url)).status, 200);
    assert.equal((await fetch(`${url}${api}/getTasks?companyId=1`)).status, 200);
    assert.equal(hijacked, 2);
    // Read and gone: the set-up is wrong, and says so.
    const lost = await listen(async (message, reply) => {
      await read(message);
      handle(message, reply);
    });
    const answer = await post(lost);
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /mount the proxy before/);
  });

  test("HTTP/2 is served, and a stream that breaks ends nothing", async () => {
    const listener = createHttp2(nodeProxy({ authorize: () => true }));
    await once(listener.listen(0, "127.0.0.1"), "listening");
    const session = connectHttp2(`http://127.0.0.1:${listener.address().port}`);
    const ask = async (headers, body) => {
      const stream = session.request({ ...json, ...headers });
      stream.end(body);
      const [answer] = await once(stream, "response");
      let text = "";
      for await (const part of stream.setEncoding("utf8")) text += part;
      return { status: answer[":status"], text };
    };
    const tasks = { ":path": `${api}/getTasks?companyId=1` };
    const { status, text } = await ask(tasks);
    assert.deepEqual([status, JSON.parse(text).code], [200, 200]);
    assert.equal(
      (await ask({ ":path": path, ":method": "POST" }, JSON.stringify(query))).status,
      200,
    );
    // A refusal while the body is still coming.
    const long = session.request({ ...json, ":path": path, ":method": "POST" });
    long.on("error", () => {});
    long.write("x".repeat(70_000));
    const [refused] = await once(long, "response");
    assert.equal(refused[":status"], 413);
    long.close();
    const broken = session.request({ ...json, ":path": path, ":method": "POST" });
    broken.on("error", () => {});
    broken.write("{");
    await wait(20);
    broken.destroy(new Error("broken"));
    await wait(20);
    assert.equal((await ask(tasks)).status, 200);
    session.close();
    listener.close();
  });

  test("clients that go at any moment leave the process and its permits whole", async () => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const url = await listen(
      nodeProxy({
        maxConcurrency: 1,
        authorize: () => wait(5, true),
        onResponse: async () => Promise.reject(new Error("log")),
        fetch: async (_, { signal }) => {
          await wait(5, undefined, { signal });
          return Response.json({ code: 200, data: { list: [{ callInstanceId: 110 }] } });
        },
      }),
    );
    const { port } = new URL(url);
    const text = JSON.stringify(query);
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
    const whole = head + text;
    for (let round = 0; round < 60; round += 1) {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      await once(socket, "connect");
      socket.write(whole.slice(0, 1 + ((round * 7) % whole.length)));
      if (round % 2) await wait(round % 14);
      if (round % 3) socket.destroy();
      else socket.resetAndDestroy();
    }
    await wait(50);
    const statuses = await Promise.all(Array.from({ length: 9 }, () => post(url)));
    assert.deepEqual(
      statuses.map(({ status }) => status),
      Array(9).fill(200),
    );
    process.off("unhandledRejection", note);
    assert.deepEqual(unhandled, []);
  });

  test("a refusal for too many is the same with and without the adapter's shorter way", async () => {
    const events = [];
    const waiting = [];
    const { handle } = proxyOf(server, {
      maxConcurrency: 1,
      authorize: () => true,
      onResponse: (event) => void events.push({ ...event, durationMs: 0 }),
      fetch: async () => {
        await new Promise((resolve) => waiting.push(resolve));
        return Response.json({ code: 200, data: { list: [] } });
      },
    });
    const urls = await Promise.all([
      listen(server.toNodeHandler(handle)),
      listen(server.toNodeHandler((request) => handle(request))),
    ]);
    const inside = Array.from({ length: 9 }, () => post(urls[0]));
    while (waiting.length === 0) await wait(5);
    await wait(50);
    const headers = { ...json, "x-request-id": "trace-0123456789" };
    const answers = await Promise.all(
      urls.map(async (url) => {
        const answer = await post(url, JSON.stringify(query), headers);
        const { date, ...others } = Object.fromEntries(answer.headers);
        assert.ok(date);
        return [answer.status, others, await answer.text()];
      }),
    );
    assert.equal(answers[0][0], 503);
    assert.deepEqual(answers[0], answers[1]);
    assert.equal(events.length, 2);
    assert.deepEqual(events[0], events[1]);
    // What is refused for another reason is told that reason.
    for (const [url, init, status] of [
      [`${urls[0]}${path}`, {}, 405],
      [`${urls[0]}/elsewhere`, {}, 404],
      [`${urls[0]}/health`, {}, 200],
      [
        `${urls[0]}${api}/getTasks?companyId=1`,
        { headers: { "sec-fetch-site": "cross-site" } },
        403,
      ],
    ]) {
      assert.equal((await fetch(url, init)).status, status);
    }
    let open = true;
    void Promise.all(inside).then(() => (open = false));
    while (open) {
      waiting.shift()?.();
      await wait(1);
    }
    assert.deepEqual(
      new Set((await Promise.all(inside)).map(({ status }) => status)),
      new Set([200]),
    );
  });

  test("a page that leaves a recording gives its permit back", async () => {
    let sent = 0;
    const sound = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 1;
            controller.enqueue(new Uint8Array(65_536));
          },
        }),
        { headers: { "content-type": "audio/wav" } },
      );
    const { ask } = proxyOf(server, { authorize: () => true });
    const link = (await ask(...operations.phoneLogInfo(one))).data.phoneLog.luyinOssUrl;
    const url = await listen(
      nodeProxy({ authorize: () => true, maxRecordings: 1, fetch: async () => sound() }),
    );
    for (let times = 0; times < 12; times += 1) {
      const sent = httpRequest(url + link);
      sent.on("error", () => {});
      const [reply] = await once(sent.end(), "response");
      assert.equal(reply.statusCode, 200);
      await once(reply, "data");
      sent.destroy();
    }
    await wait(20);
    const before = sent;
    await wait(20);
    assert.equal(sent, before);
  });
});

test("the page of a sandbox below a path works, recordings too", async () => {
  const sandbox = await sandboxes.createSandbox({ ...small, companies: [1, 2] });
  const url = await listen(server.toNodeHandler((request) => sandbox.handle(request)));
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
  sandbox.free();
});
