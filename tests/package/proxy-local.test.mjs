// The plugin for Vite without authorize: this machine alone, and pages of it. In Vite itself it is tried by the matrix.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import { after, before, test } from "node:test";
import { install } from "./installation.mjs";

const keys = { appKey: "TestAppKey0000000000", appSecret: "TestSecret00000000000000000000" };
let project, server;
before(async () => {
  project = await install();
  const { byrobotProxy } = await project.import("byrobot-calls/server");
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

test("a foreign name that leads here is refused: its page would read the calls", async () => {
  for (const host of [
    "elsewhere.example",
    "localhost.elsewhere.example",
    "127.0.0.1.nip.io:5173",
  ]) {
    assert.equal(await status({ host }), 403, host);
  }
});

test("so is a page of another site, which Vite may have let read the answer", async () => {
  for (const origin of [
    "https://elsewhere.example",
    "http://localhost.elsewhere.example",
    "null",
  ]) {
    assert.equal(await status({ host: "localhost:5173", origin }), 403, origin);
  }
});
