// What an operations manager would be told, computed from a table and its tasks: which line, task or script is out of
// the ordinary on a day. The thresholds are usual ones of call centres. Not here: tests.
import { rateDifference, rateInterval } from "byrobot-calls";

const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
};
const lower = (part, whole) => (part === 0 ? 0 : rateInterval({ part, whole })[0]);
const secondOfDay = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
const dayBefore = (date, days) =>
  new Date(Date.parse(date) - days * 86_400_000).toISOString().slice(0, 10);

/** Counts of calls of a table by an object and date: `of(key, date)`. */
function counts(table, filter, dimension) {
  const found = table.where(filter).groupBy([dimension, "date"]);
  const byKey = new Map(found.map(({ key, calls }) => [JSON.stringify(key), calls]));
  return (key, date) => byKey.get(JSON.stringify([key, date])) ?? 0;
}

/** The rule `[name, object]` of each alarm of a day, from the calls alone. */
export function alarmsOfDay(table, date) {
  const alarms = [];
  const day = table.where({ date });
  const week = [1, 2, 3, 4, 5, 6, 7].map((days) => dayBefore(date, days));

  // Lines: fewer answers than the other lines have on the same tasks.
  const { calls: total, answered: totalAnswered } = day.statistics();
  for (const line of day.expectedRates("callerPhone", ["callJobId", "date"])) {
    if (line.calls < 100 || line.expectedRate === null) continue;
    const peers = { part: totalAnswered - line.answered, whole: total - line.calls };
    const difference = rateDifference({ part: line.answered, whole: line.calls }, peers);
    const low = line.answerRate <= 0.8 * line.expectedRate && difference.interval[1] < 0;
    if (low) alarms.push(["flaggedLine", line.key]);
  }

  // Shares beside their median of the last seven days.
  const shares = (name, dimension, part, whole, isHigh) => {
    const [of, all] = [counts(table, part, dimension), counts(table, whole, dimension)];
    for (const { key } of day.groupBy(dimension)) {
      if (all(key, date) < 100) continue;
      const before = week
        .filter((one) => all(key, one) > 0)
        .map((one) => of(key, one) / all(key, one));
      if (before.length < 3) continue;
      if (isHigh(lower(of(key, date), all(key, date)), median(before))) alarms.push([name, key]);
    }
  };
  const answered = { finishStatus: 0 };
  const double = (share, usual) => share > 2 * usual;
  shares("rejections", "callerPhone", { finishStatus: 1 }, {}, double);
  shares("interceptions", "callerPhone", { finishStatus: [3, 23] }, {}, double);
  shares(
    "shortCalls",
    "callerPhone",
    { finishStatus: 0, duration: { max: 9 } },
    answered,
    (share, usual) => share > 0.15 && share > 1.3 * usual,
  );
  shares(
    "earlyHangUps",
    "sceneDefId",
    { finishStatus: 0, chatRound: { max: 1 } },
    answered,
    (share, usual) => share > usual + 0.1,
  );

  // Lists.
  const invalid = counts(table, { finishStatus: 4 }, "callJobId");
  const blocked = counts(table, { finishStatus: [11, 12] }, "callJobId");
  for (const { key, calls } of day.groupBy("callJobId")) {
    if (calls >= 200 && lower(invalid(key, date), calls) > 0.1) alarms.push(["badList", key]);
    if (calls >= 100 && blocked(key, date) / calls > 0.05) alarms.push(["blockedList", key]);
  }

  // Lines that cannot carry the calls, hour by hour.
  const lost = counts(day, { finishStatus: [10, 25] }, "hourOfDay");
  for (const { key, calls } of day.groupBy("hourOfDay")) {
    if (calls >= 100 && lost(key, date) / calls > 0.03) alarms.push(["callLoss", key]);
    if (key < 9 || key >= 20) alarms.push(["afterHours", key]);
  }
  if (day.repeats().numbers.some(({ calls }) => calls >= 3)) alarms.push(["repeats", date]);
  return alarms;
}

/** The alarms of the tasks at an instant; `tasks` are answers of `getTaskDetail`. */
export function alarmsOfTasks(table, tasks, now) {
  const alarms = [];
  const second = ((now.getTime() / 1000 + 8 * 3600) % 86_400) + 0;
  for (const task of tasks) {
    const { callJobId, status } = task;
    if ([5, 8, 9, 10].includes(status)) alarms.push(["stopped", callJobId]);
    const [opens, closes, pause, resumes] = [
      task.workingStartTime,
      task.workingEndTime,
      task.breakStartTime ?? "24:00:00",
      task.breakEndTime ?? "24:00:00",
    ].map(secondOfDay);
    const dialsAt = (at) => at >= opens && at < closes && !(at >= pause && at < resumes);
    if (status !== 1 || !dialsAt(second) || !dialsAt(second - 1200)) continue;
    const since = (minutes) =>
      table.where({ callJobId, startTime: { from: new Date(now.getTime() - minutes * 60_000) } })
        .length;
    if (since(20) === 0) alarms.push(["silent", callJobId]);
  }
  return alarms;
}
