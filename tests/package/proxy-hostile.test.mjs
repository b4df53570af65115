// Hostile callers of the proxy: paths, methods, parameters, bodies and headers. Not here: hostile answers
// (proxy-hostile-answers.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ask,
  assertNoSecret,
  base,
  keys,
  nothingSent,
  plain,
  post,
  proxy,
  raw,
  server,
  task,
  upstream,
  vendor,
} from "./hostile-proxy.mjs";

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
    test(`${path} is not found`, async () => {
      const { status, envelope } = await ask(path);
      assert.equal(status, 404);
      assert.equal(envelope.code, 404);
      nothingSent();
    });
  }

  test("with dots are resolved before they are matched", async () => {
    const { status } = await ask("/a/../byrobot/./openapi/v1/task/getTasks?companyId=1");
    assert.equal(status, 200);
    assert.equal(upstream.requests[0].url, "/openapi/v1/task/getTasks?companyId=1");
  });

  test("absolute URLs, invalid hosts and other methods on the wire are refused", async () => {
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
    test(`${name} accepts only ${right}`, async () => {
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

  test("that are not a valid query are refused", async () => {
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

  test("that are too long or not UTF-8 are refused, and not read to their end", async () => {
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

  test("with another content type are refused", async () => {
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
  test("of the page are not sent to the vendor", async () => {
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

  test("of the vendor's answer are not sent to the page", async () => {
    vendor.answer = () => ({
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

  test("a valid request id is kept, otherwise a new one is made", async () => {
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

describe("without authorization", () => {
  test("no request reaches the vendor, whatever is sent", async () => {
    const headers = { "x-session": "none" };
    assert.equal((await ask(`${task}/getTasks?companyId=1`, { headers })).status, 401);
    assert.equal(
      (await post(`${task}/queryDoneTaskPhones`, { callJobId: 1 }, headers)).status,
      401,
    );
    assert.equal((await ask("/recordings/AAAAAAAAAAAAAAAAAAAAAAAA", { headers })).status, 404);
    nothingSent();
  });

  test("createProxy throws", () => {
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
      [{ recordingHosts: [null] }, /recordingHosts/],
      [{ recordingHosts: [["example.com"]] }, /recordingHosts/],
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

  test("createProxy checks the type of every option", () => {
    const options = { ...keys, authorize: () => true };
    let known;
    try {
      server.createProxy({ ...options, unknown: 1 });
    } catch ({ message }) {
      known = message.match(/there are (.*)$/)[1].split(", ");
    }
    assert.ok(known.length > 10);
    for (const name of known) {
      for (const wrong of [{}, null, Symbol("wrong")]) {
        const make = () => server.createProxy({ ...options, [name]: wrong });
        assert.throws(make, (error) => error instanceof TypeError && error.message.includes(name));
      }
    }
  });
});

test("no answer of these tests contains the secret", () => assertNoSecret());
