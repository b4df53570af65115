// A composable for questions to the calls of a period, without the choices on the charts.
import type { CallSet } from "byrobot-calls/streaming";
import { useCalmAnswer } from "./useCalmAnswer";
import { boundsOf, type Period } from "../query/period";

/** What a question to the calls of the period gives; null before the table is there. */
export const usePeriodAnswer = <T>(period: Period, ask: (calls: CallSet) => T) =>
  useCalmAnswer((calls) => {
    using set = calls.where({ startTime: boundsOf(period.span.value) });
    return ask(set);
  });
