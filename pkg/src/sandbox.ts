// The entry point "byrobot-calls/sandbox": the pretend vendor in this process. Options are checked
// here, answers are made by the core in `sandbox/`. Not here: sockets (sandbox-server.ts).
import { initSync, SandboxCore } from "#sandbox-glue";
import * as inlined from "#sandbox-inline";
import { inflated } from "./inline.js";

/** What a sandbox is made of. The same options make the same world, byte for byte. */
export interface SandboxOptions {
  /** Which world; any whole number from 0 is one. Default 1. */
  seed?: number;
  /** The company that has the tasks; every other one has none. Default 1. */
  companyId?: number;
  /**
   * How many tasks the company has, at most 500. Default 24. From eleven on, one of every status.
   * Besides, for every eight of them there is one marked as deleted, listed only with `needAll`.
   */
  tasks?: number;
  /** How many numbers each task has. Default: different for each, from 200 to 2,000. */
  callsPerTask?: number;
  /**
   * Start of the virtual clock. Default: 15 March 2024, 10:30 in Shanghai. The clock stands still
   * but for {@link Sandbox.advance} and `live`.
   */
  now?: Date;
  /** Whether the virtual clock goes on in step with the real one. Default false. */
  live?: boolean;
  /**
   * How long every answer takes, in milliseconds; or the least and the most, then different for each
   * but the same sequence for the same seed. Default 0.
   */
  latency?: number | [number, number];
  /**
   * Whether requests must be signed, as the vendor's must; then an unsigned or wrongly signed one is
   * answered with code 401, a foreign key with 403, a date more than three minutes off with 408.
   * Signed dates are compared with the real clock, whatever the virtual one says. Default false.
   */
  requireSignature?: boolean;
  /** The key that signs. Default `"DemoAppKey000000"`. */
  appKey?: string;
  /** Its secret. Default `"DemoAppSecret0000000000000000"`. */
  appSecret?: string;
  /**
   * Whether pages of other origins may read the answers. The vendor says nothing of CORS, so by
   * default they may not. Only matters behind a real server.
   */
  cors?: boolean;
  /**
   * Where the links to recordings lead, such as `"http://localhost:8787"`: `/recordings/…` is added.
   * Default: where the request came to.
   */
  recordingBase?: string;
  /**
   * How likely a request meets each fault, from 0 to 1. Which ones do depends on the seed and on the
   * requests before, so the same requests in the same order meet the same. Default: none.
   *
   * ```ts
   * createSandbox({ faults: { timeout: 0.01, http429: 0.05, shiftRows: 0.2 } });
   * ```
   */
  faults?: Partial<Record<SandboxFault, number>>;
  /**
   * Requests that meet a fault for certain. Rules come before chance.
   *
   * ```ts
   * // The third request for page 2 of the finished calls is never answered.
   * createSandbox({
   *   script: [{ fault: "timeout", endpoint: "queryDoneTaskPhones", pageNum: 2, nth: 3 }],
   * });
   * ```
   */
  script?: SandboxRule[];
}

/** A rule of {@link SandboxOptions.script}. */
export interface SandboxRule {
  fault: SandboxFault;
  /** Only at this endpoint. Default all. */
  endpoint?:
    "getTasks" | "getTaskDetail" | "queryDoneTaskPhones" | "notDialedCustomerList" | "phoneLogInfo";
  /** Only for this page. Default all. */
  pageNum?: number;
  /** Only the request of that number, from 1, among those that the rule is about. Default every one. */
  nth?: number;
}

/**
 * What can go wrong with a request. The world never suffers: who asks again, and meets no fault, gets
 * the true answer.
 *
 * | fault | what the client meets |
 * |---|---|
 * | `network` | `fetch` rejects with a `TypeError`; a real server cuts the connection |
 * | `timeout` | no answer, ever; only a signal ends it |
 * | `http500` | HTTP 500 with a Java server's error |
 * | `http429` | HTTP 429 with `Retry-After: 1` |
 * | `html200` | a login page under HTTP 200 |
 * | `truncated` | the first half of the true answer, as a proxy passes it on that lost its upstream |
 * | `empty` | HTTP 200 without a body |
 * | `vendor500` | the vendor's `code` 500 under HTTP 200 |
 * | `clockSkew` | the vendor's `code` 408, with a `Date` five minutes ahead |
 * | `shiftRows` | rows have come in at the head, and are gone at the next request: a page but the first begins with rows of the one before |
 * | `duplicateRows` | up to three rows of a page come twice |
 * | `oddFields` | the same answer in the other spellings of the vendor's servers: `27`, `"27"`, numbers as text, fields that nobody documented |
 * | `ignoreIndex` | `index` is ignored, as by the vendor's later servers |
 */
export type SandboxFault = (typeof sandboxFaults)[number];

/** Every {@link SandboxFault}. */
export const sandboxFaults = [
  "network",
  "timeout",
  "http500",
  "http429",
  "html200",
  "truncated",
  "empty",
  "vendor500",
  "clockSkew",
  "shiftRows",
  "duplicateRows",
  "oddFields",
  "ignoreIndex",
] as const;

/** A pretend vendor. Its world changes only with its clock, never by being asked. */
export interface Sandbox {
  /**
   * Answers like the global `fetch`, so that it can stand in for it. A relative URL is resolved
   * against the page; `signal` is obeyed.
   */
  fetch: typeof globalThis.fetch;
  /**
   * Answers a request, for a server or a service worker. A connection that breaks is
   * `Response.error()` here.
   */
  handle(request: Request): Promise<Response>;
  /** Lets so many seconds pass: calls end, tasks complete. To the millisecond. */
  advance(seconds: number): void;
  /** Back to the start of the clock, and of the faults. */
  reset(): void;
  /** Gives its memory back. Requests after that are rejected. */
  free(): void;
}

/**
 * Makes a pretend vendor: a company's tasks with thousands of calls, transcripts and recordings, all
 * invented, behind the vendor's five endpoints.
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
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const checked = check(options);
  await load();
  const core = make(checked.core);
  const delay = delays(checked.latency, checked.core.seed ?? 1);
  let ticked = performance.now();
  let freed = false;

  const alive = (): SandboxCore => {
    if (freed) throw new Error("this sandbox has been freed");
    return core;
  };

  async function respond(request: Request, signal: AbortSignal | null): Promise<Response> {
    alive();
    signal?.throwIfAborted();
    await pause(delay(), signal);
    const body = new Uint8Array(await request.arrayBuffer());
    signal?.throwIfAborted();
    if (checked.live) {
      const now = performance.now();
      alive().advance((now - ticked) / 1000);
      ticked = now;
    }
    const headers = [...request.headers].flat();
    const answer = alive().handle(request.method, request.url, headers, body, Date.now());
    if (answer.delivery === "silent") await pause(Infinity, signal);
    return answer.delivery === "lost" ? Response.error() : toResponse(answer, request.url);
  }

  return {
    fetch: async (input, init) => {
      const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
      // Without its signal: a Request that follows one leaves a listener on it.
      const request = new Request(absolute(input), { ...init, signal: null });
      const response = await respond(request, signal);
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
    reset() {
      alive().reset();
      ticked = performance.now();
    },
    free() {
      if (!freed) core.free();
      freed = true;
    },
  };
}

let loading: Promise<void> | undefined;

/** Instantiates the module, once; a failed attempt may be repeated. */
function load(): Promise<void> {
  loading ??= (async () => {
    const wasm = inflated(inlined);
    initSync({ module: await WebAssembly.compile(wasm) });
  })().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** The core knows the ranges; what it refuses is out of one. */
function make(options: CoreOptions): SandboxCore {
  try {
    return new SandboxCore(JSON.stringify(options));
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error));
  }
}

/** What the core takes: the options, less those that are looked after here. */
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
      case "seed":
      case "companyId":
      case "tasks":
      case "callsPerTask":
        checked.core[name] = wholeNumber(name, value);
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
      case "faults":
        checked.core.faults = likelihoods(value);
        break;
      case "script":
        checked.core.script = rules(value);
        break;
      case "live":
        checked.live = flag(name, value);
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

function wholeNumber(name: string, value: unknown): number {
  if (typeof value !== "number") throw wrongType(name, "a number");
  // The core counts tasks and calls in 32 bits; their ranges end far below.
  const limit = name === "seed" || name === "companyId" ? Number.MAX_SAFE_INTEGER : 2 ** 32 - 1;
  if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
  throw new RangeError(`${name} must be a whole number from 0 to ${limit}`);
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

function isFault(name: unknown): name is SandboxFault {
  return (sandboxFaults as readonly unknown[]).includes(name);
}

const noFault = (path: string) =>
  new TypeError(`${path} is no fault; there are ${sandboxFaults.join(", ")}`);

function likelihoods(value: unknown): Record<string, number> {
  if (typeof value !== "object" || value === null) throw wrongType("faults", "an object");
  const checked: Record<string, number> = {};
  for (const [name, share] of Object.entries(value) as [string, unknown][]) {
    if (!isFault(name)) throw noFault(`faults.${name}`);
    if (share === undefined) continue;
    if (typeof share !== "number") throw wrongType(`faults.${name}`, "a number");
    if (!(share >= 0 && share <= 1)) throw new RangeError(`faults.${name} must be from 0 to 1`);
    checked[name] = share;
  }
  return checked;
}

function rules(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw wrongType("script", "a list of rules");
  return value.map((rule: unknown, index) => {
    const path = `script[${index}]`;
    if (typeof rule !== "object" || rule === null) throw wrongType(path, "an object");
    const checked: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(rule) as [string, unknown][]) {
      if (given === undefined) continue;
      switch (name) {
        case "fault":
          if (!isFault(given)) throw noFault(`${path}.fault`);
          checked[name] = given;
          break;
        case "endpoint":
          checked[name] = text(`${path}.${name}`, given);
          break;
        case "pageNum":
        case "nth":
          checked[name] = wholeNumber(`${path}.${name}`, given);
          break;
        default:
          throw new TypeError(`${path} can have no ${name}`);
      }
    }
    if (!("fault" in checked)) throw new TypeError(`${path}.fault is missing`);
    return checked;
  });
}

function span(name: string, value: unknown): [number, number] {
  const [least, most] = (Array.isArray(value) ? value : [value, value]) as unknown[];
  if (typeof least !== "number" || typeof most !== "number") {
    throw wrongType(name, "a number of milliseconds or a pair of them");
  }
  if (0 <= least && least <= most && most < Infinity) return [least, most];
  throw new RangeError(`${name} must be from 0 on, the least before the most`);
}

/** The sequence of delays that belongs to a seed: mulberry32 between the bounds. */
function delays([least, most]: [number, number], seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return least + ((most - least) * ((mixed ^ (mixed >>> 14)) >>> 0)) / 2 ** 32;
  };
}

/** Waits, for ever if need be, or rejects with the signal's reason as soon as it aborts; leaves no listener behind. */
function pause(ms: number, signal: AbortSignal | null): Promise<void> | undefined {
  if (ms === 0) return undefined;
  return new Promise((resolve, reject) => {
    const finish = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const timer = ms === Infinity ? undefined : setTimeout(finish, ms);
    function abort() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** `Request` takes no relative URL outside a page, and no base: so one is lent. */
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
  // A Response that was not fetched has no URL of its own.
  Object.defineProperty(response, "url", { value: url });
  return response;
}
