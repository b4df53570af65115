// The sandbox as an HTTP server for Node: the same core, the same bytes. Not here: flags and output (main.ts).
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.js";
import { createSandbox, type Sandbox, type SandboxOptions } from "../entry/sandbox.js";
import { isControl } from "../sandbox/control.js";
import { isLoopback } from "../server/local.js";

export interface SandboxServerOptions extends SandboxOptions {
  /** The port; default 0: any free port. */
  port?: number;
  /** The address to listen on. Default `"127.0.0.1"`: this machine only. */
  host?: string;
}

export interface SandboxServer {
  /** `http://127.0.0.1:8787`, without a slash at the end. */
  url: string;
  port: number;
  /** The sandbox of the server, for its clock. */
  sandbox: Sandbox;
  /** Stops listening, closes open connections, frees the sandbox. */
  close(): Promise<void>;
}

/** No valid request has a body of this length. */
const longestBody = 1024 * 1024;

/** Creates a sandbox and listens; rejects if the port is in use. */
export async function listenSandbox(options: SandboxServerOptions = {}): Promise<SandboxServer> {
  const { port = 0, host = "127.0.0.1", ...rest } = options;
  const sandbox = await createSandbox(rest);
  const server = createServer((message, reply) => {
    answer(sandbox, message, reply).catch((error: unknown) => {
      if (reply.destroyed) return;
      console.error(error);
      if (!reply.headersSent) reply.writeHead(500);
      reply.end();
    });
  });
  const address = await listen(server, port, host).catch((error: unknown) => {
    sandbox.free();
    throw error;
  });
  return {
    ...address,
    sandbox,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          sandbox.free();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function answer(
  sandbox: Sandbox,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const body = await read(message);
  if (body === undefined) return void reply.writeHead(413, { connection: "close" }).end();
  const url = urlOf(message);
  if (url === undefined) return void reply.writeHead(400).end();
  // A foreign name that leads to this machine would be an origin of its own.
  if (isControl(url.href) && !isLoopback(url.hostname)) return void reply.writeHead(403).end();
  const gone = new AbortController();
  reply.once("close", () => gone.abort());
  let request: Request;
  try {
    request = new Request(url, {
      method: message.method ?? "GET",
      headers: Object.entries(message.headersDistinct).flatMap(([name, values]) =>
        (values ?? []).map((value): [string, string] => [name, value]),
      ),
      // A GET with a body cannot be a Request, and is not part of this API.
      body: message.method === "GET" || message.method === "HEAD" ? null : body,
      signal: gone.signal,
    });
  } catch {
    // Methods such as TRACE.
    return void reply.writeHead(405).end();
  }
  const response = await sandbox.handle(request);
  // A browser may repeat a request on its own if a reused connection breaks, and the sandbox would count it twice.
  if (response.type === "error") return void message.socket.destroy();
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  reply.end(new Uint8Array(await response.arrayBuffer()));
}

/** The body; `undefined` if it is too long. */
async function read(message: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestBody) return undefined;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** The URL as the client sees it; `undefined` for an invalid Host header. */
function urlOf(message: IncomingMessage): URL | undefined {
  try {
    return new URL(message.url ?? "/", `http://${message.headers.host ?? "localhost"}`);
  } catch {
    return undefined;
  }
}
