// Each rule of byrobot-calls/alerts alone, at its boundaries, on rows made for it. Not here: scenarios (scenario.test.mjs), what
// becomes of alerts (incidents.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rateInterval } from "byrobot-calls";
import { defaultThresholds, evaluateAlerts } from "byrobot-calls/alerts";
import { day, hour, minute, now, rows, task } from "./alert-rows.mjs";
import { chance, row as randomRow } from "./calls.mjs";
import { expectedRates } from "./definitions.mjs";

const at = (text) => Date.parse(`2024-03-${text}+08:00`);
const only = (report, rule) => report.alerts.filter((alert) => alert.rule === rule);
const reasonOf = ({ unavailable }, rule) => unavailable.find((one) => one.rule === rule)?.reason;
const answered = { finishStatus: 0, duration: 40, chatRound: 5 };
const line = "057100000126";
const other = { callerPhone: "18000000902" };
const id = `flaggedLine:${line}`;

/** Rows of two lines on one task: answered of all, and those of the other line. */
const twoLines = (part, whole, otherPart, otherWhole) =>
  rows().share(part, whole, {}, answered).share(otherPart, otherWhole, other, answered);

describe("a flagged line", () => {
  test("is answered at most 0.8 times as often as expected", () => {
    assert.deepEqual(twoLines(400, 1000, 2000, 4000).ids(), [id]);
    assert.deepEqual(twoLines(401, 1000, 2000, 4000).ids(), []);
  });

  test("is critical from 0.6 times on", () => {
    const level = (part) => only(twoLines(part, 1000, 2000, 4000).report(), "flaggedLine")[0].level;
    assert.equal(level(300), "critical");
    assert.equal(level(301), "warning");
  });

  test("needs 100 calls; with fewer it is undecided", () => {
    assert.deepEqual(twoLines(20, 100, 2000, 4000).ids(), [id]);
    const { alerts, undecided } = twoLines(19, 99, 2000, 4000).report();
    assert.deepEqual(alerts, []);
    assert.ok(undecided.includes(id));
  });

  test("has a difference that the interval is sure of", () => {
    // 33 % beside 42 % could be chance with 100 calls, not with 1000.
    assert.deepEqual(twoLines(33, 100, 42, 100).ids(), []);
    assert.deepEqual(twoLines(330, 1000, 420, 1000).ids(), [id]);
  });

  test("is compared on the tasks that other lines dial, too", () => {
    // A bad list of the line's own blames nobody.
    const own = twoLines(100, 200, 2000, 4000).share(0, 500, { callJobId: 8 });
    assert.deepEqual(own.ids(), []);
    const mixed = twoLines(60, 200, 2000, 4000).share(500, 500, { callJobId: 8 }, answered);
    const [{ numbers, filter, subject }] = only(mixed.report(), "flaggedLine");
    assert.deepEqual(
      { ...numbers, high: numbers.high < 0 },
      { part: 60, whole: 200, rate: 0.3, expected: 0.5, peers: 4000, high: true },
    );
    assert.deepEqual(filter, { callerPhone: line, date: "2024-03-15" });
    assert.deepEqual(subject, { kind: "line", callerPhone: line });
  });

  test("has the expected rate of the definition", () => {
    for (const seed of [1, 2, 3]) {
      const random = chance(seed);
      const made = rows();
      const weak = "057100000126";
      for (let index = 0; index < 3000; index += 1) {
        const { callerPhone, callJobId, sceneDefId } = randomRow(random, index);
        const rate = callerPhone === weak ? 0.1 : 0.3 + (callJobId % 3) * 0.2;
        const fields = { callerPhone, callJobId, sceneDefId };
        made.add(1, { ...fields, ...(random.happens(rate) && answered) });
      }
      const [alert] = only(made.report(), "flaggedLine");
      const direct = expectedRates(made.list, "callerPhone", ["callJobId"]);
      const { expectedRate, answerRate } = direct.find(({ key }) => key === weak);
      assert.ok(Math.abs(alert.numbers.expected - expectedRate) < 1e-12);
      assert.ok(Math.abs(alert.numbers.rate - answerRate) < 1e-12);
    }
  });

  test("cannot be found without another line on a task", () => {
    const made = rows()
      .share(10, 200, {}, answered)
      .share(90, 200, { ...other, callJobId: 8 });
    assert.equal(reasonOf(made.report(), "flaggedLine"), "noPeers");
    assert.equal(reasonOf(twoLines(20, 100, 50, 100).report(), "flaggedLine"), undefined);
  });

  test("is flagged since the first day in a row, and the quarter-hour on it", () => {
    const made = rows();
    for (const ago of [0, 1, 2, 3, 4]) {
      const noon = now - ago * day;
      // Good until 10:00 two days ago; a Thursday with few calls tells nothing.
      const count = ago === 1 ? 20 : 200;
      const good = ago > 2;
      made.share(good ? count / 2 : count / 10, count, { at: noon - hour }, answered);
      if (ago === 2) made.share(20, 40, { at: noon - 3 * hour }, answered);
      made.share(500, 1000, { ...other, at: noon - hour }, answered);
      made.share(500, 1000, { ...other, at: noon - 3 * hour }, answered);
    }
    const [{ since }] = only(made.report(), "flaggedLine");
    assert.equal(since, at("13T11:00:00"));
  });
});

/** Rows of eight days, each with a share: of each of the days before, and of today. */
function days(usual, today, { whole = 1000, fields = {}, part, before = 7 }) {
  const made = rows();
  for (let ago = 1; ago <= before; ago += 1) {
    made.share(usual, 1000, { ...fields, at: now - ago * day }, part);
  }
  return made.share(today, whole, fields, part);
}

/** The least part of a whole whose interval is above a share. */
function leastAbove(share, whole) {
  let part = 0;
  while (rateInterval({ part, whole })[0] <= share) part += 1;
  return part;
}

describe("a share beside the days before", () => {
  const shares = {
    rejections: { part: { finishStatus: 1 }, usual: 40, limit: 0.08, object: line },
    interceptions: { part: { finishStatus: 23 }, usual: 10, limit: 0.02, object: line },
    shortCalls: {
      fields: answered,
      part: { duration: 9 },
      usual: 130,
      limit: 0.169,
      object: line,
    },
    firstRound: { fields: answered, part: { chatRound: 1 }, usual: 200, limit: 0.3, object: 4 },
  };
  for (const [rule, { object, limit, usual, ...what }] of Object.entries(shares)) {
    const alert = [`${rule}:${object}`];
    test(`${rule}: the lower end of the interval is beyond the threshold`, () => {
      const least = leastAbove(limit, 1000);
      assert.deepEqual(days(usual, least, what).ids(), alert);
      assert.deepEqual(days(usual, least - 1, what).ids(), []);
    });
    test(`${rule}: needs 100 calls`, () => {
      const least = leastAbove(limit, 100) + 1;
      assert.deepEqual(days(usual, least, { ...what, whole: 100 }).ids(), alert);
      const few = days(usual, least, { ...what, whole: 99 }).report();
      assert.deepEqual(few.alerts, []);
      assert.ok(few.undecided.includes(alert[0]));
    });
    test(`${rule}: needs three days before`, () => {
      assert.deepEqual(days(usual, 900, { ...what, before: 3 }).ids(), alert);
      const { alerts, unavailable } = days(usual, 900, { ...what, before: 2 }).report();
      assert.deepEqual(alerts, []);
      assert.ok(unavailable.some((one) => one.rule === rule && one.reason === "tooFewDays"));
    });
    test(`${rule}: says its numbers, and the filter has its calls`, () => {
      const made = days(usual, 900, what);
      const [{ numbers, filter, level, since }] = only(made.report(), rule);
      const { low, ...exact } = numbers;
      assert.deepEqual(exact, { part: 900, whole: 1000, rate: 0.9, usual: usual / 1000 });
      assert.equal(low, rateInterval({ part: 900, whole: 1000 })[0]);
      assert.equal(level, "warning");
      assert.equal(since, at("15T10:00:00"));
      const table = made.table();
      assert.equal(table.where(filter).length, 900);
      table.free();
    });
  }

  test("interceptions count the unavailable line, too", () => {
    const what = { part: { finishStatus: 3 } };
    assert.deepEqual(days(10, 300, what).ids(), [`interceptions:${line}`]);
  });

  test("short calls ring from 15 % on, however few are usual", () => {
    const what = { fields: answered, part: { duration: 9 } };
    const least = leastAbove(0.15, 1000);
    assert.deepEqual(days(20, least, what).ids(), [`shortCalls:${line}`]);
    assert.deepEqual(days(20, least - 1, what).ids(), []);
    // 10 seconds are not short, and a call without a duration is no call.
    assert.deepEqual(days(20, 900, { ...what, part: { duration: 10 } }).ids(), []);
    assert.deepEqual(days(20, 900, { ...what, part: { duration: null } }).ids(), []);
  });

  test("a day with few calls is not usual", () => {
    const what = { part: { finishStatus: 1 } };
    const made = days(40, 300, what);
    // Four days of 29 calls, of which all are rejected: not among the seven.
    assert.deepEqual(made.ids(), [`rejections:${line}`]);
    const few = rows();
    for (const ago of [1, 2]) few.share(40, 1000, { at: now - ago * day }, what.part);
    for (const ago of [3, 4]) few.add(29, { at: now - ago * day });
    few.share(300, 1000, {}, what.part);
    assert.deepEqual(few.ids(), []);
  });

  test("rings since the first of the days in a row", () => {
    const made = days(40, 300, { part: { finishStatus: 1 }, before: 7 });
    for (let ago = 8; ago <= 14; ago += 1)
      made.share(40, 1000, { at: now - ago * day }, { finishStatus: 1 });
    made.share(700, 1000, { at: now - day }, { finishStatus: 1 });
    const [{ since }] = only(made.report(), "rejections");
    assert.equal(since, at("14T12:00:00"));
  });
});

describe("the list of a task", () => {
  const of = (part, whole, fields) => rows().share(part, whole, fields, { finishStatus: 4 });
  test("has invalid numbers: the lower end is above 10 %, of 200 calls", () => {
    const least = leastAbove(0.1, 200);
    assert.deepEqual(of(least, 200).ids(), ["invalidNumbers:7"]);
    assert.deepEqual(of(least - 1, 200).ids(), []);
    assert.deepEqual(of(199, 199).ids(), []);
  });
  test("has blocked numbers: above 5 % of 100 calls", () => {
    const blocked = (part, whole, code) => rows().share(part, whole, {}, { finishStatus: code });
    assert.deepEqual(blocked(6, 100, 11).ids(), ["blockedNumbers:7"]);
    assert.deepEqual(blocked(6, 100, 12).ids(), ["blockedNumbers:7"]);
    assert.deepEqual(blocked(5, 100, 12).ids(), []);
    assert.deepEqual(blocked(6, 99, 12).ids(), []);
  });
  test("is looked at for two days", () => {
    assert.deepEqual(of(200, 200, { at: at("14T00:00:00") }).ids(), ["invalidNumbers:7"]);
    assert.deepEqual(of(200, 200, { at: at("13T23:59:59") }).ids(), []);
  });
  test("names the task, also one that is not listed", () => {
    const [{ subject, since, filter }] = of(200, 400, { jobName: "首保提醒" }).report({
      tasks: [task({ callJobId: 9 })],
    }).alerts;
    assert.deepEqual(subject, { kind: "task", callJobId: 7, jobName: "首保提醒" });
    assert.equal(since, at("15T10:00:00"));
    const table = of(200, 400).table();
    assert.equal(table.where(filter).length, 200);
    table.free();
  });
});

describe("line loss", () => {
  const lost = (part, whole, fields, code = 10) =>
    rows().share(part, whole, { at: now - 10 * minute, ...fields }, { finishStatus: code });
  test("is above 3 % of 100 calls of the last hour", () => {
    assert.deepEqual(lost(4, 100).ids(), ["lineLoss:company"]);
    assert.deepEqual(lost(4, 100, {}, 25).ids(), ["lineLoss:company"]);
    assert.deepEqual(lost(3, 100).ids(), []);
    assert.deepEqual(lost(4, 99).ids(), []);
    assert.deepEqual(lost(100, 100, { at: now - hour }).ids(), ["lineLoss:company"]);
    assert.deepEqual(lost(100, 100, { at: now - hour - 1000 }).ids(), []);
  });
  test("lasts since its first lost call", () => {
    const made = lost(0, 400, { at: now - 3 * hour });
    for (let quarter = 1; quarter <= 10; quarter += 1) {
      made.share(5, 100, { at: now - quarter * 15 * minute }, { finishStatus: 10 });
    }
    const [{ since }] = made.report().alerts;
    assert.equal(since, now - 150 * minute);
  });
});

describe("the hours", () => {
  const called = (text, fields) => rows().add(1, { at: at(text), ...fields });
  const level = (text) =>
    only(called(text).report({ now: at("15T23:30:00") }), "outsideHours").map(({ level }) => level);
  test("are 09 to 20, and 08 to 21", () => {
    assert.deepEqual(level("15T08:59:59"), ["warning"]);
    assert.deepEqual(level("15T09:00:00"), []);
    assert.deepEqual(level("15T19:59:59"), []);
    assert.deepEqual(level("15T20:00:00"), ["warning"]);
    assert.deepEqual(level("15T20:59:59"), ["warning"]);
    assert.deepEqual(level("15T21:00:00"), ["critical"]);
    assert.deepEqual(level("15T07:59:59"), ["critical"]);
    assert.deepEqual(level("15T08:00:00"), ["warning"]);
  });
  test("are those of the day in Shanghai", () => {
    const [alert] = called("15T00:00:00").report({ now: at("15T00:00:01") }).alerts;
    assert.equal(alert.id, "outsideHours:7");
    assert.equal(alert.since, at("15T00:00:00"));
    assert.deepEqual(called("14T23:59:59").ids({ now: at("15T00:00:01") }), []);
    assert.deepEqual(called("14T23:59:59").ids({ now: at("14T23:59:59") }), ["outsideHours:7"]);
  });
  test("can be others", () => {
    const thresholds = { hoursFrom: 10, hoursTo: 18 };
    assert.deepEqual(called("15T09:30:00").ids({ thresholds }), ["outsideHours:7"]);
  });
  test("are the company's for calls of no task", () => {
    assert.deepEqual(called("15T07:00:00", { callJobId: null }).ids(), ["outsideHours:company"]);
  });
});

describe("repeats", () => {
  const called = (count, fields = {}) => {
    const made = rows();
    for (let index = 0; index < count; index += 1) {
      made.add(1, {
        customerTelephone: "13800001234",
        at: now - index * hour,
        callJobId: index + 1,
        ...fields,
      });
    }
    return made.add(5);
  };
  // Hours of the night count for another rule.
  const found = (made) => only(made.report({ now: now + 5 * hour }), "repeats");
  test("are three calls in 24 hours, critical from six on", () => {
    assert.deepEqual(found(called(2)), []);
    assert.deepEqual(
      [3, 5, 6].map((count) => found(called(count))[0].level),
      ["warning", "warning", "critical"],
    );
  });
  test("say how many numbers, and name none", () => {
    const [alert] = found(called(3));
    assert.deepEqual(alert.numbers, { numbers: 1, most: 3, leftOut: 0 });
    assert.doesNotMatch(JSON.stringify(alert), /13800001234/);
    assert.ok(alert.since >= now && alert.since < now + 15 * minute);
  });
  test("end after 24 hours", () => {
    const made = called(3);
    const last = (ms) => only(made.report({ now: ms }), "repeats").length;
    assert.equal(last(now - 2 * hour + day - 1), 1);
    assert.equal(last(now - 2 * hour + day), 0);
  });
  test("cannot be found in masked numbers", () => {
    const masked = rows().add(9, { customerTelephone: "138****1234" });
    assert.equal(reasonOf(masked.report(), "repeats"), "maskedNumbers");
    assert.deepEqual(masked.report().alerts, []);
    const partly = called(3).add(9, { customerTelephone: "138****1234" });
    assert.equal(found(partly)[0].numbers.leftOut, 9);
  });
});

describe("tasks", () => {
  const running = (fields) => task({ status: 1, totalCount: 500, doneCount: 300, ...fields });
  const silent = rows().add(30, { at: now - 21 * minute });
  const ids = (fields, options = {}, made = silent) => {
    const all = made.ids({ tasks: [running(fields)], ...options });
    return all.filter((id) => !id.startsWith("lateTask"));
  };
  const standstill = ["standstill:7"];

  test("that were stopped ring at once, others do not", () => {
    for (let status = 0; status <= 11; status += 1) {
      const expected = [5, 8, 9, 10].includes(status) ? ["taskStatus:7"] : [];
      assert.deepEqual(ids({ status }), status === 1 ? standstill : expected);
    }
    const [{ since, level, numbers }] = silent.report({ tasks: [task({ status: 9 })] }).alerts;
    assert.deepEqual([since, level, numbers], [now - 21 * minute, "critical", { status: 9 }]);
  });

  test("stand still after 20 minutes without a call", () => {
    assert.deepEqual(ids(), standstill);
    assert.deepEqual(ids({}, {}, rows().add(1, { at: now - 20 * minute })), []);
    const [{ numbers, since }] = only(silent.report({ tasks: [running()] }), "standstill");
    assert.deepEqual([numbers, since], [{ minutes: 21, waiting: 200 }, now - 21 * minute]);
  });

  test("do not stand still outside their hours, or just after these begin", () => {
    assert.deepEqual(ids({ workingStartTime: "11:40:00" }), standstill);
    assert.deepEqual(ids({ workingStartTime: "11:40:01" }), []);
    assert.deepEqual(ids({ workingEndTime: "12:00:00" }), standstill);
    assert.deepEqual(ids({ workingEndTime: "11:59:59" }), []);
    assert.deepEqual(ids({ startDate: "2024-03-16" }), []);
  });

  test("do not stand still during their break, or just after it", () => {
    const pause = (from, to) => ids({ breakStartTime: from, breakEndTime: to });
    assert.deepEqual(pause("11:50:00", "12:30:00"), []);
    assert.deepEqual(pause("11:00:00", "11:40:01"), []);
    assert.deepEqual(pause("11:00:00", "11:40:00"), standstill);
    assert.deepEqual(pause("11:45:00", "11:50:00"), []);
    assert.deepEqual(pause("12:00:00", "13:00:00"), standstill);
  });

  test("stand still since their hours begin, at the earliest", () => {
    const made = rows().add(1, { at: now - day });
    const [{ since }] = only(made.report({ tasks: [running()] }), "standstill");
    assert.equal(since, at("15T09:00:00"));
  });

  test("stand still across midnight", () => {
    const night = { workingStartTime: "00:00:00", workingEndTime: "24:00:00" };
    const options = { now: at("15T00:10:00"), syncedAt: at("15T00:10:00") };
    assert.deepEqual(ids(night, options, rows().add(1, { at: at("14T23:49:59") })), standstill);
    assert.deepEqual(ids(night, options, rows().add(1, { at: at("14T23:50:00") })).slice(-1), []);
  });

  test("stand still only with waiting numbers", () => {
    assert.deepEqual(ids({ doneCount: 500 }), []);
    for (const [fields, reason] of [
      [{ totalCount: null }, "noCounters"],
      [{ workingStartTime: null }, "noHours"],
      [{ workingStartTime: "21:00:00" }, "noHours"],
    ]) {
      const made = rows().add(30, { at: now - 21 * minute });
      const report = made.report({ tasks: [running(fields)] });
      assert.equal(reasonOf(report, "standstill"), reason);
      assert.equal(reasonOf(report, "lateTask"), reason);
    }
  });

  test("are not judged by old data", () => {
    const reason = (syncedAt) => {
      const report = silent.report({ tasks: [running()], syncedAt });
      assert.deepEqual(only(report, "standstill"), []);
      return reasonOf(report, "standstill");
    };
    assert.equal(reason(now - 5 * minute), "oldData");
    assert.equal(reason(null), "noSyncedAt");
    assert.deepEqual(ids({}, { syncedAt: now - 5 * minute + 1, interval: hour }), standstill);
  });

  test("that were not given cannot be judged", () => {
    const report = silent.report({ tasks: [] });
    for (const rule of ["standstill", "taskStatus", "lateTask"]) {
      assert.equal(reasonOf(report, rule), "noTasks");
    }
  });

  test("are late if their numbers do not fit into the rest of the day", () => {
    const late = (waiting, fields = {}, made = rows().add(100, { at: now - 30 * minute })) => {
      const tasks = [running({ totalCount: waiting, doneCount: 0, ...fields })];
      return only(made.report({ tasks }), "lateTask");
    };
    // 100 an hour, and two standard errors more: 120 an hour for 8 hours.
    assert.equal(late(960).length, 0);
    assert.equal(late(961).length, 1);
    const [{ numbers, level }] = late(1600);
    assert.equal(level, "info");
    assert.deepEqual(numbers, { waiting: 1600, perHour: 100, hoursLeft: 8, hoursNeeded: 16 });
    // The break is no time of dialling.
    const pause = { breakStartTime: "12:00:00", breakEndTime: "14:00:00" };
    assert.equal(late(721, pause).length, 1);
    assert.equal(late(720, pause).length, 0);
    // The begin of the hours is within the last hour: 200 an hour.
    const [young] = late(9000, { workingStartTime: "11:30:00" });
    assert.equal(young.numbers.perHour, 200);
    // A pace needs a quarter of an hour.
    assert.equal(late(9000, { workingStartTime: "11:46:00" }).length, 0);
  });
});

describe("recordings", () => {
  const interested = (at, value = "A级(较强)") =>
    rows().add(1, { at, ...answered, resultList: [{ name: "客户意向等级", value }] });
  test("of interested customers expire between 25 and 30 days", () => {
    assert.deepEqual(interested(now - 25 * day).ids(), []);
    assert.deepEqual(interested(now - 25 * day - 1000).ids(), ["recordingExpiry:company"]);
    assert.deepEqual(interested(now - 30 * day).ids(), ["recordingExpiry:company"]);
    assert.deepEqual(interested(now - 30 * day - 1000).ids(), []);
    assert.deepEqual(interested(now - 26 * day, "C级(很少)").ids(), []);
    assert.equal(interested(now - 26 * day).report().alerts[0].since, now - day);
  });
});

describe("data", () => {
  test("is old after three intervals", () => {
    const age = (ms, interval) => rows().ids({ syncedAt: now - ms, interval });
    assert.deepEqual(age(90_000), []);
    assert.deepEqual(age(90_001), ["dataAge:company"]);
    assert.deepEqual(age(3 * hour, hour), []);
  });
  test("is unreadable in more than 1 % of the calls", () => {
    const odd = (part) => rows().share(part, 1000, {}, { duration: "很久" });
    assert.deepEqual(odd(10).ids(), []);
    const [{ numbers }] = odd(11).report().alerts;
    assert.deepEqual(numbers, { minutes: 0, unreadable: 11, whole: 1000, rate: 0.011 });
  });
  test("without a time of synchronisation has no age", () => {
    assert.equal(reasonOf(rows().report({ syncedAt: undefined }), "dataAge"), "noSyncedAt");
  });
});

describe("an evaluation", () => {
  test("does not count calls after its time", () => {
    const made = twoLines(20, 100, 2000, 4000);
    assert.deepEqual(made.ids({ now: now - 2 * hour - 1 }), []);
    assert.deepEqual(made.ids({ now: now - 2 * hour }), [id]);
  });

  test("takes a view, leaves the table as it is, and gives plain data", () => {
    const table = twoLines(20, 100, 2000, 4000).table();
    const view = table.where({ callerPhone: line });
    const options = { now: new Date(now), tasks: [], syncedAt: now };
    const report = evaluateAlerts(table, options);
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
    assert.deepEqual(evaluateAlerts(table, options), report);
    assert.deepEqual(evaluateAlerts(view, options).alerts, []);
    assert.equal(table.length, 4100);
    view.free();
    table.free();
  });

  test("has the worst first", () => {
    const made = twoLines(20, 100, 2000, 4000).share(
      300,
      600,
      { callJobId: 9, ...other },
      { finishStatus: 4 },
    );
    const tasks = [task({ callJobId: 3, status: 5 }), task({ callJobId: 9 })];
    assert.deepEqual(made.ids({ tasks }), ["taskStatus:3", id, "invalidNumbers:9"]);
  });

  test("finds nothing in an empty table", () => {
    assert.deepEqual(rows().report(), { alerts: [], unavailable: [], undecided: [] });
  });

  test("refuses wrong options", () => {
    const refused = (options, path) =>
      assert.throws(
        () => rows().report(options),
        (error) => error.code === "invalid_argument" && error.path === path,
        path,
      );
    refused({ now: NaN }, "now");
    refused({ now: "2024-03-15" }, "now");
    refused({ tasks: null }, "tasks");
    refused({ syncedAt: "now" }, "syncedAt");
    refused({ interval: 0 }, "interval");
    refused({ interval: "30" }, "interval");
    refused({ level: 1 }, "level");
    const wrong = {
      fewestCalls: [0, 1.5, "100", NaN],
      level: [0, 1],
      usualDays: [0, 8],
      flaggedRate: [-0.1, 1.1, 0.5],
      shortTimes: [0, Infinity, null],
      hoursFrom: [-1, 9.5, 21],
      hoursTo: [25, 8],
      toString: [1],
      none: [1],
    };
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        assert.throws(
          () => rows().report({ thresholds: { [name]: value } }),
          ({ code, path }) => code === "invalid_argument" && /^thresholds\./.test(path),
          `${name} ${value}`,
        );
      }
    }
    assert.throws(() => Object.assign(defaultThresholds, { level: 1 }), TypeError);
  });
});
