// The recipes of docs/server.md, unchanged: each starts on a sandbox that checks signatures, and the package's own
// client sends requests to it.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { debianPackages } from "../../../scripts/setup.mjs";
import { root } from "../../../scripts/toolchain.mjs";
import { ended } from "../../package/installation.mjs";
import { startSandbox, worldFlags } from "../../package/servers.mjs";
import { startStore } from "../../package/file-store.mjs";
import { program } from "../program.mjs";

const keys = {
  BYROBOT_APP_KEY: "MatrixAppKey0000",
  BYROBOT_APP_SECRET: "MatrixAppSecret00000000000000",
};

/** The blocks of the document that begin with a file's name. */
function recipes() {
  const text = readFileSync(join(root, "docs/server.md"), "utf8");
  const blocks = [...text.matchAll(/^```\w+\n((?:\/\/|#) (\S+\.\w+)\n.*?)^```$/gms)];
  return Object.fromEntries(blocks.map(([, code, file]) => [file, code]));
}

/** Whose sessions are good: what the reader has of his own. */
const session = `export const isSignedIn = (cookie) => cookie === "session=good";\n`;

/** Asks the proxy as pages do. */
const check = (url) => `
${program("byrobot-calls").replace(/import .*sandbox";\n/, "")}
import assert from "node:assert/strict";
import { isByrobotError } from "byrobot-calls";

const baseUrl = "${url}/byrobot";
const stranger = new ByrobotClient({ baseUrl, retry: false });
const headers = { cookie: "session=good" };
if (process.argv[2] !== "open") {
  const error = await stranger.getTasks({ companyId: 1 }).catch((error) => error);
  assert.ok(isByrobotError(error));
  assert.equal(error.code, "unauthorized");
  const client = new ByrobotClient({ baseUrl, headers });
  const { list } = await client.getTasks({ companyId: 1, status: 1 });
  const done = await client.queryDoneTaskPhones({ callJobId: list[0].callJobId });
  const { luyinOssUrl } = done.list.find((call) => call.luyinOssUrl !== null);
  assert.match(luyinOssUrl, /^\\/byrobot\\/recordings\\//);
  const sound = await fetch("${url}" + luyinOssUrl, { headers: { ...headers, range: "bytes=4-7" } });
  assert.equal(sound.status, 206);
  assert.equal((await sound.arrayBuffer()).byteLength, 4);
  assert.equal((await fetch("${url}" + luyinOssUrl)).status, 401);
}
console.log(await statistics({ baseUrl, headers }));
`;

/** What hostile callers and upstreams try (tests/package), in the runtime itself. Each has `runAll(server, store)`. */
const hostile = ["callers", "upstreams"];

/** Writes the module that runs them; it prints `ok`, or answers with it if it is a Worker. */
async function writeHostile(project, store, { isWorker }) {
  for (const name of [...hostile, "proxy-of"]) {
    await cp(join(root, `tests/package/${name}.mjs`), project.path(`${name}.mjs`));
  }
  const imports = hostile.map((name) => `import * as ${name} from "./${name}.mjs";\n`);
  const run = `async () => { for (const { runAll } of [${hostile}]) await runAll(server, ${JSON.stringify(store)}); return "ok"; }`;
  await project.write(
    "hostile.mjs",
    `import * as server from "byrobot-calls/server";\n${imports.join("")}const run = ${run};\n` +
      (isWorker
        ? `const failed = ({ stack }) => stack;\nexport default { fetch: async () => new Response(await run().catch(failed)) };\n`
        : `console.log(await run());\n`),
  );
}

/** Runs them; fails unless nothing got through. */
async function runHostile(project, run) {
  const said = (await run()).trim();
  if (said !== "ok") throw new Error(said);
}

const runtime = (...command) => ({
  async after(project) {
    const store = await startStore();
    try {
      await writeHostile(project, store.url, { isWorker: false });
      await runHostile(project, () => project.run("npx", ...command, "hostile.mjs"));
    } finally {
      store.stop();
    }
  },
});

const wrangler = (file) => ["wrangler", "dev", file, "--ip", "127.0.0.1"];
const date = ["--compatibility-date", "2025-01-01"];

const worker = {
  async after(project) {
    const store = await startStore();
    await writeHostile(project, store.url, { isWorker: true });
    const server = await project.server("npx", ...wrangler("hostile.mjs"), "--port", "0", ...date);
    try {
      await runHostile(project, async () => (await fetch(server.url)).text());
    } finally {
      store.stop();
      await server.stop();
    }
  },
};

async function freePort() {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Runs a recipe's server while it is asked; gives what the client says. */
async function asked(project, { env = {}, command, port, open = false, behind }) {
  const child = project.start(command[0], command.slice(1), {
    env: { ...env, PORT: String(behind ?? port), NEXT_TELEMETRY_DISABLED: "1" },
    detached: true,
  });
  const end = ended(child);
  const stop = () => child.exitCode === null && process.kill(-child.pid, "SIGTERM");
  process.once("exit", stop);
  let over;
  void end.then((result) => (over = result));
  const url = `http://127.0.0.1:${port}`;
  try {
    for (let waits = 0; ; waits += 1) {
      const answer = await fetch(`${url}/byrobot/health`).catch(() => undefined);
      if (answer?.ok) break;
      if (over) throw new Error(`it ended: ${over.stdout}${over.stderr}`);
      if (waits === 600) throw new Error(`no answer from ${url}`);
      await wait(100);
    }
    await project.write("check.mjs", check(url));
    return await project.run(process.execPath, "check.mjs", ...(open ? ["open"] : []));
  } finally {
    process.off("exit", stop);
    stop();
    await end;
  }
}

/** The project of a recipe: its file, the proxy, a session, and the address of the vendor. */
async function prepared(project, file, run) {
  const all = recipes();
  await project.write("session.mjs", session);
  await project.write("proxy.mjs", all["proxy.mjs"]);
  await project.write(file, all[file]);
  const sandbox = await startSandbox(project, [...worldFlags, "--require-signature"], keys);
  const env = { ...keys, BYROBOT_UPSTREAM: sandbox.url, BYROBOT_RECORDINGS: sandbox.url };
  try {
    return await run(env);
  } finally {
    await sandbox.stop();
  }
}

const recipe = (title, file, packages, command, more = {}) => ({
  name: `server-${title.toLowerCase().replace(/\W+/g, "-")}`,
  title,
  packages,
  entries: ["byrobot-calls/server"],
  ...(Object.keys(packages).length > 0
    ? { package: Object.keys(packages)[0] }
    : { version: () => process.versions.node }),
  ways: {
    served: (project) =>
      prepared(project, file, async (env) => {
        const port = await freePort();
        await more.before?.(project, env);
        const said = await asked(project, {
          env,
          port,
          command: command(port, env),
          open: more.open,
        });
        await more.after?.(project);
        return said;
      }),
  },
});

const node = (file) => () => [process.execPath, file];
const variables = (env) =>
  Object.entries(env).flatMap(([name, value]) => ["--var", `${name}:${value}`]);

const nginx = {
  name: "server-nginx",
  title: "nginx in front of Node",
  entries: ["byrobot-calls/server"],
  async version(project) {
    await debianPackages("nginx", ["nginx-light"]);
    const { stderr } = await ended(project.start("/usr/sbin/nginx", ["-v"]));
    return stderr.match(/[\d.]+/)[0];
  },
  ways: {
    served: (project) =>
      prepared(project, "node.mjs", async (env) => {
        const [port, behind] = [await freePort(), await freePort()];
        // Where the document listens is the reader's; what it says is what counts.
        const configuration = recipes()
          ["nginx.conf"].replace("listen 8080;", `listen 127.0.0.1:${port};`)
          .replace("127.0.0.1:3000", `127.0.0.1:${behind}`);
        await project.write("nginx.conf", configuration);
        const main = `daemon off; pid ${project.path("nginx.pid")}; error_log stderr;`;
        const files = ["-p", project.folder, "-c", project.path("nginx.conf"), "-g", main];
        const front = project.start("/usr/sbin/nginx", files);
        const end = ended(front);
        try {
          return await asked(project, { env, port, behind, command: node("node.mjs")() });
        } finally {
          front.kill();
          await end;
        }
      }),
  },
};

export default [
  recipe("Node (node:http)", "node.mjs", {}, node("node.mjs")),
  recipe("Express", "express.mjs", { express: "*" }, node("express.mjs")),
  recipe("Express 4", "express.mjs", { express: "^4" }, node("express.mjs")),
  recipe("Fastify", "fastify.mjs", { fastify: "*" }, node("fastify.mjs")),
  recipe("Koa", "koa.mjs", { koa: "*" }, node("koa.mjs")),
  recipe("Hono", "hono.mjs", { hono: "*", "@hono/node-server": "*" }, node("hono.mjs")),
  recipe(
    "Next route handler",
    "app/byrobot/[...path]/route.js",
    { next: "*", react: "*", "react-dom": "*" },
    (port) => ["npx", "next", "start", "-p", String(port), "-H", "127.0.0.1"],
    {
      async before(project) {
        await project.write(
          "app/layout.js",
          "export default ({ children }) => <html><body>{children}</body></html>;\n",
        );
        await project.write("app/page.js", "export default () => <p>Calls</p>;\n");
        await project.run(
          "env",
          ...Object.entries(keys).map((pair) => pair.join("=")),
          "npx",
          "next",
          "build",
        );
      },
    },
  ),
  recipe(
    "Vite plugin",
    "vite.config.js",
    { vite: "*" },
    (port) => ["npx", "vite", "--host", "127.0.0.1", "--port", String(port), "--strictPort"],
    { open: true },
  ),
  recipe(
    "Cloudflare Worker",
    "worker.js",
    { wrangler: "*", workerd: "*" },
    (port, env) => [
      "npx",
      ...wrangler("worker.js"),
      ...["--port", String(port), ...date, ...variables(env)],
    ],
    worker,
  ),
  recipe(
    "Deno",
    "deno.mjs",
    { deno: "*" },
    () => ["npx", "deno", "run", "--allow-net", "--allow-env", "--allow-read", "deno.mjs"],
    runtime("deno", "run", "--allow-env", "--allow-read", "--allow-net=127.0.0.1"),
  ),
  recipe(
    "Bun",
    "bun.mjs",
    { bun: "*" },
    () => ["npx", "bun", "run", "bun.mjs"],
    runtime("bun", "run"),
  ),
  nginx,
];
