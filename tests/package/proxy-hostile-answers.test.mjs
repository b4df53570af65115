// Hostile answers and recordings from the server that the proxy uses as its vendor.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { serve } from "./servers.mjs";
import {
  ask,
  assertNoSecret,
  keys,
  nothingSent,
  plain,
  proxy,
  server,
  task,
  upstream,
  vendor,
} from "./hostile-proxy.mjs";

describe("a hostile server in the place of the vendor", () => {
  const tasks = () => ask(`${task}/getTasks?companyId=1`);

  test("a redirect is not followed", async () => {
    let elsewhere = 0;
    const other = await serve(() => {
      elsewhere += 1;
      return plain();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      vendor.answer = () => ({ status, headers: { location: `${other.url}/x` } });
      assert.equal((await tasks()).status, 502);
    }
    assert.equal(elsewhere, 0);
    await other.close();
  });

  test("a repeated signature is removed from the answer", async () => {
    vendor.answer = ({ headers }) => ({
      body: JSON.stringify({ code: 401, data: { headers }, resultMsg: `bad sign ${headers.sign}` }),
    });
    const { text } = await tasks();
    const [{ headers }] = upstream.requests;
    for (const secret of [headers.sign, headers.appkey]) assert.ok(!text.includes(secret));
  });

  test("a stack trace is removed, whatever its form", async () => {
    for (const trace of [
      '{"x":[{},{},"com.internal"]}',
      '"at com.internal"',
      '{"at":["com.internal"]}',
      '["com.internal"]',
    ]) {
      for (const name of ["errorStackTrace", "\\u0065rrorStackTrace"]) {
        vendor.answer = () => ({ body: `{"code":500,"data":null,"${name}":${trace}}` });
        const { text, status } = await tasks();
        assert.equal(status, 200);
        assert.doesNotMatch(text, /internal/);
      }
    }
  });

  test("nested stack traces and inner hosts are removed", async () => {
    const corpName = JSON.stringify({ calledTimes: 1, host: "node7.internal", ip: "10.9.8.7" });
    const list = [{ errorStackTrace: { at: ["com.internal"] }, corpName }];
    vendor.answer = () => ({
      body: JSON.stringify({ code: 200, data: { list, stackTrace: "internal" } }),
    });
    const { text, envelope } = await tasks();
    assert.doesNotMatch(text, /internal|10\.9\.8\.7/);
    const kept = JSON.parse(envelope.data.list[0].corpName);
    assert.deepEqual(kept, { calledTimes: 1, host: null, ip: null });
  });

  test("Retry-After is passed on only if it is a valid wait", async () => {
    for (const [given, passed] of [
      ["7", "7"],
      ["Thu, 13 Dec 2018 01:27:17 GMT", "Thu, 13 Dec 2018 01:27:17 GMT"],
      ["13800001234567", null],
      ["soon", null],
      [undefined, null],
    ]) {
      vendor.answer = ({ headers }) => ({
        headers: { "retry-after": given ?? headers.sign },
        body: '{"code":429,"data":null}',
      });
      assert.equal((await tasks()).headers.get("retry-after"), passed);
    }
  });

  test("an answer is passed on to the last digit", async () => {
    const body = '{"code":200 , "data":{"id":12345678901234567890.10,"u":"\\u4e2d\\/"},"x":1e2}';
    vendor.answer = () => ({ body });
    assert.equal((await tasks()).text, body);
  });

  test("a missing or invalid answer is an error within the time limit", async () => {
    for (const [given, status] of [
      [() => "hang up", 502],
      [() => undefined, 504],
      [() => ({ body: "<html>login</html>" }), 502],
      [() => ({ body: '{"code":200,"data":' }), 502],
      [() => ({ body: "" }), 502],
      [() => ({ body: Buffer.from([0x22, 0xff, 0x22]) }), 502],
      [() => ({ status: 204 }), 502],
    ]) {
      vendor.answer = given;
      const { status: found, envelope } = await tasks();
      assert.equal(found, status);
      assert.deepEqual([envelope.code, envelope.data], [status, null]);
    }
  });
});

describe("recordings", () => {
  /** The link that the page gets for one of the vendor's. */
  async function linkFor(link) {
    vendor.answer = () => ({ body: JSON.stringify({ code: 200, data: { luyinOssUrl: link } }) });
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

  test("have links that do not reveal the vendor's link", async () => {
    const link = await linkFor(`${upstream.url}/20240101_13800001234.wav`);
    const [, token] = link.match(/recordings\/([\w-]+)/);
    for (const text of [token, Buffer.from(token, "base64url").toString("latin1")]) {
      assert.doesNotMatch(text, /1380000|127\.0\.0\.1|http/);
    }
    assert.equal(await linkFor(`${upstream.url}/20240101_13800001234.wav`), link);
    assert.notEqual(await linkFor(`${upstream.url}/20240101_13800001235.wav`), link);
  });

  test("are refused for a link that another proxy has sealed", async () => {
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

  test("are fetched with the page's range and no other header of the page", async () => {
    const link = await linkFor(`${upstream.url}/a.wav?Signature=x`);
    vendor.answer = sound();
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

  test("are refused if the answer is not sound, or a redirect", async () => {
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
      vendor.answer = given;
      const { status: found, text } = await ask(link);
      assert.equal(found, status);
      assert.doesNotMatch(text, /script|svg|AccessKey|internal/);
    }
  });

  test("do not reveal the file's name in a header", async () => {
    const link = await linkFor(`${upstream.url}/a.wav`);
    vendor.answer = sound({
      "content-type": 'audio/x-wav; name="13800001234.wav"',
      "content-range": "bytes 0-3/13800001234 name",
      etag: '"20240101_13800001234.wav"',
    });
    const { status, headers } = await ask(link);
    assert.equal(status, 200);
    assert.equal(headers.get("content-type"), "audio/x-wav");
    assert.doesNotMatch(JSON.stringify([...headers]), /13800001234/);
  });

  test("have only the headers of a recording", async () => {
    const link = await linkFor(`${upstream.url}/a.wav`);
    vendor.answer = sound({
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

test("no answer of these tests contains the secret", () => assertNoSecret());
