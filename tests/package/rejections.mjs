// Checks that a call rejects soon with a complete ByrobotError. Not here: which calls fail.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";

/** Whether a failed call may succeed when made again, by the error's code. */
const retryable = {
  network: true,
  timeout: true,
  unauthorized: false,
  forbidden: false,
  not_found: false,
  rate_limited: true,
  clock_skew: true,
  rejected_parameters: false,
  server: true,
  vendor: false,
  http: false,
  not_json: false,
  unexpected_shape: false,
  headers: false,
  fetch: false,
  paging_unstable: true,
  snapshot: false,
  out_of_memory: false,
  invalid_argument: false,
  internal: false,
};

const types = {
  code: ["string"],
  retryable: ["boolean"],
  endpoint: ["string", "null"],
  url: ["string", "null"],
  status: ["number", "null"],
  vendorCode: ["number", "null"],
  vendorMessage: ["string", "null"],
  requestId: ["string", "null"],
  path: ["string", "null"],
  attempts: ["number"],
  retryAfterMs: ["number", "null"],
};

/** What a promise rejects with. One that stays pending is a failure like one that resolves. */
export async function rejectionOf(promise) {
  const pending = {};
  const patience = new AbortController();
  const settled = promise.then(
    (value) => ({ value }),
    (reason) => ({ reason }),
  );
  const outcome = await Promise.race([settled, wait(5000, pending, patience)]);
  patience.abort();
  assert.notEqual(outcome, pending, "the promise never settles");
  assert.ok("reason" in outcome, `it resolves: ${JSON.stringify(outcome.value)}`);
  return outcome.reason;
}

/** The ByrobotError that an action throws. */
export function refusal(action) {
  try {
    action();
  } catch (error) {
    assert.equal(error.name, "ByrobotError", String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
}

/** The ByrobotError a promise rejects with, checked for what every one has, and for `expected`. */
export async function errorOf(promise, { message, ...expected }) {
  const error = await rejectionOf(promise);
  assertByrobotError(error);
  const fields = Object.keys(expected).map((name) => [name, error[name]]);
  assert.deepEqual(Object.fromEntries(fields), expected, error.message);
  if (message) assert.match(error.message, message);
  return error;
}

export function assertByrobotError(error) {
  assert.ok(error instanceof Error, `not an Error: ${String(error)}`);
  assert.equal(error.name, "ByrobotError", `not ours: ${error.stack}`);
  assert.equal(typeof error.stack, "string");
  assert.ok(error.message.length > 0 && error.stack.includes(error.message));
  for (const [name, allowed] of Object.entries(types)) {
    const type = error[name] === null ? "null" : typeof error[name];
    assert.ok(allowed.includes(type), `${name} is ${type}`);
  }
  const descriptor = Object.getOwnPropertyDescriptor(error, "cause");
  assert.equal(descriptor?.enumerable, false, "cause is there, and not part of the JSON");
  assert.ok(error.code in retryable, `an unknown code: ${error.code}`);
  assert.equal(error.retryable, retryable[error.code], error.code);
}
