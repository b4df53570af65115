// A fresh project in target/matrix with a tool and the packed package, and the environment of a tool: processes, a
// site, pages. Not here: the tools (tests/matrix/tools).
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import process from "node:process";
import { ended, root, start, successful } from "../package/installation.mjs";
import { serve } from "../package/servers.mjs";

const matrix = join(root, "target/matrix");

/** Packs the package. Its name tells its contents, so that npm does not take it for the one before. */
export async function pack() {
  await mkdir(matrix, { recursive: true });
  const command = ["pack", join(root, "pkg"), "--json", "--pack-destination", matrix];
  const [{ filename }] = JSON.parse((await successful(run(matrix, "npm", command))).stdout);
  const hash = createHash("sha256").update(await readFile(join(matrix, filename)));
  const tarball = join(matrix, `byrobot-calls-${hash.digest("hex").slice(0, 12)}.tgz`);
  await rename(join(matrix, filename), tarball);
  return tarball;
}

/** A project with these packages (name → range) and the package of the tarball; made anew but for node_modules. */
export async function createProject(name, packages, tarball) {
  const folder = join(matrix, name);
  await mkdir(folder, { recursive: true });
  const kept = join(matrix, `.${name}-modules`);
  if (existsSync(join(folder, "node_modules"))) await rename(join(folder, "node_modules"), kept);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  if (existsSync(kept)) await rename(kept, join(folder, "node_modules"));
  const project = {
    folder,
    path: (...parts) => join(folder, ...parts),
    write: async (file, text) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    },
    read: (file) => readFile(join(folder, file), "utf8"),
    copy: (from, to) => cp(join(folder, from), join(folder, to), { recursive: true }),
    start: (command, args, options) => start(folder, command, args, options),
    /** Runs a program of the project to its end; gives what it printed. */
    run: async (command, ...args) => (await successful(run(folder, command, args))).stdout,
    /** Starts a server of the project's; `stop` ends it and its children. */
    server: (command, ...args) => server(folder, command, args),
    /** The version that npm really installed. */
    version: async (of) => {
      const manifest = await readFile(join(folder, "node_modules", of, "package.json"), "utf8");
      return JSON.parse(manifest).version;
    },
  };
  const dependencies = { ...packages, "byrobot-calls": `file:${tarball}` };
  const manifest = { name: "fresh", private: true, type: "module", dependencies };
  await project.write("package.json", JSON.stringify(manifest));
  // Its lock also tells tools where the project ends: this checkout is round it.
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];
  await project.run("npm", "install", "--loglevel=error", ...quiet);
  return project;
}

const quietly = { NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", FORCE_COLOR: "0", CI: "1" };

/** Longer than any tool takes; what hangs must not stop the others. */
const timeout = 300_000;

const run = (folder, command, args) =>
  ended(start(folder, command, args, { env: quietly, timeout }));

async function server(folder, command, args) {
  // A group of its own: npx, its shell and the server end together.
  const child = start(folder, command, args, { env: quietly, timeout, detached: true });
  const end = ended(child);
  const stop = () => child.exitCode === null && process.kill(-child.pid, "SIGTERM");
  process.once("exit", stop);
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (text) => {
      const [found] = (said += text).match(/http:\/\/[\w.]+:\d+/) ?? [];
      if (found) resolve(found);
    });
    end.then(({ stdout, stderr }) => reject(new Error(`${command} ended: ${stdout}${stderr}`)));
  });
  return {
    url,
    async stop() {
      process.off("exit", stop);
      stop();
      await end;
    },
  };
}

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** A site of a folder's files. */
export const serveFolder = (folder, headers = {}) =>
  serve(async ({ url }) => {
    const { pathname } = new URL(url, "http://site");
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    try {
      const type = types[extname(name)] ?? "application/octet-stream";
      return { headers: { "content-type": type, ...headers }, body: await readFile(folder + name) };
    } catch {
      return { status: 404 };
    }
  });

/** How the program went in a page: what it says, or the first thing the page complained about. */
export async function visit(browser, url) {
  const tab = await browser.newPage();
  const complaint = new Promise((_, reject) => {
    tab.on("pageerror", reject);
    tab.on("console", (message) => {
      // Nobody gave these pages an icon.
      if (message.location().url.endsWith("/favicon.ico")) return;
      if (message.type() === "error") reject(new Error(`the page says: ${message.text()}`));
    });
  });
  complaint.catch(() => {});
  try {
    await tab.goto(url);
    const outcome = tab.waitForFunction(() => globalThis.outcome, null, { timeout: 60_000 });
    return await (await Promise.race([outcome, complaint])).jsonValue();
  } finally {
    await tab.close();
  }
}
