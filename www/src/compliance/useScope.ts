// The calls that the compliance panels look at: all of the period, without the choices on the charts.
import type { CallSet } from "byrobot-calls/streaming";
import { useCalmAnswer } from "../company/useCalmAnswer";
import { codeOrigin } from "../code/origin";
import type { questionProgram } from "../code/programs";
import { boundsOf, type Period } from "../query/period";

/** What a question to the calls of the period gives; null before the table is there. */
export const usePeriodAnswer = <T>(period: Period, ask: (calls: CallSet) => T) =>
  useCalmAnswer((calls) => {
    using set = calls.where({ startTime: boundsOf(period.span.value) });
    return ask(set);
  });

/** Gives the program of a panel. */
export const useQuestionCode =
  (period: () => Period) =>
  async (question: Parameters<typeof questionProgram>[2]): Promise<string> => {
    const { questionProgram } = await import("../code/programs");
    return questionProgram(codeOrigin(), { startTime: boundsOf(period().span.value) }, question);
  };
