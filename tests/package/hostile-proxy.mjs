// A proxy behind a socket, with a test's server in place of the vendor, for tests of hostile callers and answers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { install } from "./installation.mjs";
import { serve } from "./servers.mjs";
import { keys } from "./proxy-of.mjs";

export { keys };
export const task = "/openapi/v1/task";

export let project, server, upstream, proxy, base;
/** `answer` makes the answers of the server behind the proxy; a test may replace it. */
export const vendor = { answer: undefined };
export const plain = () => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ code: 200, data: { list: [], total: 0 }, errorStackTrace: null }),
});
/** Everything the proxy has ever said, for a last look. */
export const said = [];
/** Every request that the server behind the proxy has received: `upstream.requests` has those of one test. */
const sent = [];

before(async () => {
  project = await install();
  server = await project.import("byrobot-calls/server");
  upstream = await serve((request, number) => {
    sent.push(request);
    return vendor.answer(request, number);
  });
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
  vendor.answer = plain;
  upstream.requests.length = 0;
});
after(async () => {
  proxy?.close();
  proxy?.closeAllConnections();
  await upstream?.close();
  await project?.remove();
});

/** Asks the proxy; its answer with its body as text, and as JSON if it is some. */
export async function ask(path, { query, ...init } = {}) {
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

export const post = (path, body, headers = {}) =>
  ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...(body instanceof ReadableStream ? { body, duplex: "half" } : {}),
  });

/** Sends bytes as they are; what comes back until the connection ends. */
export async function raw(text) {
  const socket = connect(proxy.address().port, "127.0.0.1");
  socket.setTimeout(3000, () => socket.destroy());
  let reply = "";
  socket.setEncoding("utf8").on("data", (data) => (reply += data));
  socket.write(text);
  await once(socket, "close").catch(() => {});
  said.push(reply);
  return reply;
}

/** Fails if the proxy has said or sent the secret. */
export function assertNoSecret() {
  assert.ok(said.length > 200);
  assert.ok(sent.length > 0);
  const secrets = [keys.appSecret, Buffer.from(keys.appSecret).toString("base64")];
  for (const text of said) {
    for (const secret of secrets) assert.ok(!text.includes(secret));
  }
  for (const { headers, url, body } of sent) {
    assert.ok(!JSON.stringify([headers, url, body]).includes(keys.appSecret));
  }
}

export const nothingSent = () =>
  assert.deepEqual(
    upstream.requests.map(({ url }) => url),
    [],
  );
