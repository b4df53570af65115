// The rules of byrobot-calls/alerts about tasks, hours, numbers, recordings and the data, each alone at its boundaries. Not here: the
// rules about lines, scripts and lists (alerts.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { at, day, hour, minute, now, only, reasonOf, rows, task } from "./alert-rows.mjs";

const answered = { finishStatus: 0, duration: 40, chatRound: 5 };

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
