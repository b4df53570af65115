// A handler of Requests behind Node's own server, and whatever is built on it. No import of Node's, so
// that the module loads everywhere.

interface Incoming extends AsyncIterable<Uint8Array> {
  method?: string;
  url?: string;
  /** Express cuts the path at which a handler is mounted off `url`. */
  originalUrl?: string;
  headers: Record<string, string | string[] | undefined>;
  /** What a body parser has made of the body. */
  body?: unknown;
  socket?: { encrypted?: boolean };
  /** Whether all of it has come. */
  complete: boolean;
  destroy(): unknown;
}

interface Outgoing {
  writeHead(status: number, headers: Record<string, string>): unknown;
  write(bytes: Uint8Array): boolean;
  end(): unknown;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  destroy(): unknown;
  destroyed: boolean;
  headersSent: boolean;
}

/**
 * Makes of a handler of Requests one for Node's `http`, Express, Koa (`context.req`, `context.res`) and the
 * like. A body that a parser has read already, such as `express.json()`, is no hindrance.
 *
 * ```ts
 * import { createServer } from "node:http";
 * import { createProxy, toNodeHandler } from "byrobot-calls/server";
 *
 * const { BYROBOT_APP_KEY: appKey = "", BYROBOT_APP_SECRET: appSecret = "" } = process.env;
 * const proxy = createProxy({ appKey, appSecret, authorize: () => true }); // whoever reaches this server
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
    const outgoing = response as Outgoing;
    serve(handler, request as Incoming, outgoing).catch(() => {
      // The page is gone, or the handler threw: there is nobody to tell, or nothing to say.
      if (outgoing.destroyed) return;
      if (outgoing.headersSent) return outgoing.destroy();
      outgoing.writeHead(500, { "cache-control": "no-store" });
      return outgoing.end();
    });
  };
}

async function serve(
  handler: (request: Request) => Promise<Response>,
  incoming: Incoming,
  outgoing: Outgoing,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  outgoing.once("close", leave);
  let request: Request;
  try {
    request = requestOf(incoming, gone.signal);
  } catch {
    // A method such as TRACE, a Host that is none.
    outgoing.writeHead(400, { "cache-control": "no-store", connection: "close" });
    outgoing.end();
    return;
  }
  const response = await handler(request);
  const headers = Object.fromEntries(response.headers);
  // Node would read on until the end of a body that nobody wants, if it has one.
  const isUnread = !incoming.complete;
  if (isUnread) headers["connection"] = "close";
  outgoing.writeHead(response.status, headers);
  await copy(response.body, outgoing, gone.signal);
  outgoing.off("close", leave);
  if (isUnread) outgoing.once("finish", () => incoming.destroy());
  outgoing.end();
}

function requestOf(incoming: Incoming, signal: AbortSignal): Request {
  const { method = "GET", body } = incoming;
  const { host = "localhost" } = incoming.headers;
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
    init.body = body === undefined ? streamOf(incoming) : parsedBody(body);
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
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
  });
}

/** Writes a body out, no quicker than it is taken. */
async function copy(
  body: ReadableStream<Uint8Array> | null,
  outgoing: Outgoing,
  gone: AbortSignal,
): Promise<void> {
  const reader = body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  gone.addEventListener("abort", cancel, { once: true });
  for (let next = await reader?.read(); next && !next.done; next = await reader!.read()) {
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
