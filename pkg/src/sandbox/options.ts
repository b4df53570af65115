// The options of a sandbox and their check. Not here: what they do (sandbox.ts, the core in `sandbox/`).
import { checkFaults, checkScript, type SandboxFault, type SandboxRule } from "./faults.js";
import { checkScenario, type SandboxScenario } from "./scenario.js";

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
  /**
   * Whether pages may look at the sandbox and restart it, by requests to `…/sandbox/control`, and choose the fault of a
   * request by its header `x-sandbox-fault`: for a page that shows what faults do. Pages of other origins are refused.
   * Default false.
   */
  control?: boolean;
}

/** Options for the core: all except those that sandbox.ts implements. */
interface CoreOptions {
  seed?: number;
  nowMs?: number;
  [name: string]: unknown;
}

/** What a sandbox needs to know. @internal */
export interface Checked {
  core: CoreOptions;
  live: boolean;
  control: boolean;
  latency: [number, number];
}

/** @internal */
export const wrongType = (name: string, wanted: string) =>
  new TypeError(`${name} must be ${wanted}`);

/**
 * The result of `read`, which reads values of the caller: a getter or a Proxy may throw anything there. Everything but a
 * `RangeError` becomes a `TypeError`. @internal
 */
export function readable<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError) throw cause;
    throw new TypeError(`${name} cannot be read, see cause`, { cause });
  }
}

/** Checks the names and types of options; the core checks the ranges. @internal */
export const check = (options: SandboxOptions): Checked =>
  readable("options", () => checked(options));

function checked(options: SandboxOptions): Checked {
  if (typeof options !== "object" || options === null) throw wrongType("options", "an object");
  const checked: Checked = { core: {}, live: false, control: false, latency: [0, 0] };
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
      case "control":
        checked[name] = flag(name, value);
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
  // An array may claim any length.
  if (!Array.isArray(value) || value.length > 10_000) throw wrongType(name, "a list of numbers");
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
