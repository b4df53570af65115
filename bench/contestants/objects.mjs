// Plain JavaScript over an array of objects, without optimisation: filter, then count. The objects have only the fields
// of the charts, with precomputed hour and date.
import {
  byCalls,
  byKey,
  durationEdges,
  engagedRounds,
  group,
  quantileOf,
  quantiles,
  rate,
  roundEdges,
  statusRates,
  unusable,
} from "../questions.mjs";
import { dateText, dayOf, hourOfWeek, visitBody, visitCalls } from "./read.mjs";

export const name = "plain objects";

export function open() {
  const calls = [];
  const dates = new Map();
  const add = (
    callInstanceId,
    callJobId,
    finishStatus,
    duration,
    chatRound,
    seconds,
    callerPhone,
    level,
  ) => {
    const day = dayOf(seconds);
    if (!dates.has(day)) dates.set(day, dateText(day));
    calls.push({
      callInstanceId,
      callJobId,
      finishStatus,
      duration,
      chatRound,
      startTimeMs: seconds * 1000,
      hourOfWeek: hourOfWeek(seconds),
      date: dates.get(day),
      callerPhone,
      intentLevel: " ABCDEF"[level],
    });
  };
  return {
    load: (generated) => visitCalls(generated, add),
    add: (body) => visitBody(body, add),
    overview({ tasks, hours, maxDuration }) {
      const passing = calls.filter(
        (call) =>
          call.duration <= maxDuration &&
          tasks.includes(call.callJobId) &&
          hours.includes(call.hourOfWeek % 24),
      );
      return {
        numbers: statistics(passing),
        duration: histogram(passing, "duration", durationEdges),
        finishStatus: groups(passing, "finishStatus").sort(byKey),
        date: groups(passing, "date").sort(byKey),
        hours: heatmap(passing),
      };
    },
    linked: () => linked(calls),
    sorted(by) {
      const rows =
        calls.toSorted?.((one, other) => other[by] - one[by]) ??
        calls.slice().sort((one, other) => other[by] - one[by]);
      return (offset) => rows.slice(offset, offset + 50);
    },
    free() {
      calls.length = 0;
    },
  };
}

function linked(calls) {
  let bounds = null;
  let hours = null;
  let duration;
  let seen = 0;
  const inBrush = (call) => !bounds || (call.duration >= bounds[0] && call.duration <= bounds[1]);
  const inHours = (call) => !hours || hours.includes(call.hourOfWeek % 24);
  return {
    brush(next) {
      bounds = next;
    },
    hours(next) {
      hours = next;
      duration = undefined;
    },
    read() {
      const brushed = calls.filter(inBrush);
      const passing = brushed.filter(inHours);
      // The brush does not filter its own chart.
      if (!duration || seen < calls.length) {
        duration = histogram(calls.filter(inHours), "duration", durationEdges);
        seen = calls.length;
      }
      return {
        duration,
        rounds: histogram(passing, "chatRound", roundEdges),
        hours: heatmap(brushed),
        lines: groups(passing, "callerPhone").sort(byCalls),
        numbers: statistics(passing),
      };
    },
  };
}

function histogram(calls, column, edges) {
  const counts = new Uint32Array(edges.length - 1);
  const width = edges[1] - edges[0];
  let outside = 0;
  for (const call of calls) {
    const value = call[column];
    if (value < edges[0] || value > edges.at(-1)) outside += 1;
    else counts[Math.min(Math.floor((value - edges[0]) / width), counts.length - 1)] += 1;
  }
  return { edges: Float64Array.from(edges), counts, outside };
}

function heatmap(calls) {
  const all = new Uint32Array(168);
  const answered = new Uint32Array(168);
  for (const call of calls) {
    all[call.hourOfWeek] += 1;
    if (call.finishStatus === 0) answered[call.hourOfWeek] += 1;
  }
  return { calls: all, answered };
}

function groups(calls, column) {
  const found = new Map();
  for (const call of calls) {
    let counts = found.get(call[column]);
    if (!counts) found.set(call[column], (counts = { calls: 0, answered: 0, seconds: 0 }));
    counts.calls += 1;
    if (call.finishStatus === 0) {
      counts.answered += 1;
      counts.seconds += call.duration;
    }
  }
  return [...found].map(([key, counts]) =>
    group(key, counts.calls, counts.answered, counts.seconds, counts.answered),
  );
}

function statistics(calls) {
  const answered = calls.filter((call) => call.finishStatus === 0);
  const durations = Float64Array.from(answered, (call) => call.duration).sort();
  const countBy = (list, column) => {
    const counts = new Map();
    for (const call of list) counts.set(call[column], (counts.get(call[column]) ?? 0) + 1);
    return counts;
  };
  const statuses = countBy(calls, "finishStatus");
  const levels = countBy(answered, "intentLevel");
  const useful = calls.length - unusable.reduce((sum, code) => sum + (statuses.get(code) ?? 0), 0);
  let talkSeconds = 0;
  let billableMinutes = 0;
  let short = 0;
  let long = 0;
  let rounds = 0;
  let engaged = 0;
  let firstRound = 0;
  for (const { duration, chatRound } of answered) {
    talkSeconds += duration;
    billableMinutes += Math.ceil(duration / 60);
    if (duration < 10) short += 1;
    if (duration >= 60) long += 1;
    rounds += chatRound;
    if (chatRound > engagedRounds) engaged += 1;
    if (chatRound <= 1) firstRound += 1;
  }
  const interested = (levels.get("A") ?? 0) + (levels.get("B") ?? 0);
  let first = Infinity;
  let last = -Infinity;
  for (const { startTimeMs } of calls) {
    if (startTimeMs < first) first = startTimeMs;
    if (startTimeMs > last) last = startTimeMs;
  }
  return {
    calls: calls.length,
    answered: answered.length,
    answerRate: rate(answered.length, calls.length),
    effectiveAnswerRate: rate(answered.length, useful),
    byFinishStatus: [...statuses]
      .map(([code, calls]) => ({ code, calls }))
      .sort((one, other) => one.code - other.code),
    talkSeconds,
    billableMinutes,
    meanDuration: rate(talkSeconds, answered.length),
    durationQuantiles:
      durations.length > 0 ? quantiles.map((q) => ({ q, seconds: quantileOf(durations, q) })) : [],
    shortCallRate: rate(short, answered.length),
    longCallRate: rate(long, answered.length),
    meanRounds: rate(rounds, answered.length),
    engagedRate: rate(engaged, answered.length),
    intent: [..."ABCDEF"]
      .map((level) => ({ level, calls: levels.get(level) ?? 0 }))
      .filter(({ calls }) => calls > 0),
    intentRate: rate(interested, answered.length),
    ...statusRates(calls.length, (code) => statuses.get(code) ?? 0),
    firstRoundRate: rate(firstRound, answered.length),
    intentPerHundredMinutes: rate(100 * interested, billableMinutes),
    firstStartMs: calls.length > 0 ? first : null,
    lastStartMs: calls.length > 0 ? last : null,
    unreadable: { duration: 0, startTime: 0, finishStatus: 0 },
  };
}
