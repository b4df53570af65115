// What becomes of alerts over time: incidents open, close, are acknowledged and snoozed. Not here: the rules
// (alerts.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { acknowledge, describeAlert, snooze, updateIncidents } from "byrobot-calls/alerts";
import { day, hour, minute, now } from "./alert-rows.mjs";
import { chance } from "./calls.mjs";

const alert = (rule = "flaggedLine", fields = {}) => ({
  id: `${rule}:1`,
  rule,
  level: "warning",
  subject: { kind: "line", callerPhone: "1" },
  since: now - hour,
  numbers: { part: 20, whole: 100, rate: 0.2 },
  filter: { callerPhone: "1" },
  ...fields,
});
const report = (alerts = [], fields = {}) => ({
  alerts,
  unavailable: [],
  undecided: [],
  ...fields,
});
const none = report();

/** The incidents after evaluations: `[minutes, report]` each. */
const after = (...evaluations) =>
  evaluations.reduce(
    (incidents, [minutes, found]) => updateIncidents(incidents, found, now + minutes * minute),
    [],
  );
const states = (...evaluations) => after(...evaluations).map(({ state }) => state);

describe("an incident", () => {
  const found = report([alert()]);

  test("is pending, and opens after 15 minutes", () => {
    assert.deepEqual(states([0, found]), ["pending"]);
    assert.deepEqual(states([0, found], [1, found], [14, found]), ["pending"]);
    const [incident] = after([0, found], [7, found], [15, found]);
    assert.equal(incident.state, "open");
    assert.deepEqual([incident.seenAt, incident.openedAt], [now, now + 15 * minute]);
  });

  test("does not open if an evaluation between is clean", () => {
    assert.deepEqual(states([0, found], [7, none]), []);
    assert.deepEqual(states([0, found], [7, none], [15, found]), ["pending"]);
  });

  test("closes after two clean evaluations, 15 minutes apart", () => {
    const open = [
      [0, found],
      [15, found],
    ];
    assert.deepEqual(states(...open, [16, none]), ["open"]);
    assert.deepEqual(states(...open, [16, none], [30, none]), ["open"]);
    const [closed] = after(...open, [16, none], [31, none]);
    assert.equal(closed.state, "closed");
    assert.equal(closed.closedAt, now + 31 * minute);
    // An alert between begins anew.
    assert.deepEqual(states(...open, [16, none], [20, found], [31, none]), ["open"]);
  });

  test("has the newest alert", () => {
    const worse = alert("flaggedLine", { level: "critical", numbers: { rate: 0.1 } });
    const [incident] = after([0, found], [15, report([worse])]);
    assert.deepEqual(incident.alert, worse);
  });

  for (const rule of ["firstRound", "invalidNumbers"]) {
    test(`of ${rule} opens and closes by day`, () => {
      const daily = report([alert(rule)]);
      // Noon, 23:59 and midnight in Shanghai.
      assert.deepEqual(states([0, daily], [719, daily]), ["pending"]);
      const open = [
        [0, daily],
        [720, daily],
      ];
      assert.deepEqual(states(...open), ["open"]);
      assert.deepEqual(states(...open, [721, none], [1000, none]), ["open"]);
      assert.deepEqual(states(...open, [721, none], [720 + 1440, none]), ["closed"]);
    });
  }

  for (const rule of ["taskStatus", "dataAge"]) {
    test(`of ${rule} opens at once`, () => {
      assert.deepEqual(states([0, report([alert(rule)])]), ["open"]);
      assert.deepEqual(states([0, report([alert(rule)])], [1, none]), ["open"]);
      assert.deepEqual(states([0, report([alert(rule)])], [1, none], [2, none]), ["closed"]);
    });
  }

  test("stays as it is while its rule is unavailable, or undecided about it", () => {
    const blind = [
      report([], { unavailable: [{ rule: "flaggedLine", reason: "noPeers" }] }),
      report([], { undecided: ["flaggedLine:1"] }),
    ];
    for (const unknown of blind) {
      assert.deepEqual(states([0, found], [5, unknown], [15, found]), ["open"]);
      const open = after([0, found], [15, found]);
      assert.deepEqual(updateIncidents(open, unknown, now + day), open);
    }
    assert.deepEqual(states([0, found], [5, report([], { undecided: ["flaggedLine:2"] })]), []);
  });

  test("that closed is history, and a new one opens beside it", () => {
    const all = after([0, found], [15, found], [16, none], [31, none], [60, found]);
    assert.deepEqual(
      all.map(({ state }) => state),
      ["closed", "pending"],
    );
  });
});

describe("acknowledging and snoozing", () => {
  const found = report([alert()]);
  const open = after([0, found], [15, found]);
  const [{ id }] = open;

  test("acknowledges the incident that is not closed", () => {
    const [incident] = acknowledge(open, id, new Date(now));
    assert.equal(incident.acknowledgedAt, now);
    assert.equal(open[0].acknowledgedAt, null);
    assert.deepEqual(acknowledge(open, "none", now), open);
  });

  test("an incident that becomes critical is new again", () => {
    const known = acknowledge(open, id, now);
    const later = (level) =>
      updateIncidents(known, report([alert("flaggedLine", { level })]), now + hour)[0];
    assert.equal(later("warning").acknowledgedAt, now);
    assert.equal(later("critical").acknowledgedAt, null);
  });

  test("does not reopen while it is snoozed", () => {
    const until = now + 8 * hour;
    let incidents = snooze(open, id, until);
    assert.equal(incidents[0].snoozedUntil, until);
    for (const [minutes, next] of [
      [20, none],
      [40, none],
      [60, found],
      [80, found],
    ]) {
      incidents = updateIncidents(incidents, next, now + minutes * minute);
    }
    assert.deepEqual(
      incidents.map(({ state }) => state),
      ["closed"],
    );
    incidents = updateIncidents(incidents, found, until);
    incidents = updateIncidents(incidents, found, until + 15 * minute);
    assert.deepEqual(
      incidents.map(({ state }) => state),
      ["closed", "open"],
    );
  });

  test("ends with null", () => {
    assert.equal(snooze(snooze(open, id, now + hour), id, null)[0].snoozedUntil, null);
  });

  test("refuses what is no time", () => {
    const refused = (action) =>
      assert.throws(action, (error) => error.code === "invalid_argument" && error.path !== null);
    refused(() => acknowledge(open, id, NaN));
    refused(() => snooze(open, id, "tomorrow"));
    refused(() => updateIncidents(open, none, undefined));
  });
});

/** Random evaluations and actions; after each of them `check` gets the incidents before and after, and what happened. */
function wander(seed, steps, check) {
  const random = chance(seed);
  const rules = ["flaggedLine", "firstRound", "taskStatus", "lineLoss"];
  const all = rules.flatMap((rule) => [1, 2].map((key) => alert(rule, { id: `${rule}:${key}` })));
  let [incidents, at] = [[], now];
  for (let step = 0; step < steps; step += 1) {
    at += random.pick([1, 5, 15, 40, 300]) * minute;
    const before = Object.freeze(incidents.map((incident) => Object.freeze({ ...incident })));
    const { id } = random.pick(all);
    const what = random.below(8);
    const level = random.pick(["warning", "critical"]);
    const alerts = all.filter(() => random.happens(0.6)).map((one) => ({ ...one, level }));
    const blind = random.happens(0.2) ? [{ rule: random.pick(rules), reason: "noPeers" }] : [];
    const next = report(
      alerts.filter(({ rule }) => !blind.some((one) => one.rule === rule)),
      { unavailable: blind },
    );
    if (what === 0) incidents = acknowledge(before, id, at);
    else if (what === 1) incidents = snooze(before, id, at + random.below(600) * minute);
    else incidents = updateIncidents(before, next, at);
    check({ before, incidents, at, report: what > 1 ? next : null });
  }
}

describe("in every sequence of evaluations and actions", () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);
  const everywhere = (name, check) =>
    test(name, () => {
      for (const seed of seeds) {
        try {
          wander(seed, 150, check);
        } catch (error) {
          error.message = `seed ${seed}: ${error.message}`;
          throw error;
        }
      }
    });
  const live = (incidents) => incidents.filter(({ state }) => state !== "closed");

  everywhere("an id has one incident that is not closed", ({ incidents }) => {
    const ids = live(incidents).map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  everywhere("a closed incident stays as it closed, but for a snooze", ({ before, incidents }) => {
    const closed = before.filter(({ state }) => state === "closed");
    for (const { id, closedAt } of closed.slice(-150)) {
      assert.ok(incidents.some((one) => one.id === id && one.closedAt === closedAt));
    }
  });

  everywhere("nothing opens while it is snoozed", ({ before, incidents, at }) => {
    const snoozed = before.filter((one) => one.state === "closed" && one.snoozedUntil > at);
    for (const { id } of snoozed) {
      const had = live(before).filter((one) => one.id === id).length;
      assert.ok(live(incidents).filter((one) => one.id === id).length <= had);
    }
  });

  everywhere("the times are in their order", ({ incidents }) => {
    for (const { state, seenAt, openedAt, cleanAt, closedAt } of incidents) {
      assert.equal(state === "pending", openedAt === null);
      assert.equal(state === "closed", closedAt !== null);
      const times = [seenAt, openedAt, cleanAt, closedAt].filter((time) => time !== null);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    }
  });

  everywhere("an alert that is not snoozed has an incident", ({ incidents, at, report }) => {
    for (const { id } of report?.alerts ?? []) {
      const own = incidents.filter((one) => one.id === id);
      assert.ok(own.some((one) => one.state !== "closed" || one.snoozedUntil > at));
    }
  });

  everywhere("incidents are plain data, and 200 closed ones at most", ({ incidents }) => {
    assert.ok(incidents.filter(({ state }) => state === "closed").length <= 200);
    assert.deepEqual(JSON.parse(JSON.stringify(incidents)), incidents);
  });
});

test("of more than 200 closed incidents the newest are kept", () => {
  let incidents = [];
  for (let index = 0; index < 205; index += 1) {
    const one = report([alert("taskStatus", { id: `taskStatus:${index}` })]);
    for (const next of [one, none, none]) incidents = updateIncidents(incidents, next, now + index);
  }
  assert.equal(incidents.length, 200);
  assert.equal(incidents[0].id, "taskStatus:5");
});

describe("the words", () => {
  const text = (rule, numbers, subject, language) =>
    describeAlert(alert(rule, { numbers, subject }), language);
  const line = { kind: "line", callerPhone: "057112345678" };
  const job = { kind: "task", callJobId: 7, jobName: "回访" };

  test("name the rule, the subject and the numbers", () => {
    const flagged = { part: 24, whole: 127, rate: 24 / 127, expected: 0.412 };
    assert.deepEqual(text("flaggedLine", flagged, line, "zh"), {
      title: "线路疑似被标记",
      text: "线路 057112345678 今日接通率 18.9%（24/127），同任务其他线路为 41.2%。推断，非运营商数据。",
    });
    assert.deepEqual(text("flaggedLine", flagged, line, "en"), {
      title: "Line possibly flagged",
      text:
        "Today 18.9% of the calls of line 057112345678 were answered (24 of 127); other lines had 41.2% on " +
        "the same tasks. This is inferred, not told by a carrier.",
    });
    assert.equal(
      text("taskStatus", { status: 8 }, job, "zh").text,
      "任务「回访」当前状态：AI到期。",
    );
    assert.equal(
      text("taskStatus", { status: 99 }, job, "en").text,
      "The status of task “回访”: 99.",
    );
  });

  test("say that hours and repeats are rules of vendors", () => {
    const numbers = { calls: 3, critical: 1, numbers: 2, most: 6 };
    for (const rule of ["outsideHours", "repeats"]) {
      assert.match(text(rule, numbers, job, "zh").text, /厂商规则，不是法律/);
      assert.match(text(rule, numbers, job, "en").text, /a vendor's rule, not law/);
    }
  });

  test("refuse another language", () => {
    assert.throws(() => describeAlert(alert(), "fr"), { code: "invalid_argument" });
    assert.throws(() => describeAlert(alert(), "toString"), { code: "invalid_argument" });
  });
});
