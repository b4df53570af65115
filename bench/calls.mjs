// Generates calls from a seed, in the form of `queryDoneTaskPhones` answers (fields, formats and result lists of the
// sandbox). The values are also available as columns, so a contestant can load them without parsing text. Not here: the
// measurements.

/** 2024-01-15 00:00 in Shanghai, a Monday, in epoch seconds. */
const firstMidnight = 1_705_248_000;
/** Each task runs for 15 days. The next one begins 4 days later, so 12 tasks take 59 days. */
const taskDays = 15;
const daysBetweenTasks = 4;

const taskList = [
  ["云栖公馆意向客户回访", "property", 90],
  ["暑期班老学员续报", "education", 70],
  ["分期账单逾期催缴", "collection", 110],
  ["沉睡会员唤醒", "retail", 60],
  ["客服热线满意度回访", "service", 80],
  ["城西公寓老客户激活", "property", 100],
  ["编程体验课邀约", "education", 50],
  ["三天内到期还款提醒", "collection", 120],
  ["流失客户回厂邀约", "retail", 70],
  ["装机服务满意度回访", "service", 60],
  ["滨江新城首付优惠邀约", "property", 100],
  ["高净值客户分期邀约", "collection", 90],
].map(([title, script, weight], at) => ({
  callJobId: 21_706 + at * 3,
  script,
  weight,
  firstDay: at * daysBetweenTasks,
  jobName: `${title}${dateText(at * daysBetweenTasks)}`,
  lines: [0, 1, 2, 3, 4].map((step) => (at * 3 + step * 4) % 20),
}));

const scripts = {
  property: {
    topics: ["位置", "询问价格", "户型", "能否贷款", "商业配套", "环境", "其他楼盘"],
    topic: "客户关注点",
    books: true,
  },
  education: {
    topics: ["课程价格", "上课时间", "师资", "线上课程", "校区位置"],
    topic: "客户关注点",
    books: true,
  },
  collection: {
    topics: ["欠款金额", "费用减免", "延期还款", "征信影响"],
    topic: "客户关注点",
    verdict: "催缴结果",
    verdicts: ["成功", "不成功"],
  },
  retail: {
    topics: ["使用规则", "积分兑换", "有效期", "门店位置"],
    topic: "客户关注点",
    verdict: "参与意向",
    verdicts: ["愿意参与", "不确定", "不参与"],
  },
  service: {
    topics: ["处理时效", "收费标准", "重复故障"],
    topic: "客户反馈",
    verdict: "满意度",
    verdicts: ["非常满意", "满意", "一般", "不满意"],
  },
};

/** The phone lines of the company, best first. */
const lines = Array.from({ length: 20 }, (_, at) =>
  at < 12 ? `0571000001${18 + at * 4}` : `18000000${901 + at}`,
);

const levels = [
  "",
  "A级(较强)",
  "B级(一般)",
  "C级(很少)",
  "D级(需筛选)",
  "E级(需要再次跟进)",
  "F级(无需跟进)",
];
const surnames = [
  ..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭",
  "欧阳",
];
const givenNames =
  "芳 娜 敏 静 丽 艳 娟 霞 秀英 桂兰 玉梅 婷婷 雪 慧 莉 倩 欣怡 梓涵 雨桐 佳琪 晓燕 红梅 淑珍 思颖 伟 强 磊 军 洋 勇 杰 涛 明 超 建国 志强 浩然 子轩 宇航 鹏 国强 文博 海涛 俊杰 永刚 晨 立新 家豪".split(
    " ",
  );
const prefixes =
  "130 131 132 133 135 136 137 138 139 150 151 152 153 155 156 157 158 159 170 173 176 177 178 180 182 185 186 187 188 189".split(
    " ",
  );

/** The number of calls in each hour of the day, and the willingness of people to answer. */
const dialled = [0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 10, 10, 5, 4, 8, 10, 10, 9, 8, 8, 4, 0, 0, 0];
const answering = [
  0, 0, 0, 0, 0, 0, 0, 0, 0.8, 0.93, 1.08, 1.12, 0.84, 0.78, 0.96, 1.02, 1.06, 1.1, 1.18, 1.24,
  1.12, 0, 0, 0,
];
/** `finishStatus` of calls that are not answered, with weights. */
const failures = [
  [8, 456],
  [1, 285],
  [4, 44],
  [7, 42],
  [5, 60],
  [6, 50],
  [2, 40],
  [11, 8],
  [12, 8],
  [3, 5],
  [10, 4],
  [22, 2],
  [25, 2],
  [9, 1],
];
/** The values of `finishStatus` with a recording. */
const recorded = new Set([0, 1, 2, 4, 5, 6, 7, 8]);

/**
 * Generates calls in the order of pagination: task by task, the newest first in each task.
 *
 * @returns the values as columns, and `body(from, to)`: these rows as a response body.
 */
export function makeCalls(rows, seed = 7) {
  const chance = random(seed);
  const calls = {
    rows,
    tasks: taskList,
    lines,
    id: new Float64Array(rows),
    /** Positions in `tasks` and `lines`. */
    task: new Uint8Array(rows),
    line: new Uint8Array(rows),
    finishStatus: new Uint8Array(rows),
    /** Seconds. */
    duration: new Uint16Array(rows),
    chatRound: new Uint8Array(rows),
    /** Epoch seconds. */
    start: new Uint32Array(rows),
    end: new Uint32Array(rows),
    /** 客户意向等级, 1–6 for A–F. */
    level: new Uint8Array(rows),
    /** The other parts of `resultList`: topics, verdict, appointment. */
    results: new Uint32Array(rows),
    /** The first row of each task, and the number of rows. */
    firstRows: [0],
    pages: (size) => pages(calls, size),
    body: (from, to, size = to - from) => body(calls, from, to, size),
  };
  const allWeights = taskList.reduce((sum, { weight }) => sum + weight, 0);
  let weights = 0;
  for (let task = taskList.length - 1; task >= 0; task -= 1) {
    const from = calls.firstRows.at(-1);
    weights += taskList[task].weight;
    const to = Math.round((rows * weights) / allWeights);
    drawTask(calls, task, from, to, chance);
    calls.firstRows.push(to);
  }
  return calls;
}

function drawTask(calls, task, from, to, chance) {
  const { firstDay, script: name, lines: taskLines } = taskList[task];
  const script = scripts[name];
  const hours = [];
  let allCalls = 0;
  for (let hour = taskDays * 24 - 1; hour >= 0; hour -= 1) {
    const weekend = (firstDay + Math.floor(hour / 24)) % 7 > 4;
    allCalls += dialled[hour % 24] * (weekend ? 0.4 : 1);
    hours.push([hour, allCalls]);
  }
  let hourAt = 0;
  for (let row = from; row < to; row += 1) {
    // The newest call is the first, so the hours are also in descending order.
    const place = ((row - from + chance()) / (to - from)) * allCalls;
    while (hours[hourAt][1] < place) hourAt += 1;
    const [hour, upTo] = hours[hourAt];
    const share = (upTo - place) / (upTo - (hours[hourAt - 1]?.[1] ?? 0));
    const end = firstMidnight + (firstDay * 24 + hour) * 3600 + Math.floor(share * 3600);

    const linePlace = Math.floor(chance() * 5);
    const line = taskLines[linePlace];
    const quality = 1.15 - line * 0.025;
    const answered = chance() < 0.41 * quality * answering[hour % 24];
    calls.task[row] = task;
    calls.line[row] = line;
    calls.end[row] = end;
    // Calls end in a different order than they start.
    const older = to - 1 - row;
    calls.id[row] =
      5_402_000_000 + task * 1_000_000 + ((older | 7) < to - from ? older ^ 5 : older);
    if (answered) drawTalk(calls, row, script, end, chance);
    else drawFailure(calls, row, end, chance);
  }
}

function drawFailure(calls, row, end, chance) {
  const all = failures.reduce((sum, [, weight]) => sum + weight, 0);
  let left = chance() * all;
  const [status] = failures.find(([, weight]) => (left -= weight) < 0) ?? failures[0];
  calls.finishStatus[row] = status;
  calls.start[row] = end - 3 - Math.floor(chance() * (status === 8 ? 50 : 20));
  calls.level[row] = [4, 7, 11].includes(status) ? 6 : [1, 5, 6, 8].includes(status) ? 4 : 5;
}

function drawTalk(calls, row, script, end, chance) {
  // Log-normal with median 32 s; some customers hang up at once.
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  const silent = chance() < 0.05;
  const duration = silent
    ? 1 + Math.floor(chance() * 3)
    : Math.min(600, Math.ceil(32 * Math.exp(0.75 * normal)));
  const rounds = duration < 4 ? 0 : 1 + Math.min(17, Math.floor(duration / 15 + chance() * 3));
  const warmth = chance() + rounds / 12;
  const level =
    warmth > 1.2
      ? 1
      : warmth > 1
        ? 2
        : warmth > 0.75
          ? 3
          : warmth > 0.5
            ? 6
            : warmth > 0.25
              ? 4
              : 5;
  calls.duration[row] = duration;
  calls.chatRound[row] = rounds;
  calls.level[row] = level;
  calls.start[row] = end - duration - 1 - Math.floor(duration / 12) - Math.floor(chance() * 2);
  let topics = 0;
  for (let topic = 0; topic < script.topics.length; topic += 1) {
    if (chance() < Math.min(0.5, rounds * 0.035)) topics |= 1 << topic;
  }
  const verdict =
    script.verdict && rounds > 1 ? 1 + Math.floor(chance() * script.verdicts.length) : 0;
  const booked = script.books && level === 1 && chance() < 0.7 ? 1 : 0;
  calls.results[row] = topics | (verdict << 8) | (booked << 12);
}

/** The row range of each page of a given size. A page contains calls of one task only. */
function pages({ firstRows, rows }, size) {
  const found = [];
  for (let task = 0; task + 1 < firstRows.length; task += 1) {
    for (let from = firstRows[task]; from < firstRows[task + 1]; from += size) {
      found.push([from, Math.min(from + size, firstRows[task + 1], rows)]);
    }
  }
  return found;
}

function body(calls, from, to, size) {
  const { firstRows } = calls;
  const at = firstRows.findLastIndex((first) => first <= from);
  const total = firstRows[at + 1] - firstRows[at];
  const startRow = from - firstRows[at];
  const list = [];
  for (let row = from; row < to; row += 1) list.push(rowText(calls, row, firstRows[at + 1] ?? to));
  const page =
    `"pageNum":${Math.floor(startRow / size) + 1},"pageSize":${size},"size":${to - from},"orderBy":null,` +
    `"startRow":${startRow},"endRow":${startRow + to - from - 1},` +
    `"total":${total},"pages":${Math.ceil(total / size)},"list":[${list.join(",")}]`;
  return `{"code":200,"data":{${page}},"resultMsg":"操作成功","errorStackTrace":null}`;
}

function rowText(calls, row, lastRow) {
  const task = taskList[calls.task[row]];
  const status = calls.finishStatus[row];
  const id = calls.id[row];
  // Values that no chart counts are generated here, from the id.
  const chance = random(id);
  const surname = surnames[Math.floor(chance() * 40)];
  const given = givenNames[Math.floor(chance() * 48)];
  const customer =
    chance() < 0.12 ? `${surname}${chance() < 0.5 ? "女士" : "先生"}` : surname + given;
  const number = ((id % 1_000_000) * 161_803 + calls.task[row] * 24_977) % 300_000;
  const telephone = `${prefixes[Math.floor(number / 10_000)]}0000${String(number % 10_000).padStart(4, "0")}`;
  const redials = chance() < 0.84 ? 0 : chance() < 0.85 ? 1 : 2;
  const end = timeText(calls.end[row]);
  const recording = recorded.has(status)
    ? `"https://calls.example.com/recordings/${id}${status === 0 ? "" : "_early_media"}.wav"`
    : null;
  const secondary = task.firstDay % 8 === 0 ? "08:30:00" : "09:00:00";
  return (
    `{"callInstanceId":${id},"sceneDefId":${1 + (task.callJobId % 8)},"callJobId":${task.callJobId},` +
    `"customerTelephone":"${telephone}","customerName":"${customer}","status":2,"finishStatus":${status},` +
    `"duration":"${calls.duration[row]}秒","chatRound":${calls.chatRound[row]},` +
    `"startTime":"${timeText(calls.start[row])}","endTime":"${end}",` +
    `"callerPhone":"${lines[calls.line[row]]}","callIndex":${lastRow - row},"luyinOssUrl":${recording},` +
    `"secondaryCallTime":"1970-01-01 ${secondary}","secondaryCallTimes":${redials},` +
    `"gmtCreate":"${dateText(task.firstDay)} 08:12:45","gmtModified":"${end}","jobName":"${task.jobName}",` +
    `"resultList":${resultText(calls, row, task.script)}}`
  );
}

const resultTexts = new Map();

function resultText(calls, row, name) {
  const script = scripts[name];
  const results = calls.results[row];
  const key = `${name}${calls.level[row]} ${results}`;
  const known = resultTexts.get(key);
  if (known) return known;
  const pair = (name, value) => `{"name":"${name}","value":"${value}"}`;
  let text = `[${pair("客户意向等级", levels[calls.level[row]])}`;
  script.topics.forEach((topic, bit) => {
    if ((results >> bit) & 1) text += `,${pair(script.topic, topic)}`;
  });
  const verdict = (results >> 8) & 15;
  if (verdict > 0) text += `,${pair(script.verdict, script.verdicts[verdict - 1])}`;
  const appointment = results >> 12;
  if (appointment) {
    const duration = calls.duration[row];
    const day = Math.floor((calls.start[row] - firstMidnight) / 86_400) + 1 + (duration % 3);
    text += `,${pair("预约时间", `${dateText(day)} ${String(9 + (duration % 8)).padStart(2, "0")}:00`)}`;
  }
  text += "]";
  if (!appointment) resultTexts.set(key, text);
  return text;
}

/** The date "2024-01-15" plus a number of days. */
function dateText(day) {
  // At noon UTC the date in Shanghai is the same.
  return new Date((firstMidnight + day * 86_400 + 43_200) * 1000).toISOString().slice(0, 10);
}

const dateTexts = [];
const clockTexts = [];

/** "2024-01-15 09:30:00", in Shanghai. */
function timeText(seconds) {
  const since = seconds - firstMidnight;
  const day = Math.floor(since / 86_400);
  const clock = since - day * 86_400;
  const date = (dateTexts[day] ??= dateText(day));
  const two = (number) => String(number).padStart(2, "0");
  clockTexts[clock] ??=
    `${two(Math.floor(clock / 3600))}:${two(Math.floor(clock / 60) % 60)}:${two(clock % 60)}`;
  return `${date} ${clockTexts[clock]}`;
}

/** Mulberry32: uniform in 0 ≤ x < 1. */
function random(seed) {
  let state = (seed % 4_294_967_296) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
