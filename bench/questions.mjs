// The queries for every contestant, and the arithmetic from counts to answers. The answers have the package's types
// (`CallStatistics`, `Group`, `Histogram`, `Heatmap`), so that all digits can be compared. Every contestant counts in
// its own way; all but CallTable share this arithmetic, and nothing else.

/** The edges of the two histograms. */
export const durationEdges = Array.from({ length: 31 }, (_, at) => at * 10);
export const roundEdges = Array.from({ length: 21 }, (_, at) => at);

/** Five charts that filter each other; the brush is on the first, the other filter on the third. */
export const linkedCharts = {
  duration: { histogram: "duration", edges: durationEdges },
  rounds: { histogram: "chatRound", edges: roundEdges },
  hours: { heatmap: true },
  lines: { groupBy: "callerPhone", order: "calls" },
  numbers: { statistics: true },
};

/** A filter with three conditions, different in each round. */
export function overviewFilter(round, { tasks }) {
  const half = tasks.map(({ callJobId }) => callJobId).filter((_, at) => (at + round) % 12 < 6);
  return { tasks: half, hours: [9, 10, 11, 14, 15, 16], maxDuration: 60 + (round % 8) * 10 };
}

export const quantiles = [0.5, 0.9, 0.95, 0.99];
export const unusable = [4, 5, 7, 12];
export const engagedRounds = 3;

/** A ratio; null if the denominator is 0. */
export const rate = (part, whole) => (whole > 0 ? part / whole : null);

/** The group of one key. `timed` is the number of answered calls with a duration, `seconds` the sum of durations. */
export function group(key, calls, answered, seconds, timed) {
  return {
    key,
    calls,
    answered,
    answerRate: rate(answered, calls),
    interval: wilson(answered, calls),
    talkSeconds: seconds,
    meanDuration: rate(seconds, timed),
  };
}

/** The 95 % Wilson score interval. */
function wilson(part, n) {
  if (n === 0) return null;
  const z = 1.959963984540054;
  const p = part / n;
  const centre = p + (z * z) / (2 * n);
  const margin = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [part === 0 ? 0 : (centre - margin) / scale, part === n ? 1 : (centre + margin) / scale];
}

export const byKey = (one, other) => (one.key < other.key ? -1 : 1);
export const byCalls = (one, other) => other.calls - one.calls || byKey(one, other);

/** A histogram from counts by value (0, 1, 2, …). */
export function histogram(counts, edges) {
  const bins = new Uint32Array(edges.length - 1);
  const last = edges.length - 1;
  let outside = 0;
  let bin = 0;
  for (let value = 0; value < counts.length; value += 1) {
    if (counts[value] === 0) continue;
    while (bin < last && value >= edges[bin + 1]) bin += 1;
    if (value < edges[0] || value > edges[last]) outside += counts[value];
    else bins[Math.min(bin, last - 1)] += counts[value];
  }
  return { edges: Float64Array.from(edges), counts: bins, outside };
}

/** The quantile from counts by value, interpolated between order statistics (type 7). */
function quantile(counts, all, q) {
  const position = (all - 1) * q;
  const below = Math.floor(position);
  let value = 0;
  let upTo = counts[0];
  while (upTo <= below) upTo += counts[(value += 1)];
  const low = value;
  while (upTo <= Math.ceil(position)) upTo += counts[(value += 1)];
  return low + (value - low) * (position - below);
}

/** The same quantile from sorted values. */
export function quantileOf(sorted, q) {
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)];
  return low + (sorted[Math.ceil(position)] - low) * (position - Math.floor(position));
}

/** The rates that depend on the status alone. `count` returns the calls of a code. */
export const statusRates = (calls, count) => ({
  invalidRate: rate(count(4), calls),
  deadNumberRate: rate(count(4) + count(7), calls),
  lineLossRate: rate(count(10) + count(25), calls),
});

/**
 * The statistics from counts: of all calls by status; of answered calls by duration, rounds and level (0 for none,
 * 1–6 for A–F). `first` and `last` are the earliest and the latest start in epoch seconds.
 */
export function statistics({ statuses, durations, rounds, levels, first, last }) {
  let calls = 0;
  const byFinishStatus = [];
  statuses.forEach((count, code) => {
    calls += count;
    if (count > 0) byFinishStatus.push({ code, calls: count });
  });
  let timed = 0;
  let talkSeconds = 0;
  let billableMinutes = 0;
  let short = 0;
  for (let second = 0; second < durations.length; second += 1) {
    const count = durations[second];
    timed += count;
    talkSeconds += count * second;
    billableMinutes += count * Math.ceil(second / 60);
    if (second < 10) short += count;
  }
  let long = timed;
  for (let second = 0; second < Math.min(60, durations.length); second += 1)
    long -= durations[second];
  let counted = 0;
  let allRounds = 0;
  let engaged = 0;
  for (let round = 0; round < rounds.length; round += 1) {
    counted += rounds[round];
    allRounds += rounds[round] * round;
    if (round > engagedRounds) engaged += rounds[round];
  }
  const answered = statuses[0];
  const useful = calls - unusable.reduce((sum, code) => sum + (statuses[code] ?? 0), 0);
  const intent = [..."ABCDEF", null].map((level, at) => ({ level, calls: levels[(at + 1) % 7] }));
  return {
    calls,
    answered,
    answerRate: rate(answered, calls),
    effectiveAnswerRate: rate(answered, useful),
    byFinishStatus,
    talkSeconds,
    billableMinutes,
    meanDuration: rate(talkSeconds, timed),
    durationQuantiles:
      timed > 0 ? quantiles.map((q) => ({ q, seconds: quantile(durations, timed, q) })) : [],
    shortCallRate: rate(short, timed),
    longCallRate: rate(long, timed),
    meanRounds: rate(allRounds, counted),
    engagedRate: rate(engaged, counted),
    intent: intent.filter(({ calls }) => calls > 0),
    intentRate: rate(levels[1] + levels[2], answered),
    ...statusRates(calls, (code) => statuses[code] ?? 0),
    firstRoundRate: rate((rounds[0] ?? 0) + (rounds[1] ?? 0), counted),
    intentPerHundredMinutes: rate(100 * (levels[1] + levels[2]), billableMinutes),
    firstStartMs: calls > 0 ? first * 1000 : null,
    lastStartMs: calls > 0 ? last * 1000 : null,
    unreadable: { duration: 0, startTime: 0, finishStatus: 0 },
  };
}

/** Describes the first difference between two answers; undefined if all digits are equal. */
export function difference(one, other, path = "") {
  if (Object.is(one, other)) return undefined;
  const isTree = (value) => typeof value === "object" && value !== null;
  if (!isTree(one) || !isTree(other)) return `${path}: ${one} and ${other}`;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const found = difference(one[key], other[key], path ? `${path}.${key}` : key);
    if (found) return found;
  }
  return undefined;
}
