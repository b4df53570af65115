// Adapter between Node's servers and a handler of Requests: node:http, node:http2, and the frameworks on them.
// Imports nothing from Node, so that the module loads in every runtime.

import { joined } from "./body.js";
import { answers, type PageRequest } from "./page.js";
import { isSource, replyOf, type Reply, type Source } from "./reply.js";

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
  on(event: string, listener: (part: Uint8Array) => void): unknown;
  off(event: string, listener: (part: Uint8Array) => void): unknown;
  pause(): unknown;
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

/** Tells when a connection has ended. */
class Connection {
  isGone = false;
  #listeners = new Set<() => void>();

  constructor(incoming: Incoming, outgoing: Outgoing) {
    const leave = () => {
      this.isGone = true;
      for (const listener of this.#listeners) listener();
    };
    outgoing.once("close", leave);
    // A broken connection is an `error` event here; without a listener it would end the process.
    for (const stream of [incoming, outgoing]) stream.on("error", leave);
  }

  /** Calls the listener at the end. Returns the function that removes the listener. */
  whenGone = (listener: () => void): (() => void) => {
    if (this.isGone) listener();
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

/** Never rejects. */
async function serve(
  handler: (request: Request) => Promise<Response>,
  incoming: Incoming,
  body: unknown,
  outgoing: Outgoing,
): Promise<void> {
  const connection = new Connection(incoming, outgoing);
  try {
    let page: PageRequest;
    try {
      page = pageOf(incoming, body, connection);
    } catch (error) {
      const status = error instanceof BodyError ? 500 : 400;
      // An invalid Host, for example.
      outgoing.writeHead(status, { "cache-control": "no-store", ...closing(incoming) });
      outgoing.end(error instanceof BodyError ? error.message : undefined);
      return;
    }
    const answer = answers.get(handler) ?? ((page) => answerOf(handler, page));
    await send(await answer(page), incoming, outgoing, connection);
  } catch {
    // The page has disconnected, or the handler threw: there is nothing to send.
    fail(outgoing);
  }
}

/** The answer of a handler that is not the proxy's own. */
async function answerOf(
  handler: (request: Request) => Promise<Response>,
  page: PageRequest,
): Promise<Reply> {
  const gone = new AbortController();
  const ignore = page.whenGone(() => gone.abort());
  try {
    return replyOf(await handler(page.standard(undefined, gone.signal)));
  } finally {
    ignore();
  }
}

async function send(
  { status, headers, body }: Reply,
  incoming: Incoming,
  outgoing: Outgoing,
  connection: Connection,
): Promise<void> {
  const ending = closing(incoming);
  if (ending.connection) outgoing.once("finish", () => incoming.destroy());
  if (isSource(body)) {
    outgoing.writeHead(status, { ...headers, ...ending });
    await copy(body, outgoing, connection);
    outgoing.end();
    return;
  }
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const length = bytes === null ? {} : { "content-length": String(bytes.length) };
  outgoing.writeHead(status, { ...headers, ...length, ...ending });
  // Node sends the head and a text in one piece; for a long one, the copy costs more than a second piece.
  outgoing.end(typeof body === "string" && body.length < shortText ? body : (bytes ?? undefined));
}

/** In characters. */
const shortText = 4096;

const encoder = new TextEncoder();

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

function pageOf(incoming: Incoming, parsed: unknown, { whenGone }: Connection): PageRequest {
  const { method = "GET", headers } = incoming;
  const host = String(headers[":authority"] ?? headers["host"] ?? "localhost");
  if (!/^[\w.:[\]-]+$/.test(host)) throw new TypeError("Host is none");
  const path = incoming.originalUrl ?? incoming.url ?? "/";
  if (!path.startsWith("/")) throw new TypeError("only a proxy is asked for whole addresses");
  const url = new URL(`${incoming.socket?.encrypted ? "https" : "http"}://${host}${path}`);
  const hasBody = method !== "GET" && method !== "HEAD";
  if (hasBody && incoming.readableDidRead && parsed === undefined) {
    throw new BodyError(
      "toNodeHandler: the body was read before, and is not in request.body: mount the proxy before what reads it",
    );
  }
  // Express 4 sets {} for a body that no parser has read.
  const isUnread = incoming.readableDidRead === false || parsed === undefined;
  return {
    method,
    url,
    // Does not depend on how Node joins repeated headers.
    header: (name) => headers[name]?.toString() ?? null,
    whenGone,
    read: async (most) => {
      if (isUnread) return bytesOf(incoming, most);
      const bytes = parsedBody(parsed);
      return bytes.length <= most ? bytes : undefined;
    },
    discard: () => {},
    standard(body, signal) {
      const init: RequestInit & { duplex?: "half" } = {
        method,
        headers: headersOf(headers),
        signal,
      };
      if (hasBody) {
        init.body = body ?? (isUnread ? streamOf(incoming) : parsedBody(parsed));
        init.duplex = "half";
      }
      return new Request(url, init);
    },
  };
}

function headersOf(given: Incoming["headers"]): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(given)) {
    // HTTP/2 has pseudo-headers, which begin with a colon.
    if (name.startsWith(":")) continue;
    if (typeof values === "string") headers.append(name, values);
    else for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

/** A body that a parser has read: bytes, text, or parsed JSON. */
function parsedBody(body: unknown): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return encoder.encode(typeof body === "string" ? body : JSON.stringify(body));
}

/** The bytes of a body; `undefined` if there are more than `most`. Leaves the rest to Node. */
const bytesOf = (incoming: Incoming, most: number): ReturnType<PageRequest["read"]> =>
  new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    const add = (part: Uint8Array) => {
      length += part.length;
      parts.push(part);
      if (length <= most) return;
      incoming.off("data", add);
      incoming.pause();
      resolve(undefined);
    };
    incoming.on("data", add);
    incoming.on("end", () => resolve(joined(parts, length)));
    incoming.on("error", () => reject(new Error("the connection broke")));
  });

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
async function copy(reader: Source, outgoing: Outgoing, connection: Connection): Promise<void> {
  connection.whenGone(() => void reader.cancel().catch(() => {}));
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (connection.isGone) return;
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
