// Hostile upstreams: recordings with a wrong length or encoding, or without an end. Not here: answers
// (proxy-upstream-answers.test.mjs), masked numbers (masks.test.mjs), attacks in other runtimes (upstreams.mjs).
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { startStore } from "./file-store.mjs";
import { upstreams } from "./upstreams.mjs";
import {
  answering,
  base,
  calls,
  onTheWire,
  open,
  proxy,
  sealed,
  server,
  upstream,
  vendor,
} from "./upstream-proxy.mjs";

describe("in every runtime", () => {
  let store;
  before(async () => (store = await startStore()));
  after(() => store?.stop());
  for (const [name, check] of Object.entries(upstreams)) test(name, () => check(server, store.url));
});

describe("a recording that is encoded", () => {
  const sound = Buffer.alloc(5000, "RIFF");
  const encodings = {
    gzip: gzipSync(sound),
    "x-gzip": gzipSync(sound),
    deflate: deflateSync(sound),
    br: brotliCompressSync(sound),
    "identity, gzip": gzipSync(sound),
    other: sound,
  };
  for (const [encoding, body] of Object.entries(encodings)) {
    for (const [method, range] of [["GET"], ["HEAD"], ["GET", "bytes=0-99"]]) {
      test(`as ${encoding} is refused for ${method} ${range ?? ""}`, async () => {
        const path = await sealed(`${upstream.url}/a.wav`);
        vendor.answer = () => ({
          status: range ? 206 : 200,
          headers: {
            "content-type": "audio/wav",
            "content-encoding": encoding,
            "content-length": body.length,
            ...(range ? { "content-range": `bytes 0-${body.length - 1}/9999` } : {}),
          },
          body: method === "HEAD" ? undefined : body,
        });
        const reply = await onTheWire(path, { method, range });
        assert.equal(reply.status, 502);
        assert.ok(!reply.body.includes("RIFF"));
        assert.ok(reply.isNext);
      });
    }
  }

  test("as identity is passed on", async () => {
    const path = await sealed(`${upstream.url}/a.wav`);
    vendor.answer = () => ({
      headers: { "content-type": "audio/wav", "content-encoding": "Identity" },
      body: sound,
    });
    const reply = await fetch(base + path);
    assert.deepEqual(Buffer.from(await reply.arrayBuffer()), sound);
  });
});

describe("a recording with a wrong length", () => {
  /** A proxy behind a socket, whose store answers with this body and these headers, whatever fetch makes of them. */
  async function lying(headers, parts, { status = 200 } = {}) {
    const ask = answering(
      async (url) => {
        if (!String(url).endsWith(".wav")) {
          return Response.json({ code: 200, data: { luyinOssUrl: "https://store.example/a.wav" } });
        }
        const body = new ReadableStream({
          start(controller) {
            for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
            controller.close();
          },
        });
        return new Response(body, { status, headers: { "content-type": "audio/wav", ...headers } });
      },
      { recordingHosts: ["store.example"] },
    );
    const { data } = await (await ask(new Request(calls))).json();
    return (init) => ask(new Request(`http://x${data.luyinOssUrl}`, init));
  }

  test("never sends more bytes than announced", async () => {
    for (const parts of [["0123456789"], ["01", "23", "4", "5"], ["0123", "4"]]) {
      const ask = await lying({ "content-length": "4" }, parts);
      const reply = await ask();
      assert.equal(reply.headers.get("content-length"), "4");
      const got = [];
      const failure = await (async () => {
        for await (const part of reply.body) got.push(...part);
      })().catch((error) => error);
      assert.match(failure.message, /not as long/);
      assert.ok(got.length <= 4);
    }
  });

  test("is an error with fewer bytes than announced", async () => {
    const ask = await lying({ "content-length": "10" }, ["0123"]);
    await assert.rejects((await ask()).arrayBuffer(), /not as long/);
  });

  test("closes the connection, so that it is not mistaken for a complete answer or the next one", async () => {
    for (const parts of [["0123456789"], ["01"]]) {
      const ask = await lying({ "content-length": "4" }, parts);
      const lyingProxy = createServer(server.toNodeHandler(() => ask()));
      await once(lyingProxy.listen(0, "127.0.0.1"), "listening");
      open.push(() => lyingProxy.close());
      const socket = connect(lyingProxy.address().port, "127.0.0.1");
      let reply = "";
      socket.setEncoding("latin1").on("data", (data) => (reply += data));
      socket.on("error", () => {});
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(socket, "close");
      assert.ok((reply.split("\r\n\r\n")[1] ?? "").length <= 4, reply);
    }
  });

  test("is refused if length and range disagree", async () => {
    const asked = { headers: { range: "bytes=0-3" } };
    for (const [headers, init] of [
      [{ "content-range": "bytes 0-3/10", "content-length": "9" }, asked],
      [{ "content-range": "bytes 3-0/10" }, asked],
      [{ "content-range": "bytes */10" }, asked],
      [{ "content-range": "items 0-3/10" }, asked],
      [{}, asked],
      // Nobody asked for a part.
      [{ "content-range": "bytes 0-3/10", "content-length": "4" }, undefined],
    ]) {
      const ask = await lying(headers, ["0123"], { status: 206 });
      assert.equal((await ask(init)).status, 502, JSON.stringify(headers));
    }
    for (const length of ["-4", "4, 4", "0x4", "9".repeat(15), "9".repeat(30)]) {
      const ask = await lying({ "content-length": length }, ["0123"]);
      assert.equal((await ask()).status, 502, length);
    }
  });

  test("has the length of its range if only the range is given", async () => {
    const ask = await lying({ "content-range": "bytes 0-3/10" }, ["0123"], { status: 206 });
    const reply = await ask({ headers: { range: "bytes=0-3" } });
    assert.deepEqual([reply.status, reply.headers.get("content-length")], [206, "4"]);
    assert.equal(await reply.text(), "0123");
  });

  test("a range that cannot be satisfied is answered with 416 and no body", async () => {
    const ask = await lying(
      { "content-range": "bytes */10", "content-type": "text/html", "content-length": "8" },
      ["<script>"],
      { status: 416 },
    );
    const reply = await ask({ headers: { range: "bytes=99-" } });
    assert.equal(reply.status, 416);
    assert.equal(reply.headers.get("content-range"), "bytes */10");
    assert.equal(reply.headers.get("content-type"), null);
    assert.equal(await reply.text(), "");
  });
});

describe("a recording that does not end", () => {
  const page = () =>
    Response.json({ code: 200, data: { luyinOssUrl: "https://store.example/a.wav" } });
  const isSound = (url) => String(url).endsWith(".wav");
  const soundOf = (body) => new Response(body, { headers: { "content-type": "audio/wav" } });

  /** A proxy whose store gives these bodies, one after the other, and the path of a recording. */
  async function storing(bodyOf, options) {
    const ask = answering(async (url, init) => (isSound(url) ? soundOf(bodyOf(init)) : page()), {
      recordingHosts: ["store.example"],
      ...options,
    });
    const { data } = await (await ask(new Request(calls))).json();
    return { ask, sound: () => ask(new Request(`http://x${data.luyinOssUrl}`)) };
  }
  const stalled = () =>
    new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(4)) });

  test("is cut at the largest length of a recording", async () => {
    const chunk = new Uint8Array(16 * 1024 * 1024);
    let cancelled = false;
    const endless = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(chunk),
        cancel: () => void (cancelled = true),
      });
    const { sound } = await storing(endless);
    let length = 0;
    const failure = await (async () => {
      for await (const part of (await sound()).body) length += part.length;
    })().catch((error) => error);
    assert.match(failure.message, /not as long/);
    assert.ok(length <= 512 * 1024 * 1024, `${length} bytes`);
    assert.ok(cancelled);
  });

  test("and stalls is aborted, and its permit is released", async () => {
    let count = 0;
    const bodies = () => ((count += 1) <= 2 ? stalled() : "RIFF");
    const { sound } = await storing(bodies, { maxRecordings: 2, timeout: 300 });
    const first = [await sound(), await sound()].map(
      ({ body }) => Array.fromAsync?.(body) ?? drain(body),
    );
    const outcomes = await Promise.allSettled(first);
    for (const { reason } of outcomes) assert.match(reason.message, /standstill/);
    assert.equal(await (await sound()).text(), "RIFF");
  });

  test("because the page does not read is aborted", async () => {
    const many = () =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1000)) });
    const { sound } = await storing(many, { maxRecordings: 1, timeout: 200 });
    const untaken = await sound();
    const next = await sound();
    assert.equal(next.status, 200);
    await assert.rejects(untaken.arrayBuffer(), /standstill/);
    await next.body.cancel();
  });

  test("does not delay other requests", async () => {
    const { ask, sound } = await storing(stalled, {
      maxRecordings: 2,
      maxConcurrency: 2,
      timeout: 2000,
    });
    const bodies = [await sound(), await sound()];
    for (let times = 0; times < 5; times += 1) {
      assert.equal((await ask(new Request(calls))).status, 200);
    }
    for (const { body } of bodies) await body.cancel();
  });

  test("is cancelled at the store when the page goes", async () => {
    let cancelled;
    const gone = new Promise((resolve) => (cancelled = resolve));
    const { sound } = await storing(
      () =>
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(9)),
          cancel: cancelled,
        }),
    );
    await (await sound()).body.cancel();
    await gone;
  });
});

/** All of a body. */
async function drain(body) {
  const parts = [];
  for await (const part of body) parts.push(part);
  return parts;
}
