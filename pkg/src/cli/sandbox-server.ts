// The sandbox as an HTTP server for Node: the same core, the same bytes. Not here: flags and output (main.ts).
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.js";
import { createSandbox, type Sandbox, type SandboxOptions } from "../entry/sandbox.js";

export interface SandboxServerOptions extends SandboxOptions {
  /** Default 0: any that is free. */
  port?: number;
  /** The address to listen at. Default `"127.0.0.1"`: this machine only. */
  host?: string;
}

export interface SandboxServer {
  /** `http://127.0.0.1:8787`, without a slash at the end. */
  url: string;
  port: number;
  /** The vendor behind it, for its clock. */
  sandbox: Sandbox;
  /** Stops listening, cuts what is open, frees the sandbox. */
  close(): Promise<void>;
}

/** No request of this API is near that long. */
const longestBody = 1024 * 1024;

/** Makes a sandbox and listens; rejects when the port is taken. */
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
  const gone = new AbortController();
  reply.once("close", () => gone.abort());
  let request: Request;
  try {
    request = new Request(url, {
      method: message.method ?? "GET",
      headers: Object.entries(message.headersDistinct).flatMap(([name, values]) =>
        (values ?? []).map((value): [string, string] => [name, value]),
      ),
      // A GET with a body is no Request, and none of this API's.
      body: message.method === "GET" || message.method === "HEAD" ? null : body,
      signal: gone.signal,
    });
  } catch {
    // Methods such as TRACE.
    return void reply.writeHead(405).end();
  }
  const response = await sandbox.handle(request);
  // A browser may ask again by itself when a connection it used before breaks: one more request.
  if (response.type === "error") return void message.socket.destroy();
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  reply.end(new Uint8Array(await response.arrayBuffer()));
}

/** The body, or nothing if it is too long. */
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

/** Where the client believes it is; nothing, for a Host header that is none. */
function urlOf(message: IncomingMessage): URL | undefined {
  try {
    return new URL(message.url ?? "/", `http://${message.headers.host ?? "localhost"}`);
  } catch {
    return undefined;
  }
}
