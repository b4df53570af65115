// A client of the load run, in its own process: sends a number of requests over persistent connections, and reports
// times and statuses.
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";
import process from "node:process";

/**
 * Sends requests until `count` answers have arrived or a message stops it.
 *
 * @returns The milliseconds of successful requests, and the number of answers by status.
 */
async function ask(
  { url, path, method = "GET", body, headers, inFlight, count = Infinity },
  stopped,
) {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const times = [];
  const statuses = {};
  let left = count;
  const one = () =>
    new Promise((resolve) => {
      const started = performance.now();
      const sent = request(url + path, { method, headers, agent }, (reply) => {
        reply.resume();
        reply.once("end", () => {
          statuses[reply.statusCode] = (statuses[reply.statusCode] ?? 0) + 1;
          if (reply.statusCode < 300) times.push(performance.now() - started);
          resolve();
        });
        reply.once("error", resolve);
      });
      sent.once("error", () => {
        statuses.broken = (statuses.broken ?? 0) + 1;
        resolve();
      });
      sent.end(body);
    });
  const worker = async () => {
    while (left > 0 && !stopped()) {
      left -= 1;
      await one();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  agent.destroy();
  return { times, statuses };
}

let isStopped = false;
process.on("message", async (message) => {
  if (message === "stop") return void (isStopped = true);
  isStopped = false;
  process.send(await ask(message, () => isStopped));
});
process.send("ready");
