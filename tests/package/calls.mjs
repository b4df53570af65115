// Random finished calls and filters, in the vendor's spelling and in variants. Not here: numbers about them
// (definitions.mjs), code of the package.

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
  if (random.happens(0.1))
    odd.properties = random.pick([
      '{"a":1}',
      '{"a":"1","城市":"杭州"}',
      "{",
      '{"a":null}',
      { a: 1 },
      null,
    ]);
  if (!random.happens(0.1)) return odd;
  return Object.fromEntries(Object.entries(odd).sort(() => random.next() - 0.5));
}

/** The body of an answer with these rows. */
export const body = (list, total = list.length) =>
  JSON.stringify({ code: 200, data: { pageNum: 1, pageSize: 50, total, list }, resultMsg: "成功" });

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
