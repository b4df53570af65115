// The endpoints that a page may call through the proxy; all of them only read. Checks each parameter by the schema
// (src/schema/endpoints.rs) and builds a new request of the known parameters, so that nothing else can pass.
import { endpoints, type Parameter, path as vendorPath } from "../generated/parameters.js";

/** A refusal: an answer with the vendor's envelope and an HTTP status. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

type Read = (value: unknown) => unknown;

const integer = (value: unknown, least: number, most: number): number | undefined => {
  const number = typeof value === "string" && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  const isOne =
    Number.isInteger(number) && least <= (number as number) && (number as number) <= most;
  return isOne ? (number as number) : undefined;
};

const text: Read = (value) =>
  typeof value === "string" && value.length <= 200 ? value : undefined;

const flag: Read = (value) =>
  value === true || value === "true"
    ? true
    : value === false || value === "false"
      ? false
      : undefined;

const day: Read = (value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;

const namedValues: Read = (value) => {
  if (!Array.isArray(value) || value.length > 50) return undefined;
  const read = value.map((item: unknown) => {
    const { name, value, ...more } = (item ?? {}) as Record<string, unknown>;
    const known = text(name) !== undefined && text(value) !== undefined;
    return known && Object.keys(more).length === 0 ? { name, value } : undefined;
  });
  return read.includes(undefined) ? undefined : read;
};

const readers: Record<Extract<Parameter, string>, Read> = { text, day, flag, namedValues };

const read = (parameter: Parameter, value: unknown) =>
  typeof parameter === "string" ? readers[parameter](value) : integer(value, ...parameter);

const wanted = (parameter: Parameter) =>
  typeof parameter === "string" ? "" : `: an integer from ${parameter[0]} to ${parameter[1]}`;

/** The meaning of a path. */
export type Route =
  | { kind: "endpoint"; name: string; method: string }
  | { kind: "recording"; token: string }
  | { kind: "health" };

const route = new RegExp(
  `^((?:/[^/]+)*?)/(?:${vendorPath.slice(1)}(\\w+)|recordings/([\\w-]+)(?:\\.\\w{1,5})?|(health))$`,
);

/** Reads the end of a path; `mount` is the part before it, so the proxy can be mounted at any path. */
export function routeOf(pathname: string): { route: Route; mount: string } | undefined {
  const found = pathname.match(route);
  if (!found) return undefined;
  const [, mount = "", name, token, health] = found;
  if (token !== undefined) return { route: { kind: "recording", token }, mount };
  if (health !== undefined) return { route: { kind: "health" }, mount };
  const endpoint = Object.prototype.hasOwnProperty.call(endpoints, name!)
    ? endpoints[name!]
    : undefined;
  if (!endpoint) return undefined;
  return { route: { kind: "endpoint", name: name!, method: endpoint.method }, mount };
}

/** A checked request for the vendor. */
export interface VendorRequest {
  /** The vendor's name of the endpoint. */
  name: string;
  /** The checked parameters. */
  parameters: Record<string, unknown>;
  /** The parameters that are ids, and the kind of each. */
  ids: { company?: string; task?: string; call?: string };
  /** Path with query. */
  path: string;
  /** The body of a `POST`. */
  body?: string;
}

/**
 * Reads and checks a page's request.
 *
 * @throws Refusal with 400 for a parameter that is unknown, wrong or missing.
 */
export function pageRequest(
  name: string,
  query: URLSearchParams,
  body: string | undefined,
): VendorRequest {
  const { method, fields, required } = endpoints[name]!;
  const given = method === "GET" ? fromQuery(query) : fromBody(query, body);
  const asked: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(given)) {
    const parameter = Object.prototype.hasOwnProperty.call(fields, field)
      ? fields[field]
      : undefined;
    if (parameter === undefined) {
      const known = Object.keys(fields).join(", ");
      throw new Refusal(400, `${name} has no such parameter; there are ${known}`);
    }
    // An empty value of a form counts as absent.
    if (value === null || value === "") continue;
    asked[field] = read(parameter, value);
    if (asked[field] === undefined) {
      throw new Refusal(400, `${field} is not what ${name} takes${wanted(parameter)}`);
    }
  }
  for (const field of required) {
    if (asked[field] === undefined) throw new Refusal(400, `${name} needs ${field}`);
  }
  return vendorRequest(name, asked);
}

/** The vendor's request with these parameters. */
export function vendorRequest(name: string, parameters: Record<string, unknown>): VendorRequest {
  const { method, ids } = endpoints[name]!;
  // Hooks receive this object.
  Object.freeze(parameters);
  const path = vendorPath + name;
  if (method === "POST") return { name, parameters, ids, path, body: JSON.stringify(parameters) };
  const pairs = Object.entries(parameters).map(([field, value]) => [field, String(value)]);
  return { name, parameters, ids, path: `${path}?${new URLSearchParams(pairs).toString()}` };
}

function fromQuery(query: URLSearchParams): Record<string, unknown> {
  const given: Record<string, unknown> = Object.create(null);
  for (const [field, value] of query) {
    if (field in given) throw new Refusal(400, "a parameter is given twice");
    given[field] = value;
  }
  return given;
}

function fromBody(query: URLSearchParams, body: string | undefined): Record<string, unknown> {
  if (query.size > 0) throw new Refusal(400, "parameters belong into the body here");
  let given: unknown;
  try {
    given = JSON.parse(body ?? "");
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new Refusal(400, "the body is not an object");
  }
  return given as Record<string, unknown>;
}
