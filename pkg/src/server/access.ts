// Reads what `authorize` answers. Everything but its named results is a refusal.
import { Refusal } from "./endpoints.js";
import type { Tenant } from "./options.js";

/** What a caller may see, and whose turn it takes. */
export interface Admission {
  /** Nothing for a user who may see all companies. */
  tenant: Tenant | undefined;
  /** Requests with the same key take turns with those of others. */
  limitKey: string | undefined;
}

const known = ["allow", "tenant", "limitKey"];

/** The refusal that a `Response`, of whatever making, stands for; nothing, if it is something else. */
export function refusalIn(said: unknown, otherwise: () => Refusal): Refusal | undefined {
  if (Object.prototype.toString.call(said) !== "[object Response]") return undefined;
  const { status, body } = said as Response;
  void body?.cancel().catch(() => {});
  // One that succeeds or redirects is no leave either.
  if (status < 400 || status > 599) return otherwise();
  return new Refusal(status, "your server refuses this request");
}

/** The refusal of a request that nobody has let in. */
export const denied = (): Refusal =>
  new Refusal(401, "not signed in, or not allowed to see these calls");

/**
 * What `authorize` has said.
 *
 * @throws Refusal where it lets nobody in; TypeError for what is none of its results.
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
  // A tenant that is undefined is a mistake: it must not open all companies.
  const tenant = "tenant" in rest ? tenantOf(rest["tenant"]) : undefined;
  if (limitKey !== undefined && (typeof limitKey !== "string" || limitKey === "")) {
    throw new TypeError("authorize: limitKey has to be a text that is not empty");
  }
  return { tenant, limitKey };
}

function tenantOf(given: unknown): Tenant {
  const { companyIds, ...more } = Object(given) as { companyIds?: unknown };
  const isId = (id: unknown) => Number.isSafeInteger(id) && (id as number) >= 0;
  if (!Array.isArray(companyIds) || !companyIds.every(isId) || Object.keys(more).length > 0) {
    throw new TypeError("authorize: tenant has to be { companyIds }, a list of numbers");
  }
  return { companyIds: [...(companyIds as number[])] };
}
