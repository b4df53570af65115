// Serves the dashboard and the reference with a sandbox as their backend; builds first if necessary. Ctrl-C stops all.
// Arguments are those of the sandbox: `npm start -- --fault http429=0.1`.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "./build.mjs";
import { reference } from "./reference.mjs";
import { setup } from "./setup.mjs";
import { Failure, main, program, root } from "./toolchain.mjs";

const host = "127.0.0.1";

/** Starts both servers; resolves to the page's URL, what stops them, and a promise of their end. */
export async function start(...options) {
  const sandboxUrl = `http://${host}:${await freePort(8787)}`;
  const pageUrl = `http://${host}:${await freePort(5173)}`;
  const servers = [
    serve("the sandbox", join(root, "pkg/dist/cli.js"), [
      "sandbox",
      ...options,
      // The developer drawer of the page controls it.
      ...(options.some((option) => option.startsWith("--host")) ? [] : ["--control"]),
      ...["--port", port(sandboxUrl)],
    ]),
    serve(
      "the page",
      program("vite"),
      ["--host", host, "--port", port(pageUrl), "--strictPort", "--logLevel", "warn"],
      {
        cwd: join(root, "www"),
        env: { ...process.env, BYROBOT_SANDBOX: sandboxUrl },
      },
    ),
  ];
  const ended = Promise.race(servers.map((server) => server.ended));
  const stop = async () => {
    servers.forEach((server) => server.stop());
    await Promise.allSettled(servers.map((server) => server.ended));
  };
  try {
    await Promise.race([ended, Promise.all([sandboxUrl, pageUrl].map(answering))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `${pageUrl}/`, sandboxUrl, stop, ended };
}

/** A server in a process of its own; `ended` rejects when it ends without being asked. */
function serve(what, script, args, options = {}) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"], // what goes wrong is heard, banners are not
    ...options,
  });
  let asked = false;
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) =>
      asked ? resolve() : reject(new Failure(`${what} ended (${code})`)),
    );
  });
  ended.catch(() => {}); // Those who await `ended` handle it.
  const stop = () => {
    asked = true;
    child.kill();
  };
  return { ended, stop };
}

/** Resolves as soon as something answers at the address, whatever it says. */
async function answering(url) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      return await fetch(url, { signal: AbortSignal.timeout(5000) });
    } catch {
      await wait(100);
    }
  }
  throw new Failure(`nothing answers at ${url}`);
}

/** The port asked for, or any other when that one is taken. */
function freePort(wanted) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () =>
      wanted === 0 ? reject(new Failure("no free port")) : resolve(freePort(0)),
    );
    probe.listen(wanted, host, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const port = (url) => new URL(url).port;

await main(import.meta.url, async () => {
  await setup({ testing: false });
  await build();
  await reference();
  const given = process.argv.slice(2);
  // A company's history, unless another world is asked for.
  const isOther = given.some((arg) => /^--(scenario|tasks|calls-per-task)/.test(arg));
  const world = isOther ? [] : ["--scenario", "campaign"];
  const { url, stop, ended } = await start(...world, ...given);
  console.log(`\n  The dashboard is at ${url}   (Ctrl-C stops it)\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop());
  await ended;
});
