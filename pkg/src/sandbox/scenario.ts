// Scenarios: their parts, what is hidden in them, and the check of the option. Not here: what the parts change
// (sandbox/src/scenario).

/**
 * A company's history to look at, with what is out of the ordinary in it. Where a part happens (which line, task,
 * script, round, since when) is drawn from the seed; {@link Sandbox.truth} says it.
 *
 * ```ts
 * const sandbox = await createSandbox({ scenario: { days: 20, flaggedLine: true, stopped: true } });
 * console.log(sandbox.truth[0]?.flaggedLine?.callerPhone);
 * ```
 */
export interface SandboxScenario {
  /**
   * What is added to: `"quiet"`, nothing; `"campaign"`, the parts of the scenario of this name, of which `false`
   * removes one. Default `"quiet"`.
   */
  base?: "quiet" | "campaign" | undefined;
  /** Days of history before the current one, from 1 to 120. Default 10, in `"campaign"` 28. */
  days?: number | undefined;
  /** Calls of an average day, from 100. In all days and companies there are at most 1,000,000. Default 2500. */
  callsPerDay?: number | undefined;
  /**
   * Tasks that do not simply complete within their day: one that has run for up to three weeks, one paused by hand, terminated and
   * deleted ones, breaks of an hour.
   */
  unfinished?: boolean | undefined;
  /** Since the start of a day, one line is answered less, and more calls are rejected or intercepted. */
  flaggedLine?:
    | boolean
    | {
        /** How many days ago. Default from 1 to 3. */
        daysAgo?: number | undefined;
        /** The share of its usual answer rate, from 0 to 1. Default 0.5. */
        answers?: number | undefined;
      }
    | undefined;
  /** A task of yesterday with a bad list. */
  badList?:
    | boolean
    | {
        /** The share of invalid numbers, from 0 to 1. Default 0.18; usual are 0.04. */
        invalid?: number | undefined;
      }
    | undefined;
  /** A task of yesterday with 9 % of its numbers on black lists. */
  blockedList?: boolean | undefined;
  /** In the last hours of dialling, many calls find no line. */
  callLoss?: boolean | undefined;
  /** A script whose customers hang up after a round. */
  losesAtRound?:
    | boolean
    | {
        /** The round, from 1 to 4. Default from 2 to 4. */
        round?: number | undefined;
        /** The additional probability of its end, from 0 to 1. Default 0.55. */
        hazard?: number | undefined;
      }
    | undefined;
  /** A script whose customers hang up after the first round more often, since yesterday. */
  earlyHangUps?: boolean | undefined;
  /** A script whose customers often ask a question that it cannot answer. */
  unanswered?: boolean | undefined;
  /** A task that the system has stopped: status 5, 8, 9 or 10. */
  stopped?: boolean | undefined;
  /** A running task with numbers left that has not dialled for half an hour or more. */
  silent?: boolean | undefined;
  /** A task since yesterday that dials from 08:00 to 21:30; all others dial between 09:00 and 20:00. */
  afterHours?: boolean | undefined;
  /** Some numbers that stand in the lists about five times a day. */
  repeats?: boolean | undefined;
}

/**
 * What is hidden in a company of a scenario, for tests to compare with; `null` for a part that is absent. Dates and
 * times are texts in Shanghai time.
 */
export interface SandboxTruth {
  /** The company. */
  companyId: number;
  /** Date of the first calls. */
  from: string;
  /** The hour of the day, 0 to 23, with the best answer rate. */
  bestHour: number;
  /** The line that is answered less. */
  flaggedLine: {
    /** The line. */
    callerPhone: string;
    /** The first date. */
    since: string;
  } | null;
  /** The task with many invalid numbers. */
  badList: {
    /** The task. */
    callJobId: number;
  } | null;
  /** The task with many numbers on black lists. */
  blockedList: {
    /** The task. */
    callJobId: number;
  } | null;
  /** The hours in which many calls find no line. */
  callLoss: {
    /** The first time of dialling. */
    since: string;
    /** The last one. */
    until: string;
  } | null;
  /** The script that loses its customers. */
  losesAtRound: {
    /** The script. */
    sceneDefId: number;
    /** The round after which they hang up. */
    round: number;
  } | null;
  /** The script with more calls of one round. */
  earlyHangUps: {
    /** The script. */
    sceneDefId: number;
    /** The first date. */
    since: string;
  } | null;
  /** The script with a question that it cannot answer. */
  unanswered: {
    /** The script. */
    sceneDefId: number;
    /** The customer's words. */
    question: string;
  } | null;
  /** The task that the system has stopped. */
  stopped: {
    /** The task. */
    callJobId: number;
    /** Its status: 5, 8, 9 or 10. */
    status: number;
    /** The time since which it makes no call. */
    since: string;
  } | null;
  /** The running task that does not dial. */
  silent: {
    /** The task. */
    callJobId: number;
    /** The time since which it makes no call. */
    since: string;
  } | null;
  /** The task that dials early and late. */
  afterHours: {
    /** The task. */
    callJobId: number;
  } | null;
  /** The numbers that are called again and again. */
  repeats: {
    /** The numbers. */
    telephones: string[];
  } | null;
}

type Part = Exclude<keyof SandboxScenario, "base">;

/** The parts of each name. */
const bases: Record<NonNullable<SandboxScenario["base"]>, SandboxScenario> = {
  quiet: {},
  campaign: {
    days: 28,
    unfinished: true,
    flaggedLine: true,
    badList: true,
    losesAtRound: true,
    unanswered: true,
    stopped: true,
  },
};

type Kind = "whole" | "share" | "switch";

/** Each part, by what it is; a switch with settings has a record of them. */
const parts: Record<Part, Kind | Readonly<Record<string, Kind>>> = {
  days: "whole",
  callsPerDay: "whole",
  unfinished: "switch",
  flaggedLine: { daysAgo: "whole", answers: "share" },
  badList: { invalid: "share" },
  blockedList: "switch",
  callLoss: "switch",
  losesAtRound: { round: "whole", hazard: "share" },
  earlyHangUps: "switch",
  unanswered: "switch",
  stopped: "switch",
  silent: "switch",
  afterHours: "switch",
  repeats: "switch",
};

/** Checks a scenario and gives it the form that the core takes; the core checks the ranges. */
export function checkScenario(path: string, value: unknown): object {
  const { base = "quiet", ...given } =
    typeof value === "string" ? { base: value } : object(path, value);
  const usual = Object.entries(bases).find(([name]) => name === base)?.[1];
  if (usual === undefined) throw new TypeError(`${path} must be "quiet", "campaign" or an object`);
  const merged = { ...usual, ...defined(given) };
  return record(path, merged, parts, (at, part, kind) => {
    if (typeof kind === "string") return checkKind(at, part, kind);
    if (typeof part === "boolean") return part ? {} : undefined;
    return record(at, defined(object(at, part)), kind, checkKind);
  });
}

/** A copy of an object, each value checked by its kind. */
function record<K>(
  path: string,
  values: Record<string, unknown>,
  kinds: Readonly<Record<string, K>>,
  check: (path: string, value: unknown, kind: K) => unknown,
): Record<string, unknown> {
  const checked = Object.entries(values).map(([name, value]) => {
    const kind = Object.entries(kinds).find(([known]) => known === name)?.[1];
    if (kind === undefined) throw new TypeError(`there is no ${path}.${name}`);
    return [name, check(`${path}.${name}`, value, kind)];
  });
  return Object.fromEntries(checked) as Record<string, unknown>;
}

function checkKind(path: string, value: unknown, kind: Kind): unknown {
  if (kind === "switch") {
    if (typeof value === "boolean") return value;
    throw new TypeError(`${path} must be true or false`);
  }
  if (typeof value !== "number") throw new TypeError(`${path} must be a number`);
  // The core has 32-bit integers and checks the smaller ranges.
  const inRange = kind === "share" ? value <= 1 : Number.isInteger(value) && value < 2 ** 32;
  if (value >= 0 && inRange) return value;
  throw new RangeError(
    `${path} must be a ${kind === "share" ? "number from 0 to 1" : "whole number"}`,
  );
}

const defined = (values: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function object(path: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new TypeError(`${path} must be an object`);
}
