// A server and a client for one test. Not here: servers without a client (servers.mjs).
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { serve } from "./servers.mjs";

/** A server that ends with the test, and a client of it that does not wait between attempts. */
export async function stage(t, ByrobotClient, answer, options = {}) {
  const server = await serve(answer);
  t.after(server.close);
  const retry = { minDelay: 0, maxRetryAfter: 0 };
  return { server, client: new ByrobotClient({ baseUrl: server.url, retry, ...options }) };
}

/** Waits until a condition holds. */
export async function until(condition) {
  for (let turn = 0; !condition(); turn += 1) {
    assert.ok(turn < 2000, `in vain: ${condition}`);
    await wait(2);
  }
}
