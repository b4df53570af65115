// Attacks of hostile callers on the proxy: to bypass authorization, to exhaust it, to end its process. Sockets and
// Node's servers are here; the attacks that the matrix runs in other runtimes, too, are in callers.mjs. Not here:
// tenants (proxy-tenants.test.mjs).
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { callers, runAll } from "./callers.mjs";
import { install } from "./installation.mjs";
import { operations, proxyOf } from "./proxy-of.mjs";

const api = "/openapi/v1/task";
const one = { company: 1, task: 11, call: 110 };

let project, server;
// A handler without a socket waits on timers that do not keep Node running.
const running = setInterval(() => {}, 60_000);
const open = [() => clearInterval(running)];
before(async () => {
  project = await install();
  server = await project.import("byrobot-calls/server");
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

  test("a body arrives whether a parser has read it or not", async () => {
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

  test("clients that disconnect at any moment end no process and keep no permit", async () => {
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

  test("a refusal for too many is the same with and without the adapter's fast path", async () => {
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

  test("a page that disconnects from a recording releases its permit", async () => {
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
