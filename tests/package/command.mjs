// Starts the command line of the package as a process, and builds requests to its server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";

const require = createRequire(import.meta.url);
const cli = join(dirname(require.resolve("byrobot-calls/package.json")), "dist/cli.js");

/** Where the vendor's endpoints are. */
export const api = "/openapi/v1/task";

/** A POST of JSON. */
export const post = (body) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** `byrobot-calls` with these arguments: its first line of output, or its end. */
export const run = (...args) => start({}, ...args);

/** The same, with more variables in its environment. */
export async function start(variables, ...args) {
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (errors += data));
  const ended = once(child, "close").then(([code]) => ({ code, output, errors }));
  const url = () => /http:\/\/\S+/.exec(output)?.[0];
  while (url() === undefined && child.exitCode === null) {
    await Promise.race([ended, once(child.stdout, "data")]);
  }
  return { url: url(), ended, stop: () => child.kill() };
}
