// Adapter between Node's servers and a handler of Requests: node:http, node:http2, and the frameworks on them.
// Imports nothing from Node, so that the module loads in every runtime.

import { heldBody, tooMany, type Head, type Source } from "./reply.js";

/** Bytes of a refused body that are read and discarded. */
const longestUnread = 64 * 1024;

interface Incoming extends AsyncIterable<Uint8Array> {
  method?: string;
  url?: string;
  /** Express removes the mount path of a handler from `url`. */
  originalUrl?: string;
  headers: Record<string, string | string[] | undefined>;
  httpVersionMajor?: number;
  /** The body as a body parser has left it. */
  body?: unknown;
  socket?: { encrypted?: boolean };
  /** Whether the whole body has arrived. */
  complete: boolean;
  /** Whether something has read from the body. */
  readableDidRead?: boolean;
  on(event: string, listener: () => void): unknown;
  destroy(): unknown;
}

interface Outgoing {
  writeHead(status: number, headers: Record<string, string | undefined>): unknown;
  write(bytes: Uint8Array): boolean;
  end(body?: string | Uint8Array): unknown;
  on(event: string, listener: () => void): unknown;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  destroy(): unknown;
  destroyed: boolean;
  headersSent: boolean;
}

/** Fastify's request and reply: they contain Node's own, and the parsed body. */
interface Wrapped {
  raw?: unknown;
  body?: unknown;
  hijack?: () => unknown;
}

/**
 * Turns a handler of Requests into a handler for Node's `http` and `http2`, Express, Fastify, Koa (`context.req`,
 * `context.res`) and the like. It also works if a body parser such as `express.json()` has already read the
 * body.
 *
 * ```ts
 * import { createServer } from "node:http";
 * import { createProxy, toNodeHandler } from "byrobot-calls/server";
 *
 * const { BYROBOT_APP_KEY: appKey = "", BYROBOT_APP_SECRET: appSecret = "" } = process.env;
 * const proxy = createProxy({ appKey, appSecret, authorize: () => true }); // everybody who reaches this server
 * createServer(toNodeHandler(proxy)).listen(3000);
 * ```
 *
 * The request's URL is built from `Host` and the socket. Behind another proxy it is not the URL that the page
 * uses, so do not let `authorize` rely on it.
 */
export function toNodeHandler(
  handler: (request: Request) => Promise<Response>,
): (request: unknown, response: unknown) => void {
  if (typeof handler !== "function") throw new TypeError("toNodeHandler: expected a function");
  return (request, response) => {
    const { raw: incoming = request, body } = request as Wrapped;
    const { raw: outgoing = response } = response as Wrapped;
    // Without this call Fastify sends an answer of its own.
    if (outgoing !== response) (response as Wrapped).hijack?.();
    void serve(handler, incoming as Incoming, body, outgoing as Outgoing);
  };
}

/** Never rejects. */
async function serve(
  handler: (request: Request) => Promise<Response>,
  incoming: Incoming,
  body: unknown,
  outgoing: Outgoing,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  outgoing.once("close", leave);
  // A broken connection is an `error` event here; without a listener it would end the process.
  for (const stream of [incoming, outgoing]) stream.on("error", leave);
  try {
    const busy = tooMany.get(handler)?.(headOf(incoming));
    if (busy) {
      const { status, headers, body } = await busy;
      outgoing.writeHead(status, { ...headers, ...closing(incoming) });
      outgoing.end(body);
      return;
    }
    let request: Request;
    try {
      request = requestOf(incoming, body, gone.signal);
    } catch (error) {
      const status = error instanceof BodyError ? 500 : 400;
      // A method such as TRACE, or an invalid Host.
      outgoing.writeHead(status, { "cache-control": "no-store", ...closing(incoming) });
      outgoing.end(error instanceof BodyError ? error.message : undefined);
      return;
    }
    const response = await handler(request);
    const ending = closing(incoming);
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...ending });
    const content = heldBody(response) ?? response.body?.getReader();
    const isSource = typeof content === "object" && "read" in content;
    if (isSource) await copy(content, outgoing, gone.signal);
    outgoing.off("close", leave);
    if (ending.connection) outgoing.once("finish", () => incoming.destroy());
    outgoing.end(isSource ? undefined : content);
  } catch {
    // The page has disconnected, or the handler threw: there is nothing to send.
    fail(outgoing);
  }
}

function fail(outgoing: Outgoing): void {
  try {
    if (outgoing.headersSent) outgoing.destroy();
    else {
      outgoing.writeHead(500, { "cache-control": "no-store" });
      outgoing.end();
    }
  } catch {
    // The connection broke while the answer was sent.
  }
}

/** The head of a request. The adapter does not depend on how Node joins repeated headers. */
const headOf = ({ method = "GET", url = "/", originalUrl = url, headers }: Incoming): Head => ({
  method,
  path: originalUrl.split("?", 1)[0]!,
  header: (name) => headers[name]?.toString() ?? null,
});

/**
 * The header that closes a connection after an early answer: without it Node reads the rest of the body.
 * Reading a short rest costs less than a new connection. HTTP/2 has streams for this.
 */
function closing({ complete, headers, httpVersionMajor = 1 }: Incoming): { connection?: string } {
  const isShort = Number(headers["content-length"] ?? NaN) <= longestUnread;
  return complete || isShort || httpVersionMajor > 1 ? {} : { connection: "close" };
}

/** The error when something has read the body and not kept it: the server is set up wrongly. */
class BodyError extends Error {}

function requestOf(incoming: Incoming, parsed: unknown, signal: AbortSignal): Request {
  const { method = "GET" } = incoming;
  const { ":authority": host = "localhost" } = {
    ":authority": incoming.headers["host"],
    ...incoming.headers,
  };
  if (!/^[\w.:[\]-]+$/.test(String(host))) throw new TypeError("Host is none");
  const path = incoming.originalUrl ?? incoming.url ?? "/";
  if (!path.startsWith("/")) throw new TypeError("only a proxy is asked for whole addresses");
  const url = `${incoming.socket?.encrypted ? "https" : "http"}://${String(host)}${path}`;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headers)) {
    // HTTP/2 has pseudo-headers, which begin with a colon.
    if (name.startsWith(":")) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
  if (method !== "GET" && method !== "HEAD") {
    // Express 4 sets {} for a body that no parser has read.
    const isUnread = incoming.readableDidRead === false || parsed === undefined;
    if (incoming.readableDidRead && parsed === undefined) {
      throw new BodyError(
        "toNodeHandler: the body was read before, and is not in request.body: mount the proxy before what reads it",
      );
    }
    init.body = isUnread ? streamOf(incoming) : parsedBody(parsed);
    init.duplex = "half";
  }
  return new Request(url, init);
}

/** A body that a parser has read: bytes, text, or parsed JSON. */
const parsedBody = (body: unknown): BodyInit =>
  typeof body === "string" || body instanceof Uint8Array
    ? (body as BodyInit)
    : JSON.stringify(body);

function streamOf(incoming: Incoming): ReadableStream<Uint8Array> {
  const parts = incoming[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value));
      },
    },
    // Reads nothing in advance; Node handles the rest of an unread body.
    { highWaterMark: 0 },
  );
}

/** Writes a body, no faster than the connection accepts it. */
async function copy(reader: Source, outgoing: Outgoing, gone: AbortSignal): Promise<void> {
  const cancel = () => void reader.cancel().catch(() => {});
  gone.addEventListener("abort", cancel, { once: true });
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (gone.aborted) return;
    if (outgoing.write(next.value)) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        outgoing.off("drain", go);
        outgoing.off("close", go);
        resolve();
      };
      outgoing.once("drain", go);
      outgoing.once("close", go);
    });
  }
}
