// The outcomes of a line, and those of the other lines on its tasks.
import type { CallSet } from "byrobot-calls/streaming";

export function outcomesBeside(calls: CallSet, callerPhone: string) {
  using line = calls.where({ callerPhone });
  const callJobId = line.groupBy("callJobId").map(({ key }) => key);
  using peers = calls.where({ callJobId, not: { callerPhone } });
  return {
    line: line.groupBy("finishStatus", { order: "calls" }),
    peers: peers.groupBy("finishStatus"),
  };
}
