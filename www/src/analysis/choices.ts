// What a person has chosen on the charts: in the URL, as filters, as chips. Not here: the charts (specs.ts).
import { FinishStatus, type CallFilter, type IntentLevel } from "byrobot-calls/streaming";
import { runs } from "../format/runs";
import { dateOf, instantOf, timeOf } from "../format/shanghai";
import { type Axes, durationEdges, LAST_ROUND, timeUnits } from "./specs";

/** The choices by chart. Absent: nothing is chosen. */
export interface Choices {
  /** Codes; null: calls without one. */
  outcomes?: readonly (number | null)[];
  /** Positions in the heat map, 0–167. */
  hours?: readonly number[];
  /** Bars of the duration, by their position. */
  durations?: readonly number[];
  /** Rounds 1–15; 15: and more. */
  rounds?: readonly number[];
  intent?: readonly (IntentLevel | null)[];
  /** The values of the result; null: calls without it. */
  result?: readonly (string | null)[];
  /** First instants of days, or of quarters of an hour. */
  times?: readonly (number | null)[];
  /** A step of the funnel, by its position. */
  funnel?: number;
}

export type ChoiceName = keyof Choices;

/** How a choice stands in the URL: its key, its text, and the way back. A text that is wrong reads as no choice. */
interface Written<T> {
  key: string;
  write(choice: T): string;
  read(text: string): T | null;
}

const list = <T>(key: string, one: (text: string) => T | undefined, write: (item: T) => string): Written<readonly T[]> => ({
  key,
  write: (choice) => choice.map(write).join(","),
  read(text) {
    const items = text.split(",").map(one);
    return items.length > 0 && items.every((item) => item !== undefined) ? (items as T[]) : null;
  },
}); // prettier-ignore

const whole = (least: number, greatest: number) => (text: string) =>
  /^\d{1,4}$/.test(text) && Number(text) >= least && Number(text) <= greatest
    ? Number(text)
    : undefined;
const orNone =
  <T>(read: (text: string) => T | undefined) =>
  (text: string): T | null | undefined =>
    text === "-" ? null : read(text);
const noneOr = <T>(item: T | null) => (item === null ? "-" : String(item));
/** "2024-03-15" or "2024-03-15T09:15". */
function instant(text: string): number | undefined {
  const [date = "", time = "00:00"] = text.split("T");
  const day = instantOf(date);
  const [hours, minutes] = time.split(":").map(Number);
  if (day === null || !/^([01]\d|2[0-3]):(00|15|30|45)$/.test(time)) return undefined;
  return day + (hours! * 60 + minutes!) * 60_000;
}
const instantText = (ms: number) =>
  timeOf(ms) === "00:00" ? dateOf(ms) : `${dateOf(ms)}T${timeOf(ms)}`;

/** Positions as ranges: 9, 10, 11, 33 is "9~11,33". */
const ranges = (key: string, count: number): Written<readonly number[]> => ({
  key,
  write: (choice) =>
    runs(choice)
      .map(([from, to]) => (from === to ? from : `${from}~${to}`))
      .join(","),
  read(text) {
    const all: number[] = [];
    for (const part of text.split(",")) {
      const [from, to = from] = part.split("~").map((end) => whole(0, count - 1)(end));
      if (from === undefined || to === undefined) return null;
      for (let at = from; at <= to; at += 1) all.push(at);
    }
    return all.length > 0 ? all : null;
  },
});

const written: { [Name in ChoiceName]-?: Written<NonNullable<Choices[Name]>> } = {
  outcomes: list("o", orNone(whole(0, 9999)), noneOr),
  hours: ranges("h", 168),
  durations: ranges("d", durationEdges.length - 1),
  rounds: ranges("r", LAST_ROUND + 1),
  intent: list(
    "i",
    orNone((text) => (/^[A-F]$/.test(text) ? (text as IntentLevel) : undefined)),
    noneOr,
  ),
  result: list(
    "v",
    (text) => (text === "-" ? null : decodeURIComponent(text)),
    (item) => (item === null ? "-" : encodeURIComponent(item)),
  ),
  times: list("t", orNone(instant), (item) => (item === null ? "-" : instantText(item))),
  funnel: {
    key: "f",
    write: String,
    read: (text) => whole(1, funnelSteps.length - 1)(text) ?? null,
  },
};

export const choiceNames = Object.keys(written) as ChoiceName[];

/** The choices of a URL's query. */
export function readChoices(query: Record<string, unknown>): Choices {
  const choices: Record<string, unknown> = {};
  for (const name of choiceNames) {
    const text = query[written[name].key];
    if (typeof text !== "string" || text === "") continue;
    try {
      const choice = written[name].read(text);
      if (choice !== null) choices[name] = choice;
    } catch {
      // A text with a broken escape reads as no choice.
    }
  }
  return choices;
}

/** The query of choices; undefined removes a key. */
export function writeChoices(choices: Choices): Record<string, string | undefined> {
  return Object.fromEntries(
    choiceNames.map((name) => {
      const choice = choices[name];
      const write = written[name].write as (choice: unknown) => string;
      return [written[name].key, choice === undefined ? undefined : write(choice)];
    }),
  );
}

/** The statuses of numbers that cannot be reached: 空号, 关机, 停机, 天盾拦截. */
const unusable = [
  FinishStatus.InvalidNumber,
  FinishStatus.PoweredOff,
  FinishStatus.Suspended,
  FinishStatus.ComplianceBlocked,
];

const answered = FinishStatus.Answered;
/** The steps from a called number to a lead; each is part of the one before. */
export const funnelSteps = [
  { name: "dialled", filter: {} },
  { name: "valid", filter: { not: { finishStatus: unusable } } },
  { name: "answered", filter: { finishStatus: answered } },
  { name: "tenSeconds", filter: { finishStatus: answered, duration: { min: 10 } } },
  {
    name: "engaged",
    filter: { finishStatus: answered, duration: { min: 10 }, chatRound: { min: 4 } },
  },
  {
    name: "leads",
    filter: {
      finishStatus: answered,
      duration: { min: 10 },
      chatRound: { min: 4 },
      intentLevel: ["A", "B"],
    },
  },
] as const satisfies readonly { name: string; filter: CallFilter }[];

/** Bounds of bars of the duration; a row of neighbours is one range. */
const durationBounds = (bars: readonly number[]) =>
  bars.map((bar) => ({ min: durationEdges[bar]!, ...(bar < durationEdges.length - 2 ? { below: durationEdges[bar + 1]! } : {}) })); // prettier-ignore

/** The filter of a choice, for the calls that the chosen bars count. */
export function filterOf(name: ChoiceName, choices: Choices, axes: Axes): CallFilter | null {
  const choice = choices[name];
  if (choice === undefined) return null;
  switch (name) {
    case "outcomes":
      return { finishStatus: choices.outcomes as readonly FinishStatus[] };
    case "hours":
      return hoursFilter(choices.hours!);
    case "durations":
      return { finishStatus: answered, duration: durationBounds(choices.durations!) };
    case "rounds":
      return {
        finishStatus: answered,
        chatRound: choices.rounds!.map((round) => (round >= LAST_ROUND ? { min: round } : round)),
      };
    case "intent":
      return { finishStatus: answered, intentLevel: choices.intent! };
    case "result":
      return { results: [{ name: axes.result, values: choices.result! }] };
    case "times": {
      const length = timeUnits[axes.unit];
      return {
        startTime: choices.times!.map((from) =>
          from === null ? null : { from, to: from + length },
        ),
      };
    }
    case "funnel":
      return funnelSteps[choices.funnel!]!.filter;
  }
}

function hoursFilter(cells: readonly number[]): CallFilter {
  const days = Array.from({ length: 7 }, (_, day) => ({
    weekday: day + 1,
    hourOfDay: cells.filter((cell) => Math.floor(cell / 24) === day).map((cell) => cell % 24),
  }));
  return { anyOf: days.filter(({ hourOfDay }) => hourOfDay.length > 0) };
}
