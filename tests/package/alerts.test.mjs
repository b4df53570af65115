// The rules of byrobot-calls/alerts about lines, scripts and lists, each alone at its boundaries, on rows made for it; options. Not
// here: the other rules (alerts-tasks.test.mjs), scenarios (scenario.test.mjs), incidents (incidents.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rateInterval } from "byrobot-calls";
import { defaultThresholds, evaluateAlerts } from "byrobot-calls/alerts";
import { at, day, hour, minute, now, only, reasonOf, rows, task } from "./alert-rows.mjs";
import { chance, row as randomRow } from "./calls.mjs";
import { expectedRates } from "./definitions.mjs";

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
