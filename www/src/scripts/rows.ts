// The numbers of each script, and where its conversations end. Not here: what the robot could not answer (useReading.ts).
import { rateInterval } from "byrobot-calls/streaming";
import type { CallSet, CallStatistics, Round } from "byrobot-calls/streaming";
import { leadsOf } from "../tasks/rows";

export interface ScriptRow {
  readonly sceneDefId: number;
  readonly name: string;
  readonly numbers: CallStatistics;
  /** Answered calls of the levels A and B. */
  readonly leads: number;
  /** Wilson's interval of the leads among the answered calls; null without any. */
  readonly interval: readonly [number, number] | null;
  readonly rounds: readonly Round[];
  /** Half of the answered calls have no more rounds than this; null without any. */
  readonly medianRounds: number | null;
}

/** Every script with calls, the most calls first. */
export function scriptRows(calls: CallSet, nameOf: (sceneDefId: number) => string): ScriptRow[] {
  return calls.groupBy("sceneDefId", { order: "calls" }).flatMap(({ key }): ScriptRow[] => {
    if (key === null) return [];
    using own = calls.where({ sceneDefId: key });
    const numbers = own.statistics({ quantiles: [] });
    const leads = leadsOf(numbers);
    const rounds = own.roundSurvival();
    return [
      {
        sceneDefId: key,
        name: nameOf(key),
        numbers,
        leads,
        interval: rateInterval({ part: leads, whole: numbers.answered }),
        rounds,
        medianRounds:
          rounds.find((round) => round.atRisk - round.ended <= rounds[0]!.atRisk / 2)?.round ??
          null,
      },
    ];
  });
}
