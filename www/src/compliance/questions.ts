// What the compliance panels ask the calls of a period.
import type { CallSet } from "byrobot-calls/streaming";

export const hoursOf = (calls: CallSet) => calls.groupBy("hourOfDay");
export const repeatsOf = (calls: CallSet) => calls.repeats();
export const outcomesOf = (calls: CallSet) => calls.groupBy("finishStatus");
