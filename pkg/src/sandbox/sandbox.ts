// The sandbox in this process: checks options and converts requests; the core in `sandbox/` answers them.
// Not here: sockets (cli/sandbox-server.ts).
import initialise, { SandboxCore } from "#sandbox-glue";
import * as inlined from "#sandbox-inline";
import { reasonOf, throwIfAborted } from "../wasm/abort.js";
import { unpackedLater } from "../wasm/inline.js";
import { cannotCompile } from "../wasm/loading.js";
import {
  checkFaults,
  checkRule,
  checkScript,
  type SandboxFault,
  type SandboxRule,
} from "./faults.js";
import { checkScenario, type SandboxScenario, type SandboxTruth } from "./scenario.js";

export type { SandboxEndpoint, SandboxFault, SandboxRule } from "./faults.js";
export type { SandboxScenario, SandboxTruth } from "./scenario.js";

/** Options of a sandbox. The same options and requests give the same answers, byte for byte. */
export interface SandboxOptions {
  /** Seed of the generated data: a whole number from 0. Default 1. */
  seed?: number;
  /** The company that owns the tasks; other companies have none. Default 1. */
  companyId?: number;
  /**
   * In place of `companyId`: several companies; tasks are assigned to them in turn. Task ids do not depend on
   * them. As with the vendor, `queryDoneTaskPhones`, `notDialedCustomerList`, `phoneLogInfo` and recordings
   * answer every client that has the key.
   *
   * ```ts
   * const sandbox = await createSandbox({ companies: [1, 2] });
   * ```
   */
  companies?: readonly number[];
  /**
   * Number of tasks, at most 500. Default 24. From eleven tasks on, every status occurs. For every eight
   * tasks there is one more that is marked as deleted and listed only with `needAll`.
   */
  tasks?: number;
  /** Number of telephone numbers per task. Default: different for each task, from 200 to 2,000. */
  callsPerTask?: number;
  /**
   * In place of `tasks` and `callsPerTask`: each company with days of history, by a name or by its parts. `"campaign"`
   * is a company as it is: four weeks of tasks, one still running, one stopped, and phenomena to find. In `"quiet"`
   * nothing is wrong for ten days. Default: none.
   *
   * ```ts
   * const sandbox = await createSandbox({ scenario: "campaign" });
   * console.log(sandbox.truth[0]?.flaggedLine?.since); // → 2024-03-14
   * ```
   */
  scenario?: "quiet" | "campaign" | SandboxScenario;
  /**
   * Start of the virtual clock. Default: 15 March 2024, 10:30 in Shanghai. Only
   * {@link Sandbox.advance} and `live` move the clock.
   */
  now?: Date;
  /** Whether the virtual clock runs at the speed of the real clock. Default false. */
  live?: boolean;
  /**
   * Delay of every answer, in milliseconds; or the least and the greatest delay, with a random delay per
   * answer, in the same sequence for the same seed. Default 0.
   */
  latency?: number | [number, number];
  /**
   * Whether requests must be signed, as the vendor requires. An unsigned or wrongly signed request gets
   * code 401, another key 403, a date more than three minutes off 408. Signed dates are compared with the
   * real clock, not with the virtual clock. Default false.
   */
  requireSignature?: boolean;
  /** The key that signs. Default `"DemoAppKey000000"`. */
  appKey?: string;
  /** Its secret. Default `"DemoAppSecret0000000000000000"`. */
  appSecret?: string;
  /**
   * Whether pages of other origins may read the answers. The vendor's document does not mention CORS, so
   * the default is false. It has an effect only behind a real server.
   */
  cors?: boolean;
  /**
   * Base URL of links to recordings, such as `"http://localhost:8787"`: `/recordings/…` is added.
   * Default: the origin and path prefix of the request.
   */
  recordingBase?: string;
  /**
   * Probability of each fault, from 0 to 1, for every request of the endpoints. Faults depend on the
   * seed and the request's number, so the same requests in the same order get the same faults, in a page
   * and behind a server. At most one of the faults that fail a request applies to it, so the sum of their
   * probabilities is at most 1. Default: none.
   *
   * ```ts
   * const sandbox = await createSandbox({ faults: { timeout: 0.05, http500: 0.1, oddFields: 1 } });
   * ```
   */
  faults?: Partial<Record<SandboxFault, number>>;
  /**
   * Faults of certain requests. All rules that match a request apply, but only the first that fails it.
   * If a rule applies to a request, `faults` does not. Default: none.
   *
   * ```ts
   * const third = { fault: "timeout", endpoint: "queryDoneTaskPhones", pageNum: 2, nth: 3 } as const;
   * const sandbox = await createSandbox({ script: [third] });
   * ```
   */
  script?: readonly SandboxRule[];
}

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
  const checked = check(options);
  await load();
  const core = ranged(() => new SandboxCore(JSON.stringify(checked.core)));
  const delay = delays(checked.latency, checked.core.seed ?? 1);
  let ticked = performance.now();
  let freed = false;

  const alive = (): SandboxCore => {
    if (freed) throw new Error("this sandbox has been freed");
    return core;
  };

  async function respond(request: Request, signal: AbortSignal | null): Promise<Response> {
    alive();
    throwIfAborted(signal);
    await pause(delay(), signal);
    const body = new Uint8Array(await request.arrayBuffer());
    throwIfAborted(signal);
    if (checked.live) {
      const now = performance.now();
      alive().advance((now - ticked) / 1000);
      ticked = now;
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
      const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
      // The new Request gets no signal, because a Request leaves a listener on its signal.
      const response = await respond(
        new Request(absolute(input), { ...init, signal: null }),
        signal,
      );
      // Chrome's message.
      if (response.type === "error") throw new TypeError("Failed to fetch");
      return response;
    },
    handle: async (request) => respond(request, request.signal),
    advance(seconds) {
      if (typeof seconds !== "number") throw wrongType("seconds", "a number");
      if (!(seconds >= 0 && seconds < Infinity)) {
        throw new RangeError("seconds must be a number from 0");
      }
      alive().advance(seconds);
    },
    inject(rule) {
      const checked = checkRule("rule", rule);
      ranged(() => alive().inject(JSON.stringify(checked)));
    },
    reset() {
      alive().reset();
      ticked = performance.now();
    },
    *bodies(callJobId) {
      for (let page = 1; ; page++) {
        const body = alive().doneCalls(callJobId, page);
        if (body === undefined) return;
        yield body;
      }
    },
    truth: JSON.parse(core.truth()) as SandboxTruth[],
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

/** Options for the core: all except `live` and `latency`, which this file implements. */
interface CoreOptions {
  seed?: number;
  nowMs?: number;
  [name: string]: unknown;
}

interface Checked {
  core: CoreOptions;
  live: boolean;
  latency: [number, number];
}

const wrongType = (name: string, wanted: string) => new TypeError(`${name} must be ${wanted}`);

function check(options: SandboxOptions): Checked {
  if (typeof options !== "object" || options === null) throw wrongType("options", "an object");
  const checked: Checked = { core: {}, live: false, latency: [0, 0] };
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined) continue;
    switch (name) {
      case "companyId":
        if (options.companies !== undefined) {
          throw new TypeError("companyId and companies: give one of them");
        }
        checked.core["companies"] = [wholeNumber(name, value)];
        break;
      case "companies":
        checked.core[name] = wholeNumbers(name, value);
        break;
      case "seed":
        checked.core[name] = wholeNumber(name, value);
        break;
      case "tasks":
      case "callsPerTask":
        // The core has 32-bit integers and checks the smaller ranges.
        checked.core[name] = wholeNumber(name, value, 2 ** 32 - 1);
        break;
      case "scenario":
        if (options.tasks !== undefined || options.callsPerTask !== undefined) {
          throw new TypeError("scenario, or tasks and callsPerTask: give one of them");
        }
        checked.core[name] = checkScenario(name, value);
        break;
      case "requireSignature":
      case "cors":
        checked.core[name] = flag(name, value);
        break;
      case "appKey":
      case "appSecret":
        checked.core[name] = text(name, value);
        break;
      case "recordingBase":
        checked.core[name] = text(name, value).replace(/\/+$/, "");
        break;
      case "now":
        checked.core.nowMs = instant(name, value);
        break;
      case "live":
        checked.live = flag(name, value);
        break;
      case "faults":
        checked.core[name] = checkFaults(name, value);
        break;
      case "script":
        checked.core[name] = checkScript(name, value);
        break;
      case "latency":
        checked.latency = span(name, value);
        break;
      default:
        throw new TypeError(`there is no option ${name}`);
    }
  }
  return checked;
}

function wholeNumber(name: string, value: unknown, limit = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number") throw wrongType(name, "a number");
  if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
  throw new RangeError(`${name} must be a whole number from 0 to ${limit}`);
}

function wholeNumbers(name: string, value: unknown): number[] {
  if (!Array.isArray(value)) throw wrongType(name, "a list of numbers");
  return value.map((item: unknown, index) => wholeNumber(`${name}[${index}]`, item));
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw wrongType(name, "true or false");
}

function text(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw wrongType(name, "a string");
}

function instant(name: string, value: unknown): number {
  if (!(value instanceof Date)) throw wrongType(name, "a Date");
  const ms = value.getTime();
  if (Number.isNaN(ms)) throw new RangeError(`${name} must be a valid Date`);
  return ms;
}

function span(name: string, value: unknown): [number, number] {
  const [least, most] = (Array.isArray(value) ? value : [value, value]) as unknown[];
  if (typeof least !== "number" || typeof most !== "number") {
    throw wrongType(name, "a number of milliseconds or a pair of them");
  }
  if (0 <= least && least <= most && most < Infinity) return [least, most];
  throw new RangeError(`${name} must be from 0 on, the least before the most`);
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
