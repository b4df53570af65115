// The environment of the page tests: a sandbox in its own process, the built page in front of it, and a browser.
// Not here: expectations of the page.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createSandbox } from "byrobot-calls/sandbox";
import { build, preview } from "vite";
import { openBrowser as launch } from "../../scripts/browser.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The same world on every run, with the clock standing still. */
const world = [
  "--seed",
  "7",
  "--calls-per-task",
  "300",
  "--now",
  "2024-03-15T10:30:00+08:00",
  "--no-live",
  "--control",
];

/** A sandbox that can be stopped and started again at the same address. */
export async function openSandbox(options = world) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child;
  const sandbox = {
    url,
    async start() {
      const command = [
        join(root, "pkg/dist/cli.js"),
        "sandbox",
        "--port",
        String(port),
        ...options,
      ];
      child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
      await eventually(() => fetch(url), 15_000);
    },
    async stop() {
      if (!child || child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    },
    /** `data` of an endpoint's answer as the vendor's wire has it, not as the package reads it. */
    async ask(endpoint, query, post = false) {
      const address = `${url}/openapi/v1/task/${endpoint}`;
      const response = post
        ? await fetch(address, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(query),
          })
        : await fetch(`${address}?${new URLSearchParams(query)}`);
      return (await response.json()).data;
    },
  };
  await sandbox.start();
  return sandbox;
}

/** A sandbox in this process, with a scenario that the command does not name, and what is hidden in it. */
export async function serveSandbox(options) {
  const sandbox = await createSandbox(options);
  const server = createHttpServer(async (request, response) => {
    const body = [];
    for await (const part of request) body.push(part);
    const answer = await sandbox.handle(
      new Request(`http://127.0.0.1${request.url}`, {
        method: request.method,
        headers: request.headers,
        ...(body.length > 0 && { body: Buffer.concat(body) }),
      }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    truth: sandbox.truth,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      sandbox.free();
    },
  };
}

/** The strictest policy under which the page works. Every test of the page runs under it. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Builds the page and serves it as a visitor would get it. */
export function openPage(sandboxUrl) {
  process.env.BYROBOT_SANDBOX = sandboxUrl;
  return openSite("www", { "Content-Security-Policy": policy });
}

/** Builds the page of a folder and serves it. */
export async function openSite(folder, headers = {}) {
  const outDir = await mkdtemp(join(tmpdir(), "byrobot-page-"));
  const site = {
    root: join(root, folder),
    configFile: join(root, "www/vite.config.ts"),
    logLevel: "silent", // a failing build throws; that the proxy misses a stopped sandbox is meant
    build: { outDir, emptyOutDir: true },
    preview: { host: "127.0.0.1", port: await freePort(), strictPort: true, headers },
  };
  await build(site);
  const server = await preview(site);
  return {
    url: server.resolvedUrls.local[0].replace(/\/$/, ""),
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

/** A browser that plays sound without having been clicked. */
export const openBrowser = () => launch("--autoplay-policy=no-user-gesture-required");

/** Tries until it holds: what a page shows follows what was done a moment later. */
export async function eventually(attempt, patience = 8000) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(50);
    }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
