// Adapter between Node's servers and a handler of Requests: node:http, node:http2, and what is built on them.
// No import of Node's, so that the module loads everywhere.

import { heldBody, tooMany, type Head, type Source } from "./reply.js";

/** Bytes of a refused body that are read and thrown away. */
const longestUnread = 64 * 1024;

interface Incoming extends AsyncIterable<Uint8Array> {
  method?: string;
  url?: string;
  /** Express cuts the path at which a handler is mounted off `url`. */
  originalUrl?: string;
  headers: Record<string, string | string[] | undefined>;
  httpVersionMajor?: number;
  /** What a body parser has made of the body. */
  body?: unknown;
  socket?: { encrypted?: boolean };
  /** Whether all of it has come. */
  complete: boolean;
  /** Whether something has read of it. */
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

/** Fastify's request and reply: Node's own are inside, and the body stands beside. */
interface Wrapped {
  raw?: unknown;
  body?: unknown;
  hijack?: () => unknown;
}

/**
 * Makes of a handler of Requests one for Node's `http` and `http2`, Express, Fastify, Koa (`context.req`,
 * `context.res`) and the like. A body that a parser has read already, such as `express.json()`, is no
 * hindrance.
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
 * The request's address is what `Host` and the socket say: behind another proxy that is not what the page
 * sees, so do not let `authorize` rely on it.
 */
export function toNodeHandler(
  handler: (request: Request) => Promise<Response>,
): (request: unknown, response: unknown) => void {
  if (typeof handler !== "function") throw new TypeError("toNodeHandler: expected a function");
  return (request, response) => {
    const { raw: incoming = request, body } = request as Wrapped;
    const { raw: outgoing = response } = response as Wrapped;
    // Fastify answers by itself otherwise.
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
  // A connection that breaks is told of here; without a listener the process would end.
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
      // A method such as TRACE, a Host that is none.
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
    // The page is gone, or the handler threw: there is nobody to tell, or nothing to say.
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
    // The connection broke meanwhile.
  }
}

/** The first lines of a request. Of a header that comes twice, the adapter need not know how Node joins it. */
const headOf = ({ method = "GET", url = "/", originalUrl = url, headers }: Incoming): Head => ({
  method,
  path: originalUrl.split("?", 1)[0]!,
  header: (name) => headers[name]?.toString() ?? null,
});

/**
 * The header that ends a connection after an answer to a body that is still coming: Node would read on until its end.
 * A short rest is less work than a new connection. HTTP/2 has streams for that.
 */
function closing({ complete, headers, httpVersionMajor = 1 }: Incoming): { connection?: string } {
  const isShort = Number(headers["content-length"] ?? NaN) <= longestUnread;
  return complete || isShort || httpVersionMajor > 1 ? {} : { connection: "close" };
}

/** Something has read the body and kept it to itself: a mistake of the server's set-up. */
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
    // HTTP/2 has its own, which begin with a colon.
    if (name.startsWith(":")) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal };
  if (method !== "GET" && method !== "HEAD") {
    // Express 4 says {} of a body that no parser has read.
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

/** A body that a parser has read: bytes, text, or what was JSON. */
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
    // What is not asked for is left to Node.
    { highWaterMark: 0 },
  );
}

/** Writes a body out, no quicker than it is taken. */
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
