// The numbers that were called often, with their calls. Not here: how many numbers there are (`repeats` of the package).
import type { CallView } from "byrobot-calls/streaming";
import { DAY } from "../format/shanghai";

export interface RepeatedCall {
  readonly id: number;
  readonly callJobId: number;
  /** "2024-03-15 09:30:00". */
  readonly startTime: string;
}

export interface RepeatedNumber {
  readonly telephone: string;
  /** Those of the 24 hours with the most calls, the earliest first. */
  readonly calls: readonly RepeatedCall[];
}

// Digits, with the signs that the package passes over; a masked number does not match.
const line = /^"?'?([\d +()-]+)"?,(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),(\d+),(\d+)\r?$/;

/** Reads the columns of the calls piece by piece: a million calls must not be in memory as objects. */
async function eachCall(view: CallView, take: (telephone: string, call: RepeatedCall) => void) {
  const csv = view.toCSVStream({
    columns: ["customerTelephone", "startTime", "callInstanceId", "callJobId"],
  });
  const texts = csv.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  );
  let rest = "";
  const reader = texts.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "\n")).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      const [, telephone, startTime, id, task] = line.exec(text) ?? [];
      if (telephone === undefined) continue;
      take(telephone.replace(/\D/g, ""), {
        id: Number(id),
        callJobId: Number(task),
        startTime: startTime!,
      });
    }
    if (done) return;
  }
}

const instant = ({ startTime }: RepeatedCall) => Date.parse(`${startTime.replace(" ", "T")}+08:00`);

/** The most calls whose starts lie within 24 hours of each other. */
function most(calls: readonly RepeatedCall[]): RepeatedCall[] {
  const sorted = [...calls].sort((one, other) => instant(one) - instant(other));
  let best: [from: number, to: number] = [0, 0];
  let first = 0;
  sorted.forEach((call, last) => {
    while (instant(call) - instant(sorted[first]!) >= DAY) first += 1;
    if (last + 1 - first > best[1] - best[0]) best = [first, last + 1];
  });
  return sorted.slice(...best);
}

/** The numbers with so many calls within 24 hours, the most often called first. */
export async function repeatedNumbers(view: CallView, least: number): Promise<RepeatedNumber[]> {
  const counts = new Map<string, number>();
  await eachCall(view, (telephone) => counts.set(telephone, (counts.get(telephone) ?? 0) + 1));
  const found = new Map<string, RepeatedCall[]>();
  await eachCall(view, (telephone, call) => {
    if ((counts.get(telephone) ?? 0) < least) return;
    const calls = found.get(telephone) ?? [];
    calls.push(call);
    found.set(telephone, calls);
  });
  return Array.from(found, ([telephone, calls]) => ({ telephone, calls: most(calls) }))
    .filter(({ calls }) => calls.length >= least)
    .sort((one, other) => other.calls.length - one.calls.length);
}
