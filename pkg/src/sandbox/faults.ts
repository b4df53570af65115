// Faults of the sandbox as options name them, and the check of these options. Not here: when a fault applies and its
// response (sandbox/src/fault.rs, sandbox/src/fault_response.rs, sandbox/src/wire_variants.rs).

/**
 * Something that goes wrong on purpose.
 *
 * Of the first nine a request meets one at most, in place of the whole answer:
 * - `"network"`: the connection is lost. `fetch` rejects with a `TypeError`; a server hangs up.
 * - `"timeout"`: no answer, until the caller aborts or goes.
 * - `"http500"`: HTTP 500 with a servlet container's HTML page.
 * - `"http429"`: HTTP 429 with `Retry-After: 1`.
 * - `"html200"`: a login page under HTTP 200.
 * - `"truncated"`: the first half of the answer, and a `Content-Length` that fits it, as a proxy sends
 *   it that lost its upstream. A length that does not fit is a lost connection to a browser.
 * - `"empty"`: HTTP 200 without a body.
 * - `"vendor500"`: the vendor's `code` 500 under HTTP 200.
 * - `"clockSkew"`: the vendor's `code` 408 under HTTP 200, with a `Date` five minutes ahead.
 *
 * The others change an answer, any number of them at once:
 * - `"shiftRows"`: a page of a list from the second on, as it were if three rows had arrived at the head
 *   since: it begins with three rows of the page before, and `total` is three more.
 * - `"duplicateRows"`: the first row and about every fourth come twice; the page is longer, so that no
 *   row is lost.
 * - `"oddFields"`: the same answer in the vendor's other spellings: `27`, `"27"`, `"27秒"`, numbers as
 *   text, lists as maps, fields nobody knows.
 * - `"ignoreIndex"`: `queryDoneTaskPhones` as if `index` had not been sent.
 *
 * None lasts: asked again, a request gets the true answer, unless a fault happens again.
 */
export type SandboxFault =
  | "network"
  | "timeout"
  | "http500"
  | "http429"
  | "html200"
  | "truncated"
  | "empty"
  | "vendor500"
  | "clockSkew"
  | "shiftRows"
  | "duplicateRows"
  | "oddFields"
  | "ignoreIndex";

/** One of the vendor's five endpoints. */
export type SandboxEndpoint =
  "getTasks" | "getTaskDetail" | "queryDoneTaskPhones" | "notDialedCustomerList" | "phoneLogInfo";

/**
 * A fault that happens to certain requests. The third request of page 2 times out:
 * `{ fault: "timeout", endpoint: "queryDoneTaskPhones", pageNum: 2, nth: 3 }`.
 */
export interface SandboxRule {
  /** What happens. */
  fault: SandboxFault;
  /** Only to requests of this endpoint. Default: of any. */
  endpoint?: SandboxEndpoint | undefined;
  /** Only to requests of this page, from 1. A request that names none asks for the first. */
  pageNum?: number | undefined;
  /** Only to this one of the requests that fit, from 1. Default: to every one. */
  nth?: number | undefined;
}

const faults: Record<SandboxFault, true> = {
  network: true,
  timeout: true,
  http500: true,
  http429: true,
  html200: true,
  truncated: true,
  empty: true,
  vendor500: true,
  clockSkew: true,
  shiftRows: true,
  duplicateRows: true,
  oddFields: true,
  ignoreIndex: true,
};

const endpoints: Record<SandboxEndpoint, true> = {
  getTasks: true,
  getTaskDetail: true,
  queryDoneTaskPhones: true,
  notDialedCustomerList: true,
  phoneLogInfo: true,
};

/** The core counts in 32 bits. */
const mostRequests = 2 ** 32 - 1;

/** The name of a fault; `place` is where it stands. */
export function checkFault(place: string, value: unknown): SandboxFault {
  return oneOf(faults, place, value);
}

/** Probabilities by fault; the core knows their range. */
export function checkFaults(place: string, value: unknown): Partial<Record<SandboxFault, number>> {
  const checked: Partial<Record<SandboxFault, number>> = {};
  for (const [name, probability] of Object.entries(object(place, value))) {
    const fault = checkFault(place, name);
    if (probability === undefined) continue;
    if (typeof probability !== "number") throw new TypeError(`${place}.${name} must be a number`);
    // JSON, by which the core is told, would make null of it.
    if (!Number.isFinite(probability)) {
      throw new RangeError(`${place}.${name} must be from 0 to 1`);
    }
    checked[fault] = probability;
  }
  return checked;
}

/** Rules, each as `checkRule` has it. */
export function checkScript(place: string, value: unknown): SandboxRule[] {
  if (!Array.isArray(value)) throw new TypeError(`${place} must be an array of rules`);
  return Array.from(value, (rule: unknown, at) => checkRule(`${place}[${at}]`, rule));
}

/** A copy, so that nothing that changes later is sent to the core. */
export function checkRule(place: string, value: unknown): SandboxRule {
  const { fault, endpoint, pageNum, nth, ...rest } = object(place, value);
  for (const name of Object.keys(rest)) throw new TypeError(`there is no ${place}.${name}`);
  const rule: SandboxRule = { fault: checkFault(`${place}.fault`, fault) };
  if (endpoint !== undefined) rule.endpoint = oneOf(endpoints, `${place}.endpoint`, endpoint);
  if (pageNum !== undefined) rule.pageNum = count(`${place}.pageNum`, pageNum);
  if (nth !== undefined) rule.nth = count(`${place}.nth`, nth);
  return rule;
}

function object(place: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError(`${place} must be an object`);
}

function oneOf<Name extends string>(
  names: Record<Name, true>,
  place: string,
  value: unknown,
): Name {
  if (typeof value === "string" && Object.prototype.hasOwnProperty.call(names, value))
    return value as Name;
  const found = typeof value === "string" ? `"${value}"` : typeof value;
  throw new TypeError(`${place} has ${found}; there are ${Object.keys(names).join(", ")}`);
}

function count(place: string, value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`${place} must be a number`);
  if (Number.isInteger(value) && value >= 1 && value <= mostRequests) return value;
  throw new RangeError(`${place} must be a whole number from 1`);
}
