// The Vite plugin without `authorize` answers only this machine and its own pages. Not here: Vite (tests/matrix).
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import { connect as connectHttp2, createServer as createHttp2 } from "node:http2";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { install } from "./installation.mjs";
import { keys } from "./proxy-of.mjs";

let project, server, byrobotProxy;
before(async () => {
  project = await install();
  ({ byrobotProxy } = await project.import("byrobot-calls/server"));
  let handle;
  const middlewares = { use: (path, handler) => (handle = handler) };
  byrobotProxy(keys).configureServer({ middlewares });
  server = createServer((request, response) => handle(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
after(async () => {
  server?.close();
  await project?.remove();
});

/** The status for a request with these headers; `Host` is one of them. */
async function status(headers) {
  const { port } = server.address();
  const sent = ask({
    port,
    host: "127.0.0.1",
    path: "/byrobot/health",
    headers,
    agent: false,
  }).end();
  const [reply] = await once(sent, "response");
  reply.resume();
  return reply.statusCode;
}

test("this machine is answered under its own names", async () => {
  for (const host of ["localhost:5173", "127.0.0.1", "[::1]:5173", "app.localhost"]) {
    assert.equal(await status({ host }), 200, host);
  }
  assert.equal(await status({ host: "localhost:5173", origin: "http://localhost:5173" }), 200);
});

test("a foreign name that resolves to this machine is refused: its page would read the calls", async () => {
  for (const host of [
    "elsewhere.example",
    "localhost.elsewhere.example",
    "127.0.0.1.nip.io:5173",
  ]) {
    assert.equal(await status({ host }), 403, host);
  }
});

test("a page of another site is refused: Vite may let it read the answer", async () => {
  for (const origin of [
    "https://elsewhere.example",
    "http://localhost.elsewhere.example",
    "null",
  ]) {
    assert.equal(await status({ host: "localhost:5173", origin }), 403, origin);
  }
});

test("a page of another address is refused, though its request comes from this machine", async () => {
  // A server in front that adds no header and names this machine: the page's own address is in Referer.
  for (const referer of ["https://calls.example/", "https://localhost.calls.example/list", "x"]) {
    assert.equal(await status({ host: "127.0.0.1:5173", referer }), 403, referer);
  }
  for (const referer of ["http://localhost:5173/", "http://[::1]:5173/a?b"]) {
    assert.equal(await status({ host: "127.0.0.1:5173", referer }), 200, referer);
  }
});

test("a server in front that passes requests on is refused: it would let everybody in", async () => {
  const host = "localhost:5173";
  for (const header of [
    { "x-forwarded-for": "203.0.113.7" },
    { "x-forwarded-for": "127.0.0.1" },
    { "x-forwarded-proto": "https" },
    { "x-forwarded-host": host },
    { forwarded: "for=203.0.113.7" },
    { "x-real-ip": "203.0.113.7" },
    { via: "1.1 proxy" },
    { "cf-connecting-ip": "203.0.113.7" },
    { "x-original-host": "elsewhere.example" },
    { "ali-cdn-real-ip": "203.0.113.7" },
    { "x-remote-addr": "203.0.113.7" },
    { "wl-proxy-client-ip": "203.0.113.7" },
    { "x-envoy-external-address": "203.0.113.7" },
    { "cdn-loop": "cdn" },
  ]) {
    assert.equal(await status({ host, ...header }), 403, Object.keys(header)[0]);
  }
  assert.equal(await status({ host, "x-requested-with": "fetch" }), 200);
});

test("HTTP/1.0 is refused: nginx speaks it to servers by default", async () => {
  const socket = connect(server.address().port, "127.0.0.1");
  socket.end("GET /byrobot/health HTTP/1.0\r\nHost: localhost\r\n\r\n");
  let said = "";
  for await (const part of socket.setEncoding("utf8")) said += part;
  assert.match(said, /^HTTP\/1\.1 403 /);
});

test("HTTP/2 names the host in another header", async () => {
  let handle;
  const middlewares = { use: (path, handler) => (handle = handler) };
  byrobotProxy(keys).configureServer({ middlewares });
  const listener = createHttp2((request, response) => handle(request, response));
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const session = connectHttp2(`http://127.0.0.1:${listener.address().port}`);
  for (const [authority, wanted] of [
    ["localhost:5173", 200],
    ["elsewhere.example", 403],
  ]) {
    const stream = session.request({ ":path": "/byrobot/health", ":authority": authority }).end();
    const [{ ":status": status }] = await once(stream.resume(), "response");
    assert.equal(status, wanted, authority);
  }
  session.close();
  listener.close();
});

test("without a key the plugin names the variable to set", () => {
  const start = (options) => () => byrobotProxy(options).configureServer({});
  assert.throws(start({}), /BYROBOT_APP_KEY is not in the environment: set it, or give .* appKey/);
  assert.throws(start({ appKey: "k" }), /BYROBOT_APP_SECRET is not in the environment/);
});
