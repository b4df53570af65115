// A line beside the other lines on the same tasks and days. Not here: when it becomes an alert (lines.ts).
import { type AlertThresholds, checkThresholds } from "./thresholds.js";
import type { CallSet } from "../table/call-set.js";
import { type Rate, rateDifference } from "../table/intervals.js";
import { reading } from "../wasm/errors.js";

/** A line beside the other lines on the same tasks and days. Rates are fractions from 0 to 1. */
export interface LineComparison {
  /** The line, `callerPhone` of its calls. */
  readonly callerPhone: string;
  /** Answered calls of `whole`. */
  readonly part: number;
  /** Calls of the line on tasks and days on which other lines call, too. */
  readonly whole: number;
  /** `part` of `whole`. */
  readonly rate: number;
  /** The answer rate of the other lines on these tasks and days, weighted as the calls of the line. */
  readonly expected: number;
  /** Calls of the other lines. */
  readonly peers: number;
  /** The upper end of the interval of `rate` − `expected`. */
  readonly high: number;
  /** Whether that is what `flaggedLine` calls conspicuous; `null` if it is not, or if the calls are too few. */
  readonly level: "warning" | "critical" | null;
}

/**
 * Every line of a set of calls beside the other lines on the same tasks and days, by the rule `flaggedLine` and its
 * thresholds; in the order of the first calls. Lines without others on their tasks are left out. It says what the calls
 * say, nothing that a carrier has said; a redialled number counts at its last call only.
 *
 * ```ts
 * import { compareLines } from "byrobot-calls/alerts";
 *
 * using week = table.where({ startTime: { from: Date.now() - 7 * 86_400_000 } });
 * for (const { callerPhone, rate, expected, level } of compareLines(week)) {
 *   if (level) console.log(callerPhone, rate, expected);
 * }
 * ```
 * @param thresholds Thresholds that differ from `defaultThresholds`.
 * @throws {ByrobotError} `invalid_argument` for a wrong threshold.
 */
export function compareLines(
  calls: CallSet,
  thresholds?: Partial<AlertThresholds>,
): LineComparison[] {
  const checked = checkThresholds(thresholds);
  const cells: Cells<string> = new Map();
  const lines = new Set<string>();
  const groups = reading("calls", "a table or a view", () => {
    return [...calls.groupBy(["callJobId", "date", "callerPhone"])];
  });
  for (const { key, calls: whole, answered } of groups) {
    const [task, date, line] = key;
    if (line === null) continue;
    add(cells, `${task} ${date}`, line, whole, answered);
    lines.add(line);
  }
  return [...lines].flatMap((callerPhone) => {
    const found = besidePeers(cells, callerPhone, checked);
    if (found === null) return [];
    const level = found.whole < checked.fewestCalls ? null : flaggedLevel(found, checked);
    return [{ callerPhone, ...found, level }];
  });
}

/** Answered calls by stratum, such as a task, and line. @internal */
export type Cells<Stratum> = Map<Stratum, Map<string, Rate>>;

/** Counts calls of a line in a stratum. @internal */
export function add<Stratum>(
  cells: Cells<Stratum>,
  stratum: Stratum,
  line: string,
  calls: number,
  answered: number,
): void {
  const lines = cells.get(stratum) ?? new Map<string, Rate>();
  const { part, whole } = lines.get(line) ?? { part: 0, whole: 0 };
  cells.set(stratum, lines.set(line, { part: part + answered, whole: whole + calls }));
}

/** A line beside the others in the same strata; `null` without others. @internal */
export function besidePeers<Stratum>(
  cells: Cells<Stratum>,
  line: string,
  { level }: AlertThresholds,
) {
  let [part, whole, peers, expected] = [0, 0, 0, 0];
  for (const lines of cells.values()) {
    const own = lines.get(line);
    if (own === undefined || lines.size === 1) continue;
    const others = { part: -own.part, whole: -own.whole };
    for (const other of lines.values()) {
      others.part += other.part;
      others.whole += other.whole;
    }
    part += own.part;
    whole += own.whole;
    peers += others.whole;
    expected += (own.whole * others.part) / others.whole;
  }
  if (whole === 0) return null;
  const usual = { part: (expected / whole) * peers, whole: peers };
  const high = rateDifference({ part, whole }, usual, level)!.interval[1];
  return { part, whole, rate: part / whole, expected: expected / whole, peers, high };
}

/** The level of what the rule `flaggedLine` finds. @internal */
export function flaggedLevel(
  { rate, expected, high }: { rate: number; expected: number; high: number },
  { flaggedRate, flaggedRateCritical }: AlertThresholds,
): "warning" | "critical" | null {
  if (rate > flaggedRate * expected || high >= 0) return null;
  return rate <= flaggedRateCritical * expected ? "critical" : "warning";
}
