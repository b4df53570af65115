// Rules of faults, and the check of the options that name faults. Not here: the faults (generated/faults.ts), when a
// fault applies and its response (sandbox/src/fault.rs, sandbox/src/fault_response.rs, sandbox/src/wire_variants.rs).
import {
  sandboxEndpoints,
  sandboxFaults,
  type SandboxEndpoint,
  type SandboxFault,
} from "./generated/faults.js";

export type { SandboxEndpoint, SandboxFault } from "./generated/faults.js";

/**
 * Applies a fault to certain requests. The third request of page 2 times out:
 * `{ fault: "timeout", endpoint: "queryDoneTaskPhones", pageNum: 2, nth: 3 }`.
 */
export interface SandboxRule {
  /** The fault that applies. */
  fault: SandboxFault;
  /** Only requests of this endpoint. Default: every endpoint. */
  endpoint?: SandboxEndpoint | undefined;
  /** Only requests of this page, from 1. A request without `pageNum` is a request of page 1. Default: every page. */
  pageNum?: number | undefined;
  /** Only the n-th matching request, from 1. Default: every matching request. */
  nth?: number | undefined;
}

/** Greatest count: the core has 32 bits. */
const maxCount = 2 ** 32 - 1;

/** Checks the name of a fault; `path` names the value in errors. */
export function checkFault(path: string, value: unknown): SandboxFault {
  return oneOf(sandboxFaults, path, value);
}

/** Checks the names and types of probabilities; the core checks their range. */
export function checkFaults(path: string, value: unknown): Partial<Record<SandboxFault, number>> {
  const checked: Partial<Record<SandboxFault, number>> = {};
  for (const [name, probability] of Object.entries(object(path, value))) {
    const fault = checkFault(path, name);
    if (probability === undefined) continue;
    if (typeof probability !== "number") throw new TypeError(`${path}.${name} must be a number`);
    // The core gets JSON, which has null in place of such numbers.
    if (!Number.isFinite(probability)) {
      throw new RangeError(`${path}.${name} must be from 0 to 1`);
    }
    checked[fault] = probability;
  }
  return checked;
}

/** Checks each rule with `checkRule`. */
export function checkScript(path: string, value: unknown): SandboxRule[] {
  if (!Array.isArray(value)) throw new TypeError(`${path} must be an array of rules`);
  return Array.from(value, (rule: unknown, at) => checkRule(`${path}[${at}]`, rule));
}

/** Checks a rule and returns a copy, so a later change by the caller does not reach the core. */
export function checkRule(path: string, value: unknown): SandboxRule {
  const { fault, endpoint, pageNum, nth, ...rest } = object(path, value);
  for (const name of Object.keys(rest)) throw new TypeError(`there is no ${path}.${name}`);
  const rule: SandboxRule = { fault: checkFault(`${path}.fault`, fault) };
  if (endpoint !== undefined) rule.endpoint = oneOf(sandboxEndpoints, `${path}.endpoint`, endpoint);
  if (pageNum !== undefined) rule.pageNum = count(`${path}.pageNum`, pageNum);
  if (nth !== undefined) rule.nth = count(`${path}.nth`, nth);
  return rule;
}

function object(path: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError(`${path} must be an object`);
}

function oneOf<Name extends string>(
  names: Record<Name, unknown>,
  path: string,
  value: unknown,
): Name {
  if (typeof value === "string" && Object.prototype.hasOwnProperty.call(names, value))
    return value as Name;
  const found = typeof value === "string" ? `"${value}"` : typeof value;
  throw new TypeError(`${path} has ${found}; there are ${Object.keys(names).join(", ")}`);
}

function count(path: string, value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`${path} must be a number`);
  if (Number.isInteger(value) && value >= 1 && value <= maxCount) return value;
  throw new RangeError(`${path} must be a whole number from 1`);
}
