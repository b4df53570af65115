// The proxy between the client of the package and a vendor that checks signatures. Not here: hostile callers
// (proxy-hostile.test.mjs), masks (proxy-masks.test.mjs).
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import {
  client,
  clientOf,
  codeOf,
  fiveCalls,
  keys,
  listen,
  open,
  proxyOf,
  server,
  vendor,
} from "./proxy-and-vendor.mjs";

describe("signing", () => {
  test("gives the vendor's signature", async () => {
    const date = new Date("2018-12-13T01:27:17Z");
    assert.deepEqual(await server.sign("DemoAppKey000000", "DemoAppSecret0000000000000000", date), {
      appkey: "DemoAppKey000000",
      datetime: "Thu, 13 Dec 2018 01:27:17 GMT",
      sign: "OKetYT8T43OLLPeUHRnNLmy8A2Y=",
    });
  });

  test("refuses an invalid key without quoting it", async () => {
    for (const secret of ["", "se cret-7", "secret-7\n", "密钥-7", undefined, 7]) {
      const { message } = await server.sign("key", secret).catch((error) => error);
      assert.match(message, /appSecret/);
      assert.doesNotMatch(message, /-7|secret-/);
    }
  });
});

describe("through the proxy", () => {
  test("the five operations return the vendor's answers, except for links to recordings", async () => {
    const upstream = await vendor();
    const signed = () => server.sign(keys.appKey, keys.appSecret);
    const direct = await fiveCalls(clientOf(upstream.url, { headers: signed }));
    const proxied = await fiveCalls(clientOf(await proxyOf(upstream)));
    const links = /"(?:user)?luyinOssUrl":"[^"]*"/gi;
    const apart = (answers) => JSON.stringify(answers).replace(links, '"link"');
    assert.equal(apart(proxied), apart(direct));
    assert.match(proxied.call.phoneLog.luyinOssUrl, /^\/byrobot\/recordings\/[\w-]+\.wav$/);
  });

  test("a call that has not changed looks unchanged", async () => {
    const api = clientOf(await proxyOf(await vendor()));
    const { callJobId } = (await api.getTasks({ companyId: 1 })).list[0];
    const table = new client.CallTable();
    await api.syncDoneCalls(table, { callJobId });
    const { updated, unchanged } = await api.syncDoneCalls(table, { callJobId }, { full: true });
    assert.deepEqual([updated, unchanged > 0], [0, true]);
    table.free();
  });

  test("errors are the same as without the proxy", async () => {
    for (const [fault, code] of Object.entries({
      http500: "server",
      http429: "rate_limited",
      vendor500: "server",
      // What is no answer of the vendor's is an answer of a server that fails.
      html200: "server",
      truncated: "server",
      empty: "server",
      network: "server",
      timeout: "server",
    })) {
      const upstream = await vendor({ faults: { [fault]: 1 } });
      const api = clientOf(await proxyOf(upstream, { timeout: 500 }));
      assert.equal(await codeOf(api.getTasks({ companyId: 1 })), code, fault);
    }
    const upstream = await vendor();
    const api = clientOf(await proxyOf(upstream, { appSecret: "WrongSecret000000000" }));
    assert.equal(await codeOf(api.getTasks({ companyId: 1 })), "unauthorized");
    const foreign = clientOf(await proxyOf(upstream, { appKey: "ForeignKey0000" }));
    assert.equal(await codeOf(foreign.getTasks({ companyId: 1 })), "forbidden");
    const nobody = clientOf(await proxyOf({ url: "http://127.0.0.1:9" }));
    assert.equal(await codeOf(nobody.getTasks({ companyId: 1 })), "server");
  });

  test("a wait that the vendor asks for reaches the client", async () => {
    const upstream = await vendor({ faults: { http429: 1 } });
    const api = clientOf(await proxyOf(upstream));
    const error = await api.getTasks({ companyId: 1 }).catch((error) => error);
    assert.equal(error.code, "rate_limited");
    assert.ok(error.retryAfterMs > 0);
  });

  test("a clock that is off is corrected by the vendor's, for all that follow", async () => {
    const dates = [];
    let ahead = 3_600_000;
    const upstream = await listen(async (request) => {
      const now = Date.now() + ahead;
      const signed = request.headers.get("datetime");
      dates.push(signed);
      const isOff = Math.abs(Date.parse(signed) - now) > 180_000;
      const answer = isOff
        ? { code: 408, data: null }
        : { code: 200, data: { list: [], total: 0 } };
      return Response.json(answer, { headers: { date: new Date(now).toUTCString() } });
    });
    const api = clientOf(await proxyOf({ url: upstream }));
    await api.getTasks({ companyId: 1 });
    assert.equal(dates.length, 2);
    await api.getTasks({ companyId: 1 });
    assert.equal(dates.length, 3);
    ahead = 0;
    await api.getTasks({ companyId: 1 });
    assert.equal(dates.length, 5);
  });

  test("a clock that is right is not disturbed by an answer's odd date", async () => {
    const signed = [];
    const upstream = await listen(async (request) => {
      signed.push(Date.parse(request.headers.get("datetime")));
      const headers = { date: "Thu, 01 Jan 1970 00:00:00 GMT" };
      return Response.json({ code: 200, data: { list: [], total: 0 } }, { headers });
    });
    const api = clientOf(await proxyOf({ url: upstream }));
    for (let calls = 0; calls < 3; calls += 1) await api.getTasks({ companyId: 1 });
    for (const date of signed) assert.ok(Math.abs(date - Date.now()) < 60_000);
  });

  test("a vendor that refuses the corrected date is asked twice only", async () => {
    let asked = 0;
    const upstream = await listen(async () => {
      asked += 1;
      const date = new Date(Date.now() + asked * 600_000).toUTCString();
      return Response.json({ code: 408, data: null }, { headers: { date } });
    });
    const api = clientOf(await proxyOf({ url: upstream }));
    assert.equal(await codeOf(api.getTasks({ companyId: 1 })), "clock_skew");
    assert.equal(asked, 2);
  });

  test("what the client cancels is cancelled at the vendor", async () => {
    const upstream = await vendor({ faults: { timeout: 1 } });
    const api = clientOf(await proxyOf(upstream));
    const aborting = new AbortController();
    const call = api.getTasks({ companyId: 1 }, { signal: aborting.signal });
    while (upstream.requests.length === 0) await new Promise((later) => setTimeout(later, 5));
    const [{ signal }] = upstream.requests;
    const cancelled = once(signal, "abort");
    aborting.abort(new Error("enough"));
    await assert.rejects(call, /enough/);
    await cancelled;
  });

  test("no more requests than allowed are on their way; too many that wait are turned away", async () => {
    let now = 0;
    let most = 0;
    const go = [];
    const slow = await listen(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => go.push(resolve));
      now -= 1;
      return Response.json({ code: 200, data: { list: [], total: 0 } });
    });
    const events = [];
    const proxy = server.createProxy({
      ...keys,
      upstream: slow,
      authorize: () => true,
      maxConcurrency: 2,
      onResponse: (event) => events.push(event),
    });
    const ask = () => proxy(new Request("http://x/openapi/v1/task/getTasks?companyId=1"));
    // The second time shows whether every place was given back, and once.
    for (let times = 0; times < 2; times += 1) {
      const answers = Array.from({ length: 20 }, ask);
      const turnedAway = await Promise.race(answers.slice(-2));
      assert.equal(turnedAway.status, 503);
      assert.equal(turnedAway.headers.get("retry-after"), "1");
      const done = Promise.all(answers);
      let open = true;
      void done.then(() => (open = false));
      while (open) {
        go.shift()?.();
        await new Promise((later) => setTimeout(later, 1));
      }
      const statuses = (await done).map(({ status }) => status);
      assert.deepEqual([most, statuses.filter((status) => status === 200).length], [2, 18]);
    }
    assert.equal(events.length, 40);
    assert.ok(events.every(({ endpoint, requestId }) => endpoint === "getTasks" && requestId));
  });
});

describe("authorize", () => {
  const ask = async (authorize, request) => {
    const proxy = server.createProxy({ ...keys, upstream: "http://127.0.0.1:9", authorize });
    const url = "http://x/api/openapi/v1/task/queryDoneTaskPhones";
    const headers = { "content-type": "application/json", cookie: "session=7" };
    const body = JSON.stringify({ callJobId: 5 });
    const answer = await proxy(new Request(url, { method: "POST", headers, body, ...request }));
    return { status: answer.status, ...(await answer.json()) };
  };

  test("refuses the request unless it returns true", async () => {
    for (const said of [false, undefined, null, 0, "", "yes", 1, {}, Promise.resolve(false)]) {
      assert.equal((await ask(() => said)).code, 401);
    }
    assert.equal((await ask(async () => true)).code, 502);
  });

  test("that throws is an error of the server, and the page does not see the message", async () => {
    const error = new Error("password of the session store");
    for (const authorize of [
      () => Promise.reject(error),
      () => {
        throw error;
      },
    ]) {
      const answer = await ask(authorize);
      assert.equal(answer.code, 500);
      assert.doesNotMatch(JSON.stringify(answer), /password/);
    }
  });

  test("receives the request with its body", async () => {
    let seen;
    await ask(async (request) => {
      seen = [new URL(request.url).pathname, request.headers.get("cookie"), await request.json()];
      return true;
    });
    assert.deepEqual(seen, [
      "/api/openapi/v1/task/queryDoneTaskPhones",
      "session=7",
      { callJobId: 5 },
    ]);
  });

  test("is asked before the vendor is; health and what is malformed are answered without it", async () => {
    let asked = 0;
    const authorize = () => ((asked += 1), false);
    const proxy = server.createProxy({ ...keys, upstream: "http://127.0.0.1:9", authorize });
    const status = async (path) => (await proxy(new Request(`http://x${path}`))).status;
    assert.equal(await status("/openapi/v1/task/getTasks?companyId=nonsense"), 400);
    assert.equal(await status("/recordings/AAAA"), 404);
    assert.equal(await status("/health"), 200);
    assert.equal(asked, 0);
    assert.equal(await status("/openapi/v1/task/getTasks?companyId=1"), 401);
    assert.equal(asked, 1);
  });
});

describe("recordings", () => {
  let direct, proxied;
  before(async () => {
    const upstream = await vendor();
    const api = clientOf(await proxyOf(upstream));
    const signed = clientOf(upstream.url, {
      headers: () => server.sign(keys.appKey, keys.appSecret),
    });
    const origin = new URL(api.baseUrl).origin;
    const links = async (client) => (await fiveCalls(client)).call.phoneLog.luyinOssUrl;
    direct = new Uint8Array(await (await fetch(await links(signed))).arrayBuffer());
    proxied = origin + (await links(api));
  });

  test("are the vendor's bytes", async () => {
    const answer = await fetch(proxied);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type"), /^audio\//);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), direct);
  });

  test("support ranges", async () => {
    for (const [range, from, to] of [
      ["bytes=100-199", 100, 200],
      ["bytes=100-", 100, direct.length],
      ["bytes=-50", direct.length - 50, direct.length],
    ]) {
      const answer = await fetch(proxied, { headers: { range } });
      assert.equal(answer.status, 206);
      assert.equal(answer.headers.get("content-range"), `bytes ${from}-${to - 1}/${direct.length}`);
      assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), direct.slice(from, to));
    }
    const beyond = await fetch(proxied, { headers: { range: `bytes=${direct.length + 5}-` } });
    assert.equal(beyond.status, 416);
  });

  test("answer HEAD", async () => {
    const answer = await fetch(proxied, { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.equal(Number(answer.headers.get("content-length")), direct.length);
  });

  test("are not found for a token of another proxy", async () => {
    const token = proxied.match(/recordings\/([\w-]+)/)[1];
    const other = proxied.replace(token, token.slice(0, -2) + (token.endsWith("A") ? "BB" : "AA"));
    const cut = proxied.replace(token, token.slice(0, 20));
    for (const url of [other, cut, proxied.replace(token, "x")]) {
      assert.equal((await fetch(url)).status, 404);
    }
  });
});
