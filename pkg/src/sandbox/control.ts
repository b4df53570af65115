// Control of a sandbox by the page in front of it: requests to `…/sandbox/control`, and the header that chooses the fault of
// a request. Only with the option `control`. Not here: what a restart does (sandbox.ts).
import { checkRule, type SandboxFault, type SandboxRule } from "./faults.js";
import { sandboxEndpoints } from "./generated/faults.js";
import type { SandboxOptions } from "./options.js";

/**
 * What `GET …/sandbox/control` answers, as JSON. A `POST` of some of `seed`, `scenario`, `callsPerTask`, `now` and `live`
 * begins a new sandbox with these changes, and answers the same; a wrong value gets 400 and `{ error }`.
 */
export interface SandboxState {
  /** The seed. */
  seed: number;
  /** The scenario; `null`: none. */
  scenario: SandboxOptions["scenario"] | null;
  /** Numbers per task; `null`: different for each task, or a scenario. */
  callsPerTask: number | null;
  /** The virtual clock, epoch milliseconds. */
  now: number;
  /** Whether the clock runs. */
  live: boolean;
  /** Each fault, and whether it fails a request; the others change an answer. */
  faults: Readonly<Record<SandboxFault, boolean>>;
}

/** What a page may change. @internal */
export type Change = Pick<SandboxOptions, "seed" | "scenario" | "callsPerTask" | "now" | "live">;

const names = ["seed", "scenario", "callsPerTask", "now", "live"] as const;

/** Whether a request is one of control. @internal */
export const isControl = (url: string): boolean =>
  new URL(url).pathname.endsWith("/sandbox/control");

/** Answers a request of control. @internal */
export function answerControl(
  request: Request,
  body: Uint8Array<ArrayBuffer>,
  state: () => SandboxState,
  restart: (change: Change) => void,
): Response {
  const { method, headers, url } = request;
  const origin = headers.get("origin");
  // A page of another origin, whose answer the browser would hide and whose change it would send all the same.
  if (origin !== null && !(URL.canParse(origin) && new URL(origin).host === new URL(url).host)) {
    return refusal(403, "the sandbox is controlled by pages of its own origin");
  }
  if (method === "GET") return json(200, state());
  if (method !== "POST") return refusal(405, "GET or POST");
  // Other types are sent across origins without a question.
  if (!/^application\/json\b/i.test(headers.get("content-type") ?? "")) {
    return refusal(415, "the content type is application/json");
  }
  try {
    restart(changeOf(JSON.parse(new TextDecoder().decode(body))));
  } catch (error) {
    return refusal(400, error instanceof Error ? error.message : String(error));
  }
  return json(200, state());
}

function changeOf(value: unknown): Change {
  if (typeof value !== "object" || value === null)
    throw new TypeError("the body must be an object");
  const change: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(value)) {
    if (!names.some((known) => known === name)) {
      throw new TypeError(`there is no ${name}; there are ${names.join(", ")}`);
    }
    // JSON has no dates, and no way to say that there is no scenario any more but null.
    change[name] = name === "now" ? new Date(wanted as number) : (wanted ?? undefined);
  }
  return change;
}

/** The rule of a request that chooses its fault, or the refusal of an unknown one. @internal */
export function faultOf({ headers, url }: Request): SandboxRule | Response | null {
  const fault = headers.get("x-sandbox-fault");
  const endpoint = Object.keys(sandboxEndpoints).find((name) =>
    new URL(url).pathname.endsWith(`/${name}`),
  );
  if (fault === null || endpoint === undefined) return null;
  try {
    return checkRule("x-sandbox-fault", { fault, endpoint, nth: 1 });
  } catch (error) {
    return refusal(400, error instanceof Error ? error.message : String(error));
  }
}

const json = (status: number, value: unknown) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });

const refusal = (status: number, error: string) => json(status, { error });
