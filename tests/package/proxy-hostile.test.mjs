// What strangers send to the proxy, and what a server behind it may answer: nothing finds a way through.
// The proxy stands behind a socket, and so does the server that it believes to be the vendor.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { install } from "./installation.mjs";
import { serve } from "./servers.mjs";

const keys = { appKey: "TestAppKey0000000000", appSecret: "TestSecret00000000000000000000" };
const task = "/openapi/v1/task";

let project, server, upstream, proxy, base;
/** What the server behind the proxy answers; set by a test. */
let answer;
const plain = () => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ code: 200, data: { list: [], total: 0 }, errorStackTrace: null }),
});
/** Everything the proxy has ever said, for a last look. */
const said = [];

before(async () => {
  project = await install();
  server = await project.import("byrobot-calls/server");
  upstream = await serve((request, number) => answer(request, number));
  const handler = server.createProxy({
    ...keys,
    upstream: upstream.url,
    recordingHosts: [upstream.url, "*.recordings.example.com"],
    timeout: 2000,
    authorize: (request) => request.headers.get("x-session") !== "none",
  });
  proxy = createServer(server.toNodeHandler(handler));
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${proxy.address().port}`;
});
beforeEach(() => {
  answer = plain;
  upstream.requests.length = 0;
});
after(async () => {
  proxy?.close();
  proxy?.closeAllConnections();
  await upstream?.close();
  await project?.remove();
});

/** Asks the proxy; its answer with its body as text, and as JSON if it is some. */
async function ask(path, { query, ...init } = {}) {
  const reply = await fetch(base + path, { redirect: "manual", ...init });
  const text = await reply.text();
  said.push(text, ...[...reply.headers].flat());
  let envelope;
  try {
    envelope = JSON.parse(text);
  } catch {
    // A recording.
  }
  return { status: reply.status, headers: reply.headers, text, envelope };
}

const post = (path, body, headers = {}) =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...(body instanceof ReadableStream ? { body, duplex: "half" } : {}),
  });

/** Sends bytes as they are; what comes back until the connection ends. */
async function raw(text) {
  const socket = connect(proxy.address().port, "127.0.0.1");
  socket.setTimeout(3000, () => socket.destroy());
  let reply = "";
  socket.setEncoding("utf8").on("data", (data) => (reply += data));
  socket.write(text);
  await once(socket, "close").catch(() => {});
  said.push(reply);
  return reply;
}

const nothingSent = () =>
  assert.deepEqual(
    upstream.requests.map(({ url }) => url),
    [],
  );

describe("paths", () => {
  for (const path of [
    "/",
    "/openapi/v1/task/",
    "/openapi/v1/task/createTask",
    "/openapi/v1/task/importTaskCustomer",
    "/openapi/v1/task/getTasks/",
    "/openapi/v1/task/getTasks/../createTask?companyId=1",
    "/openapi/v1/task/getTasks%2f..%2fcreateTask",
    "/openapi/v1/task/%67etTasks?companyId=1",
    "/openapi/v1/task/GetTasks?companyId=1",
    "/openapi/v1/task/getTasks;x?companyId=1",
    "/openapi/v1/task/getTasks%00?companyId=1",
    "/openapi/v1/task/getTasks%0d%0aHost:%20elsewhere?companyId=1",
    "/openapi/v1//task/getTasks?companyId=1",
    "/openapi/v2/task/getTasks?companyId=1",
    "/openapi/v1/company/getCompanys",
    "/openapi/v1/task/constructor?companyId=1",
    "/openapi/v1/task/__proto__?companyId=1",
    "/openapi/v1/task/toString",
    "//elsewhere.example/openapi/v1/task/createTask",
    "/http://elsewhere.example/",
    "/recordings/",
    "/recordings/http%3A%2F%2Felsewhere.example%2Fx.wav",
    "/recordings/..%2f..%2fopenapi",
  ]) {
    test(`${path} leads nowhere`, async () => {
      const { status, envelope } = await ask(path);
      assert.equal(status, 404);
      assert.equal(envelope.code, 404);
      nothingSent();
    });
  }

  test("with dots are what they come to, and no more", async () => {
    const { status } = await ask("/a/../byrobot/./openapi/v1/task/getTasks?companyId=1");
    assert.equal(status, 200);
    assert.equal(upstream.requests[0].url, "/openapi/v1/task/getTasks?companyId=1");
  });

  test("in whole addresses, odd hosts and odd methods on the wire lead nowhere", async () => {
    for (const request of [
      `GET http://elsewhere.example${task}/getTasks?companyId=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `GET ${task}/getTasks?companyId=1 HTTP/1.1\r\nHost: x/y?z\r\nConnection: close\r\n\r\n`,
      `GET ${task}/getTasks?companyId=1 HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n`,
      `TRACE ${task}/getTasks?companyId=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n\r\n`,
      // Two lengths: which one counts decides what the next request is.
      `POST ${task}/queryDoneTaskPhones HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    ]) {
      assert.doesNotMatch(await raw(request), /^HTTP\/1\.1 200/);
    }
    nothingSent();
  });
});

describe("methods", () => {
  const asked = {
    getTasks: "GET",
    getTaskDetail: "GET",
    phoneLogInfo: "GET",
    queryDoneTaskPhones: "POST",
    notDialedCustomerList: "POST",
  };
  for (const [name, right] of Object.entries(asked)) {
    test(`${name} is asked by ${right} alone`, async () => {
      for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]) {
        if (method === right) continue;
        const { status, headers } = await ask(`${task}/${name}?companyId=1`, { method });
        assert.equal(status, 405, method);
        assert.equal(headers.get("allow"), right);
      }
      nothingSent();
    });
  }
});

describe("parameters", () => {
  for (const [what, path] of Object.entries({
    unknown: `${task}/getTasks?companyId=1&callback=alert`,
    "of another operation": `${task}/getTasks?companyId=1&callJobId=5`,
    twice: `${task}/getTasks?companyId=1&companyId=2`,
    "with brackets": `${task}/getTasks?companyId[]=1`,
    "no number": `${task}/getTasks?companyId=1%20or%201=1`,
    "a number too large": `${task}/getTasks?companyId=99999999999999999`,
    "a number with an exponent": `${task}/getTasks?companyId=1e3`,
    "with a line break": `${task}/phoneLogInfo?callInstanceId=1%0d%0a`,
    "no date": `${task}/getTasks?companyId=1&createDate=2024-02-29T00:00`,
    "too long": `${task}/getTasks?companyId=1&taskName=${"x".repeat(201)}`,
    missing: `${task}/getTaskDetail?companyId=1`,
    "of the prototype": `${task}/getTasks?companyId=1&__proto__=1`,
  })) {
    test(`${what} are refused`, async () => {
      const { status, envelope } = await ask(path);
      assert.equal(status, 400);
      assert.equal(envelope.code, 400);
      nothingSent();
    });
  }

  test("are written anew for the vendor", async () => {
    const name = "a&b=c#d%/?é 任务";
    const query = new URLSearchParams({
      taskName: name,
      companyId: "007",
      needAll: "true",
      status: "",
    });
    await ask(`${task}/getTasks?${query}`);
    const [{ url }] = upstream.requests;
    const { pathname, searchParams } = new URL(url, "http://x");
    assert.equal(pathname, `${task}/getTasks`);
    assert.deepEqual(Object.fromEntries(searchParams), {
      taskName: name,
      companyId: "7",
      needAll: "true",
    });
  });
});

describe("bodies", () => {
  const path = `${task}/queryDoneTaskPhones`;
  const refused = async (status, body, headers) => {
    assert.equal((await post(path, body, headers)).status, status, String(body).slice(0, 50));
    nothingSent();
  };

  test("that are no such query are refused", async () => {
    for (const body of [
      "",
      "null",
      "7",
      '"x"',
      "[]",
      '[{"callJobId":1}]',
      '{"callJobId":1',
      "{'callJobId':1}",
      '{"callJobId":1}{"callJobId":2}',
      "callJobId=1",
      { callJobId: 1, more: 1 },
      '{"callJobId":1,"__proto__":{"pageSize":1}}',
      { callJobId: "x" },
      { callJobId: 1.5 },
      { callJobId: { $gt: 0 } },
      { callJobId: [1] },
      '{"callJobId":9007199254740993}',
      { callJobId: 1, resultQueryList: {} },
      { callJobId: 1, resultQueryList: [{ name: "a" }] },
      { callJobId: 1, resultQueryList: [{ name: "a", value: "b", more: 1 }] },
      { callJobId: 1, resultQueryList: [{ name: "a", value: { b: 1 } }] },
      {
        callJobId: 1,
        resultQueryList: Array.from({ length: 51 }, () => ({ name: "a", value: "b" })),
      },
      { pageSize: 50 },
    ]) {
      await refused(400, body);
    }
    await refused(400, "[".repeat(60_000));
  });

  test("that are too long or no text are refused, and not read to their end", async () => {
    await refused(413, `{"callJobId":1,"x":"${"y".repeat(70_000)}"}`);
    await refused(413, new Uint8Array([0x7b, 0xff, 0x7d]));
    let given = 0;
    const endless = new ReadableStream({
      pull(controller) {
        given += 1;
        controller.enqueue(new Uint8Array(16_384));
      },
    });
    const options = { method: "POST", duplex: "half", body: endless };
    const headers = { "content-type": "application/json" };
    const reply = await fetch(base + path, { ...options, headers }).catch(() => undefined);
    assert.ok(reply === undefined || reply.status === 413);
    assert.ok(given < 4000);
    nothingSent();
  });

  test("that say they are something else are refused", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonp",
      "",
    ]) {
      await refused(415, { callJobId: 1 }, { "content-type": type });
    }
  });

  test("beside a query are refused", async () => {
    assert.equal((await post(`${path}?callJobId=2`, { callJobId: 1 })).status, 400);
    nothingSent();
  });

  test("are written anew for the vendor", async () => {
    await post(path, '{ "pageSize" : "50", "callJobId":\t62, "index": -1, "finishStatus": null }');
    assert.equal(upstream.requests[0].body, '{"pageSize":50,"callJobId":62,"index":-1}');
  });
});

describe("headers", () => {
  test("of the page stay with the proxy", async () => {
    await ask(`${task}/getTasks?companyId=1`, {
      headers: {
        cookie: "session=secret",
        authorization: "Bearer secret",
        appkey: "another",
        sign: "forged",
        datetime: "Thu, 01 Jan 1970 00:00:00 GMT",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-host": "elsewhere.example",
        "x-original-url": "/openapi/v1/task/createTask",
        "x-http-method-override": "DELETE",
        "proxy-authorization": "Basic x",
        referer: "https://page.example/",
        range: "bytes=0-1",
        "if-none-match": "x",
      },
    });
    const [{ headers, names }] = upstream.requests;
    const known = ["accept", "appkey", "datetime", "sign"];
    const fetchs = ["host", "connection", "accept-language", "sec-fetch-mode", "user-agent"];
    const others = names
      .map((name) => name.toLowerCase())
      .filter((name) => ![...known, ...fetchs, "accept-encoding"].includes(name));
    assert.deepEqual(others, []);
    assert.equal(headers.appkey, keys.appKey);
    assert.notEqual(headers.sign, "forged");
    assert.ok(Date.now() - Date.parse(headers.datetime) < 60_000);
  });

  test("of the vendor's answer stay with the proxy", async () => {
    answer = () => ({
      headers: {
        "content-type": "text/html",
        "set-cookie": "session=stolen",
        "access-control-allow-origin": "*",
        location: "https://elsewhere.example/",
        server: "internal-7",
        "x-powered-by": "java",
        "cache-control": "public, max-age=9999",
        "content-security-policy": "default-src *",
      },
      body: plain().body,
    });
    const { headers } = await ask(`${task}/getTasks?companyId=1`);
    const transport = ["connection", "date", "keep-alive", "transfer-encoding", "content-length"];
    const names = [...headers.keys()].filter((name) => !transport.includes(name));
    assert.deepEqual(names.sort(), [
      "cache-control",
      "content-type",
      "cross-origin-resource-policy",
      "x-content-type-options",
      "x-request-id",
    ]);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.match(headers.get("content-type"), /^application\/json/);
  });

  test("a request id is passed on if it is one, else made", async () => {
    const id = async (given) => {
      const headers = given ? { "x-request-id": given } : {};
      return (await ask(`${task}/getTasks?companyId=1`, { headers })).headers.get("x-request-id");
    };
    assert.equal(await id("trace-0123456789"), "trace-0123456789");
    for (const given of [
      undefined,
      "short",
      "x".repeat(65),
      "<script>alert(1)</script>",
      "a b c d e f g",
    ]) {
      assert.match(await id(given), /^[\da-f-]{36}$/);
    }
  });
});

describe("without leave", () => {
  test("nothing is asked of the vendor, whatever is sent", async () => {
    const headers = { "x-session": "none" };
    assert.equal((await ask(`${task}/getTasks?companyId=1`, { headers })).status, 401);
    assert.equal(
      (await post(`${task}/queryDoneTaskPhones`, { callJobId: 1 }, headers)).status,
      401,
    );
    assert.equal((await ask("/recordings/AAAAAAAAAAAAAAAAAAAAAAAA", { headers })).status, 404);
    nothingSent();
  });

  test("no proxy is made", () => {
    const options = { ...keys, authorize: () => true };
    for (const [change, named] of [
      [{ authorize: undefined }, /authorize is required/],
      [{ authorize: true }, /authorize is required/],
      [{ appKey: undefined }, /appKey is missing/],
      [{ appSecret: "" }, /appSecret is missing/],
      [{ appSecret: `${keys.appSecret}\r\nx: y` }, /appSecret has/],
      [{ upstream: "api.byrobot.cn" }, /upstream/],
      [{ upstream: "https://user:password@api.byrobot.cn" }, /upstream/],
      [{ upstream: "https://api.byrobot.cn/?x" }, /upstream/],
      [{ upstream: "file:///etc/passwd" }, /upstream/],
      [{ maskPhones: "false" }, /maskPhones/],
      [{ recordingHosts: "example.com" }, /recordingHosts/],
      [{ recordingHosts: ["*"] }, /recordingHosts/],
      [{ recordingHosts: ["*.com"] }, /recordingHosts/],
      [{ recordingHosts: ["*example.com"] }, /recordingHosts/],
      [{ recordingHosts: ["example.com/path"] }, /recordingHosts/],
      [{ recordingHosts: ["ftp://example.com"] }, /recordingHosts/],
      [{ publicPath: "https://elsewhere.example" }, /publicPath/],
      [{ publicPath: '/x" onerror="' }, /publicPath/],
      [{ timeout: 0 }, /timeout/],
      [{ timeout: Infinity }, /timeout/],
      [{ maxConcurrency: 1.5 }, /maxConcurrency/],
      [{ maxRecordings: 0 }, /maxRecordings/],
      [{ recordingDays: 0.5 }, /recordingDays/],
      [{ recordingDays: "30" }, /recordingDays/],
      [{ allowAnswer: true }, /allowAnswer/],
      [{ fetch: "fetch" }, /fetch/],
      [{ maskPhone: true }, /no option maskPhone;/],
    ]) {
      const make = () => server.createProxy({ ...options, ...change });
      assert.throws(make, (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, named);
        assert.ok(!error.message.includes(keys.appSecret));
        return true;
      });
    }
    assert.throws(() => server.createProxy(), TypeError);
  });
});

describe("a server that the proxy takes for the vendor", () => {
  const tasks = () => ask(`${task}/getTasks?companyId=1`);

  test("cannot lead it elsewhere", async () => {
    let elsewhere = 0;
    const other = await serve(() => {
      elsewhere += 1;
      return plain();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      answer = () => ({ status, headers: { location: `${other.url}/x` } });
      assert.equal((await tasks()).status, 502);
    }
    assert.equal(elsewhere, 0);
    await other.close();
  });

  test("cannot give the signature away by repeating it", async () => {
    answer = ({ headers }) => ({
      body: JSON.stringify({ code: 401, data: { headers }, resultMsg: `bad sign ${headers.sign}` }),
    });
    const { text } = await tasks();
    const [{ headers }] = upstream.requests;
    for (const secret of [headers.sign, headers.appkey]) assert.ok(!text.includes(secret));
  });

  test("shows no stack trace, in whatever form", async () => {
    for (const trace of [
      '{"x":[{},{},"com.internal"]}',
      '"at com.internal"',
      '{"at":["com.internal"]}',
      '["com.internal"]',
    ]) {
      for (const name of ["errorStackTrace", "\\u0065rrorStackTrace"]) {
        answer = () => ({ body: `{"code":500,"data":null,"${name}":${trace}}` });
        const { text, status } = await tasks();
        assert.equal(status, 200);
        assert.doesNotMatch(text, /internal/);
      }
    }
  });

  test("shows no stack trace further in either, and no inner host", async () => {
    const corpName = JSON.stringify({ calledTimes: 1, host: "node7.internal", ip: "10.9.8.7" });
    const list = [{ errorStackTrace: { at: ["com.internal"] }, corpName }];
    answer = () => ({
      body: JSON.stringify({ code: 200, data: { list, stackTrace: "internal" } }),
    });
    const { text, envelope } = await tasks();
    assert.doesNotMatch(text, /internal|10\.9\.8\.7/);
    const kept = JSON.parse(envelope.data.list[0].corpName);
    assert.deepEqual(kept, { calledTimes: 1, host: null, ip: null });
  });

  test("says how long to wait, and nothing else in that header", async () => {
    for (const [given, passed] of [
      ["7", "7"],
      ["Thu, 13 Dec 2018 01:27:17 GMT", "Thu, 13 Dec 2018 01:27:17 GMT"],
      ["13800001234567", null],
      ["soon", null],
      [undefined, null],
    ]) {
      answer = ({ headers }) => ({
        headers: { "retry-after": given ?? headers.sign },
        body: '{"code":429,"data":null}',
      });
      assert.equal((await tasks()).headers.get("retry-after"), passed);
    }
  });

  test("is read to the last digit", async () => {
    const body = '{"code":200 , "data":{"id":12345678901234567890.10,"u":"\\u4e2d\\/"},"x":1e2}';
    answer = () => ({ body });
    assert.equal((await tasks()).text, body);
  });

  test("that sends no answer is a failure, in time", async () => {
    for (const [given, status] of [
      [() => "hang up", 502],
      [() => undefined, 504],
      [() => ({ body: "<html>login</html>" }), 502],
      [() => ({ body: '{"code":200,"data":' }), 502],
      [() => ({ body: "" }), 502],
      [() => ({ body: Buffer.from([0x22, 0xff, 0x22]) }), 502],
      [() => ({ status: 204 }), 502],
    ]) {
      answer = given;
      const { status: found, envelope } = await tasks();
      assert.equal(found, status);
      assert.deepEqual([envelope.code, envelope.data], [status, null]);
    }
  });
});

describe("recordings", () => {
  /** The link that the page gets for one of the vendor's. */
  async function linkFor(link) {
    answer = () => ({ body: JSON.stringify({ code: 200, data: { luyinOssUrl: link } }) });
    const { envelope } = await ask(`/mount${task}/phoneLogInfo?callInstanceId=1`);
    upstream.requests.length = 0;
    return envelope.data.luyinOssUrl;
  }
  const sound =
    (headers = {}) =>
    () => ({
      headers: { "content-type": "audio/x-wav", ...headers },
      body: "RIFF",
    });

  test("come from the hosts that are allowed, and no others", async () => {
    const sealed = /^\/mount\/recordings\/[\w-]+\.wav$/;
    assert.match(await linkFor(`${upstream.url}/13800001234.wav`), sealed);
    assert.match(await linkFor("https://a.recordings.example.com/x.wav"), sealed);
    assert.match(await linkFor("https://A.Recordings.Example.com/x.wav"), sealed);
    for (const link of [
      "http://a.recordings.example.com/x.wav",
      "https://a.recordings.example.com:8443/x.wav",
      "https://recordings.example.com/x.wav",
      "https://a.recordings.example.com.elsewhere.example/x.wav",
      "https://arecordings.example.com/x.wav",
      "https://user@a.recordings.example.com/x.wav",
      "https://elsewhere.example/?.recordings.example.com/x.wav",
      "https://elsewhere.example/#a.recordings.example.com/x.wav",
      "https://169.254.169.254/latest/meta-data/x.wav",
      "http://localhost:1/x.wav",
      "http://[::1]/x.wav",
    ]) {
      assert.equal(await linkFor(link), link);
    }
  });

  test("have links that do not tell what they lead to", async () => {
    const link = await linkFor(`${upstream.url}/20240101_13800001234.wav`);
    const [, token] = link.match(/recordings\/([\w-]+)/);
    for (const text of [token, Buffer.from(token, "base64url").toString("latin1")]) {
      assert.doesNotMatch(text, /1380000|127\.0\.0\.1|http/);
    }
    assert.equal(await linkFor(`${upstream.url}/20240101_13800001234.wav`), link);
    assert.notEqual(await linkFor(`${upstream.url}/20240101_13800001235.wav`), link);
  });

  test("cannot be asked for by a link of one's own", async () => {
    const other = server.createProxy({
      ...keys,
      appSecret: "AnotherSecret000000000000",
      recordingHosts: [upstream.url],
      authorize: () => true,
      fetch: async () =>
        Response.json({ code: 200, data: { luyinOssUrl: `${upstream.url}/a.wav` } }),
    });
    const given = await other(new Request(`http://x${task}/phoneLogInfo?callInstanceId=1`));
    const { data } = await given.json();
    assert.equal((await ask(data.luyinOssUrl)).status, 404);
    nothingSent();
  });

  test("are asked for with a range and nothing else of the page's", async () => {
    const link = await linkFor(`${upstream.url}/a.wav?Signature=x`);
    answer = sound();
    for (const [range, passed] of [
      ["bytes=0-3", "bytes=0-3"],
      ["bytes=0-3,5-9", undefined],
      ["items=0-3", undefined],
    ]) {
      upstream.requests.length = 0;
      await ask(link, { headers: { range, cookie: "a=b", authorization: "x", "if-range": "y" } });
      const [{ url, headers }] = upstream.requests;
      assert.equal(url, "/a.wav?Signature=x");
      assert.equal(headers.range, passed);
      for (const name of ["cookie", "authorization", "if-range", "sign", "appkey"]) {
        assert.equal(headers[name], undefined);
      }
    }
  });

  test("that are no sound, or elsewhere now, are not passed on", async () => {
    const link = await linkFor(`${upstream.url}/a.wav`);
    for (const [given, status] of [
      [() => ({ headers: { "content-type": "text/html" }, body: "<script>" }), 502],
      [() => ({ headers: { "content-type": "image/svg+xml" }, body: "<svg>" }), 502],
      [() => ({ status: 302, headers: { location: "http://169.254.169.254/" } }), 502],
      [() => ({ status: 403, body: "<Error>AccessKeyId" }), 404],
      [() => ({ status: 500, body: "internal" }), 502],
      [() => "hang up", 502],
      [() => undefined, 504],
    ]) {
      answer = given;
      const { status: found, text } = await ask(link);
      assert.equal(found, status);
      assert.doesNotMatch(text, /script|svg|AccessKey|internal/);
    }
  });

  test("do not tell their name in a header", async () => {
    const link = await linkFor(`${upstream.url}/a.wav`);
    answer = sound({
      "content-type": 'audio/x-wav; name="13800001234.wav"',
      "content-range": "bytes 0-3/13800001234 name",
      etag: '"20240101_13800001234.wav"',
    });
    const { status, headers } = await ask(link);
    assert.equal(status, 200);
    assert.equal(headers.get("content-type"), "audio/x-wav");
    assert.doesNotMatch(JSON.stringify([...headers]), /13800001234/);
  });

  test("bring no headers but their own", async () => {
    const link = await linkFor(`${upstream.url}/a.wav`);
    answer = sound({
      "set-cookie": "a=b",
      "x-oss-request-id": "7",
      "content-disposition": "attachment",
    });
    const { headers, text } = await ask(link);
    assert.equal(text, "RIFF");
    for (const name of ["set-cookie", "x-oss-request-id", "content-disposition"]) {
      assert.equal(headers.get(name), null);
    }
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  });
});

test("in all of this the secret was never said", () => {
  assert.ok(said.length > 200);
  const secrets = [keys.appSecret, Buffer.from(keys.appSecret).toString("base64")];
  for (const text of said) {
    for (const secret of secrets) assert.ok(!text.includes(secret));
  }
  for (const { headers, url, body } of upstream.requests) {
    assert.ok(!JSON.stringify([headers, url, body]).includes(keys.appSecret));
  }
});
