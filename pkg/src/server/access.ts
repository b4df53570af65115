// Reads the result of `authorize`. Everything except the named results is a refusal.
import { discard } from "./body.js";
import { Refusal } from "./endpoints.js";
import type { Tenant } from "./options.js";

/** The companies that a caller may see, and the caller's key for the limits. */
export interface Admission {
  /** Absent for a user who may see all companies. */
  tenant: Tenant | undefined;
  /** Requests take turns by this key: requests with the same key share one turn. */
  limitKey: string | undefined;
}

const known = ["allow", "tenant", "limitKey"];

/** The refusal for a `Response` of any realm or library; `undefined` for every other value. */
export function refusalIn(said: unknown, otherwise: () => Refusal): Refusal | undefined {
  if (Object.prototype.toString.call(said) !== "[object Response]") return undefined;
  const { status } = said as Response;
  discard(said as Response);
  // A status of success or of a redirect does not let the request pass either.
  if (status < 400 || status > 599) return otherwise();
  return new Refusal(status, "your server refuses this request");
}

/** The refusal of a request that is not authorized. */
export const denied = (): Refusal =>
  new Refusal(401, "not signed in, or not allowed to see these calls");

/**
 * Reads the result of `authorize`.
 *
 * @throws Refusal if the request is not authorized; TypeError for a value that is not one of the named results.
 */
export function accessOf(said: unknown): Admission {
  if (said === true) return { tenant: undefined, limitKey: undefined };
  const refusal = refusalIn(said, denied);
  if (refusal) throw refusal;
  const { allow, limitKey, ...rest } = Object(said) as Record<string, unknown>;
  if (allow !== true) throw denied();
  for (const name of Object.keys(said as object)) {
    if (!known.includes(name)) {
      throw new TypeError(`authorize: there is no ${name}; there are ${known.join(", ")}`);
    }
  }
  // An undefined tenant is a mistake. It must not open all companies.
  const tenant = "tenant" in rest ? tenantOf(rest["tenant"]) : undefined;
  if (limitKey !== undefined && (typeof limitKey !== "string" || limitKey === "")) {
    throw new TypeError("authorize: limitKey has to be a text that is not empty");
  }
  return { tenant, limitKey };
}

function tenantOf(given: unknown): Tenant {
  const { companyIds, ...more } = Object(given) as { companyIds?: unknown };
  const isId = (id: unknown) => Number.isSafeInteger(id) && (id as number) >= 0;
  // An array may claim any length.
  const isList = Array.isArray(companyIds) && companyIds.length <= 100_000;
  if (!isList || !companyIds.every(isId) || Object.keys(more).length > 0) {
    throw new TypeError("authorize: tenant has to be { companyIds }, a list of numbers");
  }
  return { companyIds: [...(companyIds as number[])] };
}
