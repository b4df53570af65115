// Finished calls made up by chance, in the vendor's spelling and in odd ones, and what a plain reading
// of the definitions makes of them. Not here: anything of the package.

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (list) => list[below(list.length)],
    happens: (share) => next() < share,
  };
}

const two = (number) => String(number).padStart(2, "0");

/** "2024-02-29 09:30:00" in Shanghai. */
export const shanghai = (ms) => {
  const date = new Date(ms + 8 * 3_600_000);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
};

const statuses = [0, 0, 0, 0, 1, 2, 4, 5, 6, 7, 8, 8, 8, 10, 12, 23, 25, 37];
const levels = [
  "A级(较强)",
  "B级(一般)",
  "C级(很少)",
  "D级(需筛选)",
  "A",
  "F级(无需跟进)",
  "G?",
  "较强",
];

/** A row as the vendor sends it; nothing in it is odd. */
export function row(random, id) {
  const start = Date.UTC(2024, 1, 1) + random.below(50 * 86_400) * 1000;
  const answered = random.happens(0.4);
  const seconds = answered ? Math.floor(Math.exp(random.next() * 6.2)) : 0;
  const results = [{ name: random.pick(["客户意向等级", "意向等级"]), value: random.pick(levels) }];
  if (random.happens(0.3))
    results.push({ name: "客户关注点", value: random.pick(["价格", "师资"]) });
  return {
    callInstanceId: id,
    sceneDefId: random.pick([4, 4, 9]),
    callJobId: random.pick([62, 63, 2 ** 40 + 7]),
    customerTelephone: `138${String(random.below(1e8)).padStart(8, "0")}`,
    customerName: random.pick(["胡磊", "曹 Lei", "周晓燕", 'O\'Neil, "Jo"', "=1+1"]),
    status: 2,
    finishStatus: answered ? 0 : random.pick(statuses),
    duration: random.pick([seconds, `${seconds}秒`, `${seconds}`]),
    chatRound: random.below(9),
    startTime: shanghai(start),
    endTime: shanghai(start + seconds * 1000 + 3000),
    callerPhone: random.pick(["18000000902", "测试主叫", "057100000126"]),
    callIndex: random.below(500),
    luyinOssUrl: `https://example.com/${id}.wav`,
    secondaryCallTime: "1970-01-01 09:00:00",
    secondaryCallTimes: 0,
    gmtCreate: shanghai(Date.UTC(2024, 0, 31)),
    gmtModified: shanghai(start + 60_000),
    jobName: random.pick(["回访", "暑期班老学员续报"]),
    resultList: random.happens(0.8) ? results : [],
  };
}

const oddValues = [
  null,
  "",
  " ",
  "-",
  "约27秒",
  "1分27秒",
  "27",
  " 8 ",
  "8.0",
  8.5,
  -3,
  true,
  false,
  1e21,
  "2^3",
  "0012",
  1709170200000,
  "1709170200123",
  "2024-02-29T09:30:00",
  "2024-02-30 10:00:00",
  "2024-2-9 9:05",
  [],
  {},
  [1],
  { a: 1 },
  [{ name: "客户意向等级", value: "B" }, 7],
  [{ name: "x" }],
  { 客户意向等级: "C级" },
  'A\\u0041\n\t"quoted"',
  "\u{1F600}",
  "x".repeat(70),
  99999999999,
  "测试",
];

/** The same with what servers have been seen to send, and worse. */
export function oddRow(random, id) {
  const odd = row(random, id);
  const names = Object.keys(odd).filter((name) => name !== "callInstanceId");
  for (let times = random.below(4); times > 0; times -= 1) {
    const name = random.pick(names);
    const what = random.below(5);
    if (what === 0) delete odd[name];
    else if (what === 1) odd[`${name}2`] = random.pick(oddValues);
    // An id beyond 2^53 would refuse the whole answer.
    else odd[name] = random.pick(/Id$/.test(name) ? [null, "27", 27.5, "x", ""] : oddValues);
  }
  if (random.happens(0.2)) odd.calledTimes = random.pick([1, "2", null, "x"]);
  if (random.happens(0.1)) odd.properties = random.pick(['{"a":1}', '{"a":"1","城市":"杭州"}', "{", '{"a":null}', { a: 1 }, null]);
  if (!random.happens(0.1)) return odd;
  return Object.fromEntries(Object.entries(odd).sort(() => random.next() - 0.5));
}

/** The body of an answer with these rows. */
export const body = (list, total = list.length) =>
  JSON.stringify({ code: 200, data: { pageNum: 1, pageSize: 50, total, list }, resultMsg: "成功" });

// ── the definitions, read plainly ──

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
      (a, b) =>
        (a.key === null) - (b.key === null) || b.calls - a.calls || compare(a.key, b.key),
    );
  }
  return groups;
}

function groupOf(key, rows) {
  const { calls: n, answered, answerRate: p, talkSeconds, meanDuration } = statistics(rows);
  const z = 1.959963984540054;
  const [scale, centre] = [1 + (z * z) / n, p + (z * z) / (2 * n)];
  const margin = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const interval = [Math.max(0, (centre - margin) / scale), Math.min(1, (centre + margin) / scale)];
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

/** A filter made up by chance. */
export function someFilter(random, depth = 0) {
  const some = (list) => list.filter(() => random.happens(0.4));
  const filter = {};
  const parts = {
    callJobId: () => random.pick([62, [62, 63], [], 2 ** 40 + 7, null, [null, 63]]),
    finishStatus: () => random.pick([0, [0, 8], some(statuses), 37, null, [8, null]]),
    callerPhone: () =>
      random.pick(["测试主叫", ["18000000902", "nobody"], [], null, [null, "测试主叫"]]),
    jobName: () => random.pick(["回访", ["回访", null], null, []]),
    sceneDefId: () => random.pick([4, [9, null], null]),
    properties: () =>
      random.pick([
        [{ name: "a", values: ["1"] }],
        [{ name: "a", values: [null] }],
        [
          { name: "城市", values: ["杭州", null] },
          { name: "a", values: ["1"] },
        ],
        [],
      ]),
    duration: () =>
      random.pick([
        ...[{ min: 10, below: 30 }, { below: 60.5 }, { max: 20, below: 30 }, { below: null }],
        ...[{ min: 10 }, { max: 60.5 }, { min: 0.5, max: 1e30 }, { min: 60, max: 10 }, {}],
        ...[0, null, [null, { min: 30 }], [{ max: 5 }, { min: 60, max: null }], []],
      ]),
    chatRound: () =>
      random.pick([3, null, [0, null], { min: random.below(4), max: 4 + random.below(4) }]),
    startTime: () =>
      random.pick([
        { from: "2024-02-10" },
        { from: "2024-02-10 12:00:00", to: "2024-03-01" },
        { to: new Date(Date.UTC(2024, 2, 1)) },
        { from: Date.UTC(2024, 1, 5), to: Date.UTC(2024, 1, 25) + 0.5 },
        null,
        [null, { from: "2024-03-01" }],
        [],
      ]),
    hourOfDay: () => random.pick([some([null, ...Array(24).keys()]), 9, null]),
    weekday: () => random.pick([some([1, 2, 3, 4, 5, 6, 7, null]), 1, null]),
    date: () => random.pick(["2024-02-29", ["2024-02-10", null], null, []]),
    intentLevel: () => random.pick([some(["A", "B", "C", "D", "E", "F", null]), "A", null]),
    results: () =>
      random.pick([
        [{ name: "客户关注点", values: ["价格"] }],
        [
          { name: "意向等级", values: ["A", "较强"] },
          { name: "客户关注点", values: ["价格", "师资"] },
        ],
        [{ name: "意向等级", values: [] }],
        [{ name: "意向等级", values: [null, "A"] }],
        [
          { name: "意向等级", values: [null] },
          { name: "客户关注点", values: [null, "师资"] },
        ],
        [],
        null,
      ]),
    text: () => random.pick(["lei", "磊", "1380", "", 'JO"', null]),
    not: () => someFilter(random, depth + 1),
    anyOf: () => [someFilter(random, depth + 1), someFilter(random, depth + 1)],
  };
  const names = Object.keys(parts).slice(0, depth > 1 ? 15 : 17);
  for (let times = random.below(3); times >= 0; times -= 1) {
    const name = random.pick(names);
    filter[name] = parts[name]();
  }
  return filter;
}
