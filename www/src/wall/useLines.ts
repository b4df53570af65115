// Today's lines beside the lines on the same tasks, the worst first.
import { rateInterval } from "byrobot-calls/streaming";
import { useCalmAnswer } from "../company/useCalmAnswer";
import { FEW } from "../format/rates";
import { DAY } from "../format/shanghai";

export interface WallLine {
  readonly callerPhone: string;
  readonly calls: number;
  readonly answered: number;
  readonly rate: number;
  /** Wilson's interval of the rate. */
  readonly interval: readonly [number, number];
  /** What the other lines on the same tasks have; null without others. */
  readonly expected: number | null;
}

/** How far even the better end of the interval is below what is expected. */
const lack = ({ interval, expected }: WallLine) =>
  expected === null ? -Infinity : expected - interval[1];

/** Lines that are shown. */
const SHOWN = 8;

/** Lines with fewer than 30 calls are not ranked, so they are not among them. */
export const useLines = (day: () => number) =>
  useCalmAnswer((calls): WallLine[] => {
    using today = calls.where({ startTime: { from: day(), to: day() + DAY } });
    return today
      .expectedRates("callerPhone", ["callJobId", "date"])
      .flatMap(({ key, calls, answered, answerRate, expectedRate }) =>
        key === null || calls < FEW
          ? []
          : [
              {
                callerPhone: key,
                calls,
                answered,
                rate: answerRate,
                interval: rateInterval({ part: answered, whole: calls })!,
                expected: expectedRate,
              },
            ],
      )
      .sort((one, other) => lack(other) - lack(one) || one.rate - other.rate)
      .slice(0, SHOWN);
  });
