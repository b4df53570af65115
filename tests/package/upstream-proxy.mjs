// Proxies whose vendor and file store are servers of the test, for tests of hostile upstreams.
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { install } from "./installation.mjs";
import { serve } from "./servers.mjs";
import { keys } from "./proxy-of.mjs";

export { keys };
export const number = "13812345678";
export const tasks = "http://x/openapi/v1/task/getTasks?companyId=1";
export const calls = "http://x/openapi/v1/task/phoneLogInfo?callInstanceId=1";

export let project, server, upstream, handler, proxy, base;
/** `answer` makes the answers of the server behind the proxy; a test sets it. */
export const vendor = { answer: undefined };
export const open = [];

before(async () => {
  project = await install();
  server = await project.import("byrobot-calls/server");
  upstream = await serve((request, number) => vendor.answer(request, number));
  handler = proxyOf({ upstream: upstream.url, recordingHosts: [upstream.url], timeout: 500 });
  proxy = createServer(server.toNodeHandler(handler));
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${proxy.address().port}`;
});
beforeEach(() => {
  upstream.requests.length = 0;
});
after(async () => {
  for (const close of open) close();
  proxy?.close();
  proxy?.closeAllConnections();
  await upstream?.close();
  await project?.remove();
});

export const proxyOf = (options) =>
  server.createProxy({ ...keys, authorize: () => true, ...options });

/** A proxy whose vendor answers so, whatever is asked. */
export const answering = (body, options) =>
  proxyOf({
    fetch: async (...request) =>
      typeof body === "function"
        ? body(...request)
        : new Response(typeof body === "string" ? body : JSON.stringify({ code: 200, data: body })),
    ...options,
  });

/** The path of the page for a link of the vendor's, and its token. */
export async function sealed(link, ask = handler) {
  vendor.answer = () => ({
    body: JSON.stringify({ code: 200, data: { list: [{ luyinOssUrl: link }] } }),
  });
  const reply = await ask(new Request(calls));
  const { data } = await reply.json();
  return data.list[0].luyinOssUrl;
}

/** Asks for a recording over a socket that stays open; everything that comes until it ends, or nothing more does. */
export async function onTheWire(path, { method = "GET", range } = {}) {
  const socket = connect(proxy.address().port, "127.0.0.1");
  const lines = [`${method} ${path} HTTP/1.1`, "Host: x", ...(range ? [`Range: ${range}`] : [])];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  let reply = Buffer.alloc(0);
  socket.on("data", (data) => (reply = Buffer.concat([reply, data])));
  socket.on("error", () => {});
  const closed = once(socket, "close").then(() => true);
  // A second request is answered after all of the first.
  const head = () => reply.indexOf("\r\n\r\n");
  while (head() < 0) await Promise.race([once(socket, "data"), closed]);
  const headers = reply.subarray(0, head()).toString();
  const status = Number(headers.slice(9, 12));
  socket.write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await closed;
  const body = reply.subarray(head() + 4);
  const next = body.indexOf("HTTP/1.1 200");
  return {
    status,
    headers,
    body: next < 0 ? body : body.subarray(0, next),
    isNext: next >= 0,
  };
}
