// The numbers of the package, computed from rows directly by their definitions. Not here: the rows (calls.mjs), code of
// the package.
import { shanghai } from "./calls.mjs";

const rate = (part, whole) => (whole === 0 ? null : part / whole);
const hourOfWeek = ({ startTimeMs }) => Math.floor((startTimeMs + 8 * 3_600_000) / 3_600_000);
const mod = (number, divisor) => ((number % divisor) + divisor) % divisor;

export const hourOfDay = (call) => (call.startTimeMs === null ? null : mod(hourOfWeek(call), 24));
export const weekday = (call) =>
  call.startTimeMs === null ? null : mod(Math.floor(hourOfWeek(call) / 24) + 3, 7) + 1;
export const date = (call) =>
  call.startTimeMs === null ? null : shanghai(call.startTimeMs).slice(0, 10);
export const level = ({ resultList }) => {
  const of = (wanted) =>
    resultList
      .find(({ name }) => name.trim() === wanted)
      ?.value.trim()
      .match(/^[A-F]/)?.[0];
  return of("客户意向等级") ?? of("意向等级") ?? null;
};

const wasSent = (value) =>
  value !== undefined && value !== null && (typeof value !== "string" || value.trim() !== "");

/** Counts by value, lowest first, null last. */
function counted(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const last = (value) => (value === null ? 1 : 0);
  return [...counts].sort(([a], [b]) => last(a) - last(b) || (a < b ? -1 : 1));
}

export function statistics(calls) {
  const answered = calls.filter(({ finishStatus }) => finishStatus === 0);
  const durations = answered.map(({ duration }) => duration).filter((seconds) => seconds !== null);
  durations.sort((a, b) => a - b);
  const rounds = answered.map(({ chatRound }) => chatRound).filter((count) => count !== null);
  const sum = (list) => list.reduce((total, number) => total + number, 0);
  const starts = calls.map(({ startTimeMs }) => startTimeMs).filter((ms) => ms !== null);
  const unusable = calls.filter(({ finishStatus }) => [4, 5, 7, 12].includes(finishStatus)).length;
  const quantile = (q) => {
    const position = (durations.length - 1) * q;
    const low = durations[Math.floor(position)];
    return low + (durations[Math.ceil(position)] - low) * (position - Math.floor(position));
  };
  const intent = counted(answered.map(level));
  const interested = answered.filter((call) => "AB".includes(level(call) ?? "-")).length;
  const unreadable = (name) =>
    calls.filter((call) => call[name] === null && wasSent(call.extra?.[name])).length;
  const withStatus = (...codes) =>
    calls.filter(({ finishStatus }) => codes.includes(finishStatus)).length;
  const minutes = sum(durations.map((seconds) => Math.ceil(seconds / 60)));
  return {
    calls: calls.length,
    answered: answered.length,
    answerRate: rate(answered.length, calls.length),
    effectiveAnswerRate: rate(answered.length, calls.length - unusable),
    byFinishStatus: counted(calls.map(({ finishStatus }) => finishStatus)).map(([code, calls]) => ({
      code,
      calls,
    })),
    talkSeconds: sum(durations),
    billableMinutes: sum(durations.map((seconds) => Math.ceil(seconds / 60))),
    meanDuration: rate(sum(durations), durations.length),
    durationQuantiles:
      durations.length === 0
        ? []
        : [0.5, 0.9, 0.95, 0.99].map((q) => ({ q, seconds: quantile(q) })),
    shortCallRate: rate(durations.filter((seconds) => seconds < 10).length, durations.length),
    longCallRate: rate(durations.filter((seconds) => seconds >= 60).length, durations.length),
    meanRounds: rate(sum(rounds), rounds.length),
    engagedRate: rate(rounds.filter((count) => count > 3).length, rounds.length),
    intent: intent.map(([level, calls]) => ({ level, calls })),
    intentRate: rate(interested, answered.length),
    invalidRate: rate(withStatus(4), calls.length),
    deadNumberRate: rate(withStatus(4, 7), calls.length),
    lineLossRate: rate(withStatus(10, 25), calls.length),
    firstRoundRate: rate(rounds.filter((count) => count <= 1).length, rounds.length),
    intentPerHundredMinutes: minutes > 0 ? (100 * interested) / minutes : null,
    firstStartMs: starts.length === 0 ? null : Math.min(...starts),
    lastStartMs: starts.length === 0 ? null : Math.max(...starts),
    unreadable: {
      duration: unreadable("duration"),
      startTime: calls.filter(
        (call) => call.startTimeMs === null && wasSent(call.startTime ?? call.extra?.startTime),
      ).length,
      finishStatus: unreadable("finishStatus"),
    },
  };
}

const result =
  (wanted) =>
  ({ resultList }) =>
    resultList.find(({ name }) => name === wanted)?.value ?? null;

/** A variable of the script: a text as it is, another value as JSON. */
export function property({ properties }, key) {
  let value = null;
  try {
    value = JSON.parse(properties ?? "null")?.[key] ?? null;
  } catch {
    // Not JSON.
  }
  return value === null || typeof value === "string" ? value : JSON.stringify(value);
}

/** The first instant of a span of time in Shanghai. */
function spanStart({ startTimeMs }, span) {
  if (startTimeMs === null) return null;
  const minutes = { quarterHour: 15, hour: 60, day: 1440, week: 10_080 }[span];
  // A Monday in Shanghai.
  const origin = Date.parse("2024-01-01T00:00:00+08:00");
  return startTimeMs - mod(startTimeMs - origin, minutes * 60_000);
}

/** The function that finds the key of a call. */
function keyOf(dimension) {
  const own = { hourOfDay, weekday, date, intentLevel: level };
  if (typeof dimension === "string") return own[dimension] ?? ((call) => call[dimension]);
  if (dimension.time) return (call) => spanStart(call, dimension.time);
  if (dimension.property) return (call) => property(call, dimension.property);
  return result(dimension.result);
}

const bytesOf = (text) => Buffer.from(String(text));

/** Keys in their order: numbers, then texts by code point as they are sorted everywhere, `null` last. */
const compare = (one, other) =>
  (one === null) - (other === null) ||
  (typeof one === "number" ? one - other : Buffer.compare(bytesOf(one), bytesOf(other)));

export function groupBy(calls, dimension) {
  if (Array.isArray(dimension)) {
    const keys = dimension.map(keyOf);
    const cells = new Map();
    for (const call of calls) {
      const key = keys.map((key) => key(call));
      const cell = cells.get(JSON.stringify(key)) ?? { key, calls: [] };
      cells.set(JSON.stringify(key), cell);
      cell.calls.push(call);
    }
    const groups = [...cells.values()].map(({ key, calls }) => groupOf(key, calls));
    return groups.sort(({ key: one }, { key: other }) => {
      const at = one.findIndex((part, index) => compare(part, other[index]) !== 0);
      return at < 0 ? 0 : compare(one[at], other[at]);
    });
  }
  const key = keyOf(dimension);
  const byCalls =
    dimension.result !== undefined ||
    dimension.property !== undefined ||
    ["callerPhone", "jobName"].includes(dimension);
  const groups = counted(calls.map(key)).map(([value]) =>
    groupOf(
      value,
      calls.filter((call) => key(call) === value),
    ),
  );
  if (byCalls) {
    groups.sort(
      (a, b) => (a.key === null) - (b.key === null) || b.calls - a.calls || compare(a.key, b.key),
    );
  }
  return groups;
}

function groupOf(key, rows) {
  const { calls: n, answered, answerRate: p, talkSeconds, meanDuration } = statistics(rows);
  const z = 1.959963984540054;
  const [scale, centre] = [1 + (z * z) / n, p + (z * z) / (2 * n)];
  const margin = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const interval = [
    answered === 0 ? 0 : (centre - margin) / scale,
    answered === n ? 1 : (centre + margin) / scale,
  ];
  return { key, calls: n, answered, answerRate: p, interval, talkSeconds, meanDuration };
}

export function roundSurvival(calls) {
  const answered = calls.filter((call) => call.finishStatus === 0 && call.chatRound !== null);
  const rounds = answered.map(({ chatRound }) => Math.max(chatRound, 0));
  const listed = rounds.filter((count) => count <= 1000);
  if (listed.length === 0) return [];
  const first = rounds.includes(0) ? 0 : 1;
  const last = Math.max(...listed);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const round = first + index;
    const atRisk = rounds.filter((count) => count >= round).length;
    const ended = rounds.filter((count) => count === round).length;
    const survival = atRisk / rounds.length;
    return { round, atRisk, ended, survival, hazard: ended / atRisk };
  });
}

export function repeats(calls, within) {
  const starts = new Map();
  let leftOut = 0;
  for (const { customerTelephone, startTimeMs } of calls) {
    const digits = String(customerTelephone ?? "").replace(/[ +()-]/g, "");
    if (!/^\d+$/.test(digits) || startTimeMs === null) leftOut += 1;
    else starts.set(digits, [...(starts.get(digits) ?? []), startTimeMs]);
  }
  const counts = new Map();
  for (const times of starts.values()) {
    const most = Math.max(
      ...times.map((from) => times.filter((ms) => ms >= from && ms < from + within).length),
    );
    counts.set(most, (counts.get(most) ?? 0) + 1);
  }
  const numbers = [...counts].sort(([one], [other]) => one - other);
  return { numbers: numbers.map(([calls, numbers]) => ({ calls, numbers })), leftOut };
}

export function expectedRates(calls, dimension, strata) {
  const [group, ...stratum] = [dimension, ...strata].map(keyOf);
  const stratumOf = (call) => JSON.stringify(stratum.map((key) => key(call)));
  const answered = (list) => list.filter(({ finishStatus }) => finishStatus === 0).length;
  return [...new Set(calls.map(group))].map((key) => {
    const own = calls.filter((call) => group(call) === key);
    let [sum, covered] = [0, 0];
    for (const name of new Set(own.map(stratumOf))) {
      const inStratum = calls.filter((call) => stratumOf(call) === name);
      const peers = inStratum.filter((call) => group(call) !== key);
      const n = inStratum.length - peers.length;
      if (peers.length === 0) continue;
      covered += n;
      sum += n * (answered(peers) / peers.length);
    }
    return {
      key,
      calls: own.length,
      answered: answered(own),
      answerRate: answered(own) / own.length,
      expectedRate: covered > 0 ? sum / covered : null,
      coverage: covered / own.length,
    };
  });
}

export function histogram(calls, column, edges) {
  const counts = edges.slice(1).map(() => 0);
  let outside = 0;
  for (const { [column]: value } of calls) {
    if (value === null) continue;
    const last = edges.length - 2;
    const bin = counts.findIndex(
      (_, i) =>
        edges[i] <= value && (value < edges[i + 1] || (i === last && value === edges[i + 1])),
    );
    if (bin < 0) outside += 1;
    else counts[bin] += 1;
  }
  return { edges: Float64Array.from(edges), counts: Uint32Array.from(counts), outside };
}

export function heatmap(calls) {
  const [all, answered] = [new Uint32Array(168), new Uint32Array(168)];
  for (const call of calls) {
    if (call.startTimeMs === null) continue;
    const cell = (weekday(call) - 1) * 24 + hourOfDay(call);
    all[cell] += 1;
    if (call.finishStatus === 0) answered[cell] += 1;
  }
  return { calls: all, answered };
}

const listed = (value) => (Array.isArray(value) ? value : [value]);
const instant = (value) =>
  typeof value === "string"
    ? Date.parse(`${value.length > 10 ? value.replace(" ", "T") : `${value}T00:00:00`}+08:00`)
    : Number(value);

/** Whether a field is one of those wanted, where `null` is a field without a value. */
const oneOf = (wanted, field, is = (item) => item === field) =>
  listed(wanted).some((item) =>
    item === null || field === null ? item === field : is(item, field),
  );

/** Whether a call passes a filter. */
export function passes(call, filter) {
  const tests = {
    callJobId: (wanted) => oneOf(wanted, call.callJobId),
    finishStatus: (wanted) => oneOf(wanted, call.finishStatus),
    callerPhone: (wanted) => oneOf(wanted, call.callerPhone),
    jobName: (wanted) => oneOf(wanted, call.jobName),
    sceneDefId: (wanted) => oneOf(wanted, call.sceneDefId),
    properties: (wanted) =>
      wanted.every(({ name, values }) => values.includes(property(call, name))),
    duration: (wanted) => oneOf(wanted, call.duration, within),
    chatRound: (wanted) => oneOf(wanted, call.chatRound, within),
    startTime: (wanted) =>
      oneOf(
        wanted,
        call.startTimeMs,
        ({ from, to }, ms) =>
          (from === undefined || ms >= instant(from)) && (to === undefined || ms < instant(to)),
      ),
    hourOfDay: (wanted) => oneOf(wanted, hourOfDay(call)),
    weekday: (wanted) => oneOf(wanted, weekday(call)),
    date: (wanted) => oneOf(wanted, date(call)),
    intentLevel: (wanted) => oneOf(wanted, level(call)),
    results(wanted) {
      if (wanted === null) return call.resultList.length === 0;
      const own = (name) => call.resultList.filter((item) => item.name === name);
      const one = ({ name, values }) =>
        own(name).some(({ value }) => values.includes(value)) ||
        (own(name).length === 0 && values.includes(null));
      return wanted.length > 0 && wanted.every(one);
    },
    text(wanted) {
      const texts = [call.customerTelephone, call.customerName].map((text) => text ?? "");
      if (wanted === null) return texts.join("") === "";
      return texts.some((own) => lower(own).includes(lower(wanted)));
    },
    not: (other) => !passes(call, other),
    anyOf: (others) => others.some((other) => passes(call, other)),
  };
  return Object.entries(filter).every(
    ([key, wanted]) => wanted === undefined || tests[key](wanted),
  );
}

const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function within(span, value) {
  if (typeof span === "number") return value === span;
  const { min = null, max = null, below = null } = span;
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity) && value < (below ?? Infinity);
}
