// What calls cost at the price that the person has typed. Not here: the price (settings/price.ts).
import { rateInterval, type CallStatistics } from "byrobot-calls/streaming";
import { FEW } from "../format/rates";
import { price } from "../settings/price";
import { leadsOf } from "../tasks/rows";

export interface Cost {
  /** Yuan for all billable minutes. */
  readonly total: number;
  /** Yuan for each answered call of the levels A and B; null if `reason` says why there is none. */
  readonly perLead: number | null;
  /** `few`: fewer than 30 answered calls; `noLeads`: none of them is of the levels A and B. */
  readonly reason: "few" | "noLeads" | null;
  /** The costs of a lead at the ends of the lead rate's interval of 95 %; null without a cost of a lead. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** The cost of calls at a price for a billable minute. */
function costOf(numbers: CallStatistics, price: number): Cost {
  const total = price * numbers.billableMinutes;
  const leads = leadsOf(numbers);
  const reason = numbers.answered < FEW ? "few" : leads === 0 ? "noLeads" : null;
  if (reason !== null) return { total, perLead: null, reason, interval: null };
  const [low, high] = rateInterval({ part: leads, whole: numbers.answered })!;
  const perAnswered = total / numbers.answered;
  return {
    total,
    perLead: total / leads,
    reason,
    interval: [perAnswered / high, perAnswered / low],
  };
}

/** The cost of calls at the price of now; null without one. */
export const costNow = (numbers: CallStatistics): Cost | null =>
  price.value === null ? null : costOf(numbers, price.value);
