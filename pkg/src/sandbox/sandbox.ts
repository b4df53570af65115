// The sandbox in this process: checks options and converts requests; the core in `sandbox/` answers them.
// Not here: sockets (cli/sandbox-server.ts).
import initialise, { SandboxCore } from "#sandbox-glue";
import * as inlined from "#sandbox-inline";
import { reasonOf, throwIfAborted } from "../wasm/abort.js";
import { unpackedLater } from "../wasm/inline.js";
import { cannotCompile } from "../wasm/loading.js";
import { answerControl, type Change, faultOf, isControl, type SandboxState } from "./control.js";
import { checkRule, type SandboxRule } from "./faults.js";
import { sandboxFaults } from "./generated/faults.js";
import { check, readable, type SandboxOptions, wrongType } from "./options.js";
import type { SandboxTruth } from "./scenario.js";

export type { SandboxState } from "./control.js";
export type { SandboxEndpoint, SandboxFault, SandboxRule } from "./faults.js";
export type { SandboxOptions } from "./options.js";
export type { SandboxScenario, SandboxTruth } from "./scenario.js";

/**
 * A mock server of BYRobot. Only its clock changes its tasks and calls; a request changes nothing but the count of
 * requests, for the faults.
 */
export interface Sandbox {
  /**
   * A replacement of the global `fetch`. A relative URL is resolved against the page; `signal` aborts the
   * request.
   */
  fetch: typeof globalThis.fetch;
  /**
   * Answers a request, for a server or a service worker. Only the end of the path counts, so any path prefix
   * works, such as a page's `/byrobot`. A lost connection is `Response.error()`, with the `type`
   * `"error"`.
   */
  handle(request: Request): Promise<Response>;
  /**
   * Adds a rule to the script, until the next `reset`. Its `nth` counts requests from now on.
   *
   * ```ts
   * const sandbox = await createSandbox();
   * sandbox.inject({ fault: "http500", nth: 1 }); // the next request fails
   * ```
   *
   * @throws {TypeError} A name that does not exist or is of the wrong type.
   * @throws {RangeError} A number out of its range.
   */
  inject(rule: SandboxRule): void;
  /** Advances the clock by this many seconds, to the millisecond: calls end, tasks complete. */
  advance(seconds: number): void;
  /** Resets the clock and the count of requests, and removes injected rules. */
  reset(): void;
  /**
   * The ended calls of a task as bodies of thousands of calls, newest first: a fast way to fill a table, which the
   * vendor does not have. Nothing for a task that does not exist. A change of the clock between two bodies shifts them.
   *
   * ```ts
   * const sandbox = await createSandbox({ scenario: "campaign" });
   * for (const body of sandbox.bodies(81638)) table.ingest(body);
   * ```
   */
  bodies(callJobId: number): Iterable<Uint8Array>;
  /** What is hidden in each company of a scenario, for tests to compare with. Empty without a scenario. */
  readonly truth: readonly SandboxTruth[];
  /** Releases the sandbox's memory. Later requests are rejected. */
  free(): void;
}

/**
 * Creates a sandbox, a mock server of BYRobot: invented tasks with thousands of calls, transcripts and recordings,
 * behind the vendor's five endpoints.
 *
 * ```ts
 * import { ByrobotClient } from "byrobot-calls";
 * import { createSandbox } from "byrobot-calls/sandbox";
 *
 * const sandbox = await createSandbox({ seed: 7, tasks: 12 });
 * const client = new ByrobotClient({ fetch: sandbox.fetch });
 * const before = await client.getTasks({ companyId: 1, status: 1 });
 * sandbox.advance(3600); // an hour later, some of them have completed
 * ```
 *
 * @throws {TypeError} An option that does not exist or is of the wrong type.
 * @throws {RangeError} An option out of its range.
 * @throws {ByrobotError} `internal`, when the environment or its Content-Security-Policy refuses the
 *   WebAssembly module.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let checked = check(options);
  let given = readable("options", () => ({ ...options }));
  await load();
  const coreOf = ({ core }: typeof checked) => ranged(() => new SandboxCore(JSON.stringify(core)));
  let core = coreOf(checked);
  let truth = JSON.parse(core.truth()) as SandboxTruth[];
  const delay = delays(checked.latency, checked.core.seed ?? 1);
  let ticked = performance.now();
  let freed = false;

  const alive = (): SandboxCore => {
    if (freed) throw new Error("this sandbox has been freed");
    return core;
  };

  /** Lets a clock that runs catch up with the real one. */
  function tick(): void {
    if (!checked.live) return;
    const now = performance.now();
    alive().advance((now - ticked) / 1000);
    ticked = now;
  }

  const state = (): SandboxState => ({
    seed: given.seed ?? 1,
    scenario: given.scenario ?? null,
    callsPerTask: given.callsPerTask ?? null,
    now: core.now(),
    live: checked.live,
    faults: sandboxFaults,
  });

  function restart(change: Change): void {
    const { scenario, tasks, callsPerTask, ...others } = given;
    const world = {
      ...(scenario && { scenario }),
      ...(tasks && { tasks }),
      ...(callsPerTask && { callsPerTask }),
    };
    // A scenario, or numbers of tasks and calls: a change of one ends the other.
    const isNew = "scenario" in change || "callsPerTask" in change;
    const next = { ...others, ...(isNew ? {} : world), ...change };
    const wanted = check(next);
    const before = core;
    core = coreOf(wanted);
    before.free();
    truth = JSON.parse(core.truth()) as SandboxTruth[];
    [given, checked, ticked] = [next, wanted, performance.now()];
  }

  async function respond(request: Request, signal: AbortSignal | null): Promise<Response> {
    alive();
    throwIfAborted(signal);
    await pause(delay(), signal);
    const body = new Uint8Array(await request.arrayBuffer());
    throwIfAborted(signal);
    tick();
    if (checked.control && isControl(request.url)) {
      return answerControl(request, body, state, restart);
    }
    if (checked.control) {
      const rule = faultOf(request);
      if (rule instanceof Response) return rule;
      if (rule) alive().inject(JSON.stringify(rule));
    }
    const headers = [...request.headers].flat();
    const answer = alive().handle(request.method, request.url, headers, body, Date.now());
    switch (answer.transport) {
      case "network":
        return Response.error();
      case "timeout":
        return aborted(signal);
      case undefined:
        return toResponse(answer, request.url);
    }
  }

  return {
    fetch: async (input, init) => {
      const [request, signal] = readable("a request", () => {
        const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
        if (typeof (signal?.aborted ?? false) !== "boolean") throw wrongType("signal", "a signal");
        // The new Request gets no signal, because a Request leaves a listener on its signal.
        return [new Request(absolute(input), { ...init, signal: null }), signal] as const;
      });
      const response = await respond(request, signal);
      // Chrome's message.
      if (response.type === "error") throw new TypeError("Failed to fetch");
      return response;
    },
    handle: async (request) =>
      respond(
        request,
        readable("request", () => request.signal),
      ),
    advance(seconds) {
      if (typeof seconds !== "number") throw wrongType("seconds", "a number");
      if (!(seconds >= 0 && seconds < Infinity)) {
        throw new RangeError("seconds must be a number from 0");
      }
      alive().advance(seconds);
    },
    inject(rule) {
      const checked = readable("rule", () => checkRule("rule", rule));
      ranged(() => alive().inject(JSON.stringify(checked)));
    },
    reset() {
      alive().reset();
      ticked = performance.now();
    },
    *bodies(callJobId) {
      if (typeof callJobId !== "number") throw wrongType("callJobId", "a number");
      for (let page = 1; ; page++) {
        const body = alive().doneCalls(callJobId, page);
        if (body === undefined) return;
        yield body;
      }
    },
    get truth() {
      return truth;
    },
    free() {
      if (!freed) core.free();
      freed = true;
    },
  };
}

let loading: Promise<void> | undefined;

/** Instantiates the module once; after a failure the next call tries again. */
function load(): Promise<void> {
  loading ??= (async () => {
    const wasm = await unpackedLater(inlined);
    await initialise({ module_or_path: await WebAssembly.compile(wasm) });
  })().catch((error: unknown) => {
    loading = undefined;
    throw cannotCompile(error, {
      name: "byrobot-calls/sandbox",
      instead: "run it beside, by npx byrobot-calls sandbox",
    });
  });
  return loading;
}

/** Calls the core. It checks the ranges, so its errors become a `RangeError`. */
function ranged<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error));
  }
}

/** The sequence of delays for a seed: mulberry32 between the bounds. */
function delays([least, most]: [number, number], seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return least + ((most - least) * ((mixed ^ (mixed >>> 14)) >>> 0)) / 2 ** 32;
  };
}

/** Waits; rejects with the signal's reason when it aborts. Removes its listener. */
function pause(ms: number, signal: AbortSignal | null): Promise<void> | undefined {
  if (ms === 0) return undefined;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    function abort() {
      clearTimeout(timer);
      reject(reasonOf(signal as AbortSignal));
    }
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Never resolves; rejects with the signal's reason when it aborts, if ever. */
function aborted(signal: AbortSignal | null): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(reasonOf(signal)), { once: true });
  });
}

/** Resolves a URL. `Request` takes no base, and outside a page no relative URL, so a base is supplied here. */
function absolute(input: RequestInfo | URL): Request | URL {
  if (input instanceof Request) return input;
  const page = globalThis.location?.origin;
  const base = page === undefined || page === "null" ? "http://sandbox.invalid" : location.href;
  return new URL(input, base);
}

function toResponse(answer: ReturnType<SandboxCore["handle"]>, url: string): Response {
  const { status, headers: flat } = answer;
  const headers = new Headers();
  for (let at = 0; at + 1 < flat.length; at += 2) headers.append(flat[at]!, flat[at + 1]!);
  const bytes = answer.intoBody() as Uint8Array<ArrayBuffer>;
  const response = new Response(bytes.length > 0 ? bytes : null, { status, headers });
  // A constructed Response has no URL.
  Object.defineProperty(response, "url", { value: url });
  return response;
}
