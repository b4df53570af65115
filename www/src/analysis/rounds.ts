// The rounds of conversations as charts show them: one by one up to a last one that is open.
import type { Round } from "byrobot-calls/streaming";
import { greatest } from "d3-array";
import { LAST_ROUND } from "./specs";
import { MANY } from "../format/rates";

export interface ShownRound {
  readonly round: number;
  readonly atRisk: number;
  readonly ended: number;
  readonly survival: number;
  /** Null for the last one, in which all end because it is open, and where nobody is left. */
  readonly hazard: number | null;
}

export function roundsOf(list: readonly Round[]): ShownRound[] {
  const byRound = new Map(list.map((round) => [round.round, round]));
  // Calls without a round of their own number end nowhere; the last row holds everybody who got that far.
  const first = list[0];
  if (!first) return [];
  return Array.from({ length: LAST_ROUND }, (_, index) => {
    const round = index + 1;
    const known = byRound.get(round);
    const next = list.find((other) => other.round >= round);
    const atRisk = known?.atRisk ?? next?.atRisk ?? 0;
    const ended = round === LAST_ROUND ? atRisk : (known?.ended ?? 0);
    return {
      round,
      atRisk,
      ended,
      survival: atRisk / first.atRisk,
      hazard: atRisk > 0 && round < LAST_ROUND ? ended / atRisk : null,
    };
  });
}

/** Where the script ends, everybody leaves: only rounds that a fifth of the calls reach are compared. */
const COMPARED = 0.2;

/** The round in which the greatest share of its calls ends. */
export const worstRound = (rounds: readonly ShownRound[]) =>
  greatest(
    rounds.filter(
      ({ atRisk, survival, hazard }) => atRisk >= MANY && survival >= COMPARED && hazard !== null,
    ),
    ({ hazard }) => hazard!,
  );
