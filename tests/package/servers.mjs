// Servers on this machine for tests: one with answers of the test's choice, the package's sandbox, and one for pages.
// Not here: expectations of the client.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createConnection } from "node:net";
import { extname } from "node:path";
import process from "node:process";
import { ended } from "./installation.mjs";

/**
 * A server that remembers what it was asked.
 *
 * `answer(request, number)` gives `{ status, headers, body }` or a promise of it; nothing, for a
 * request that is never answered; `"hang up"`, to close the connection instead.
 */
export async function serve(answer) {
  const requests = [];
  const server = createServer(async (message, reply) => {
    const { method, url, headers, rawHeaders } = message;
    const request = {
      method,
      url,
      headers,
      names: rawHeaders.filter((_, index) => index % 2 === 0),
    };
    // The client went away without having waited for the answer.
    reply.once("close", () => (request.cancelled = !reply.writableFinished));
    requests.push(request);
    const number = requests.length;
    request.body = await text(message);
    const given = await answer(request, number);
    if (given === "hang up") return message.socket.destroy();
    if (given) reply.writeHead(given.status ?? 200, given.headers).end(given.body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Addresses from which no whole answer comes: nobody listens, the server hangs up, the connection breaks in the body. */
export async function unreachable() {
  const closed = await serve(() => undefined);
  await closed.close();
  const hanging = await serve(() => "hang up");
  const broken = createConnection((socket) => {
    const head = "HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 100\r\n\r\n";
    socket.on("error", () => {});
    socket.once("data", () =>
      socket.write(`${head}{"code":`, () => setTimeout(() => socket.destroy(), 50)),
    );
  });
  await once(broken.listen(0, "127.0.0.1"), "listening");
  return {
    urls: [closed.url, hanging.url, `http://127.0.0.1:${broken.address().port}`],
    async close() {
      broken.close();
      await hanging.close();
    },
  };
}

async function text(message) {
  const parts = [];
  // A client that goes away ends its body, too.
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** An answer of JSON. */
export const json = (value, { status = 200, headers = {} } = {}) => ({
  status,
  headers: { "content-type": "application/json;charset=UTF-8", ...headers },
  body: JSON.stringify(value),
});

/** The vendor's envelope round `data`. */
export const data = (value) => json({ code: 200, data: value, resultMsg: "获取成功" });

/** The same world in every process, with the clock standing still. */
export const world = { seed: 7, tasks: 12, callsPerTask: 300 };

export const worldFlags = [
  ...["--seed", `${world.seed}`],
  ...["--tasks", `${world.tasks}`],
  ...["--calls-per-task", `${world.callsPerTask}`],
];

/** The sandbox of an installed package, started as a user does; with that world, or what `flags` say; `env` has its keys. */
export async function startSandbox(project, flags = worldFlags, env = {}) {
  const still = ["--port", "0", "--now", "2024-03-15T10:30:00+08:00", "--no-live"];
  const command = ["--offline", "byrobot-calls", "sandbox", ...still, ...flags];
  // A group of its own: npx, its shell and the sandbox end together.
  const child = project.start("npx", command, { detached: true, env });
  const end = ended(child);
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
      const [found] = said.match(/http:\/\/[\d.:]+/) ?? [];
      if (found) resolve(found);
    });
    end.then(({ stdout, stderr }) => reject(new Error(`the sandbox ended: ${stdout}${stderr}`)));
  });
  const stop = () => child.exitCode === null && process.kill(-child.pid, "SIGTERM");
  process.once("exit", stop);
  return {
    url,
    async stop() {
      process.off("exit", stop);
      stop();
      await end;
    },
  };
}

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };

/** A site: the files of a folder, and the API behind the same address. `headers` go with every file. */
export const serveSite = (folder, api, headers = {}) =>
  serve(async ({ method, url, headers: asked, body }) => {
    if (url.startsWith("/openapi/")) {
      const type = { "content-type": asked["content-type"] ?? "text/plain" };
      const reply = await fetch(api + url, method === "GET" ? {} : { method, body, headers: type });
      return json(await reply.json(), { status: reply.status });
    }
    const { pathname } = new URL(url, "http://site");
    try {
      const file = await readFile(folder + pathname);
      const type = types[extname(pathname)];
      return {
        headers: { "content-type": type ?? "application/octet-stream", ...headers },
        body: file,
      };
    } catch {
      return { status: 404, body: "" };
    }
  });
