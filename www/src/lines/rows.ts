// The lines of the company in a period: how often each is answered, what is expected of it, and what may be the cause.
import { FinishStatus, rateInterval, type CallFilter, type CallSet } from "byrobot-calls/streaming";
import { compareLines, type LineComparison } from "byrobot-calls/alerts";
import { sum } from "d3-array";
import { dailyRates } from "../company/dailyRates";
import { FEW } from "../format/rates";

/** A share of a line, and that of all other lines. */
export interface LineShare {
  readonly part: number;
  readonly whole: number;
  readonly others: number | null;
}
export type ShareName = "rejected" | "intercepted" | "short";
export const shareNames = ["rejected", "intercepted", "short"] as const;

export interface LineRow {
  readonly callerPhone: string;
  readonly calls: number;
  readonly answered: number;
  /** Wilson's interval of the answer rate. */
  readonly interval: readonly [number, number];
  /** Beside the other lines on the same tasks and days; null without such lines. */
  readonly peers: LineComparison | null;
  readonly shares: Readonly<Record<ShareName, LineShare>>;
  /** The answer rate of each of the last days, oldest first; null: no calls. */
  readonly days: readonly (number | null)[];
}

const DAYS = 7;
const answered: CallFilter = { finishStatus: FinishStatus.Answered };
const wholes: Record<ShareName, CallFilter> = {
  rejected: {},
  intercepted: {},
  short: { ...answered, duration: { min: 0 } },
};
const parts: Record<ShareName, CallFilter> = {
  rejected: { finishStatus: FinishStatus.Rejected },
  intercepted: {
    finishStatus: [FinishStatus.CallerUnavailable, FinishStatus.OutboundIntercepted],
  },
  short: { ...answered, duration: { below: 10 } },
};

/** The lines of `inPeriod`; the conspicuous ones first, then by the lower end of the interval, few calls last. */
export function lineRows(calls: CallSet, inPeriod: CallSet, now: number): LineRow[] {
  const peers = new Map(compareLines(inPeriod).map((line) => [line.callerPhone, line]));
  const shares = Object.fromEntries(
    shareNames.map((name) => [name, sharesOf(inPeriod, wholes[name], parts[name])]),
  ) as Record<ShareName, (line: string) => LineShare>;
  const days = dailyRates(calls, "callerPhone", DAYS, now);
  const rows = inPeriod.groupBy("callerPhone").flatMap((line): LineRow[] =>
    line.key === null
      ? []
      : [
          {
            callerPhone: line.key,
            calls: line.calls,
            answered: line.answered,
            interval: rateInterval({ part: line.answered, whole: line.calls })!,
            peers: peers.get(line.key) ?? null,
            shares: {
              rejected: shares.rejected(line.key),
              intercepted: shares.intercepted(line.key),
              short: shares.short(line.key),
            },
            days: days.get(line.key) ?? [],
          },
        ],
  );
  return rows.sort((one, other) => rank(one) - rank(other) || one.interval[0] - other.interval[0]);
}

const levels = ["critical", "warning", null];
const rank = ({ calls, peers }: LineRow): number =>
  calls < FEW ? levels.length : levels.indexOf(peers?.level ?? null);

function sharesOf(calls: CallSet, whole: CallFilter, part: CallFilter) {
  const counts = (filter: CallFilter) => {
    using set = calls.where(filter);
    return new Map(set.groupBy("callerPhone").map(({ key, calls }) => [key, calls]));
  };
  const [wholeOf, partOf] = [counts(whole), counts(part)];
  const [allWhole, allPart] = [sum(wholeOf.values()), sum(partOf.values())];
  return (line: string): LineShare => {
    const [part, whole] = [partOf.get(line) ?? 0, wholeOf.get(line) ?? 0];
    const others = allWhole === whole ? null : (allPart - part) / (allWhole - whole);
    return { part, whole, others };
  };
}

/** Shares that are clearly above those of the other lines. */
export const causes = ({ shares }: LineRow): ShareName[] =>
  shareNames.filter((name) => {
    const { part, whole, others } = shares[name];
    const interval = rateInterval({ part, whole });
    return interval !== null && others !== null && interval[0] > 1.3 * others;
  });
