// Scenarios of the sandbox: the package's own alerts and statistics find what `truth` says, and nothing else. Not here: the answers
// of a scenario (sandbox/tests/sandbox/scenarios.rs), the boundaries of a rule (alerts.test.mjs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ByrobotClient, CallTable } from "byrobot-calls";
import { evaluateAlerts, updateIncidents } from "byrobot-calls/alerts";
import { createSandbox } from "byrobot-calls/sandbox";
import { shanghai } from "./calls.mjs";

/** The start of the sandbox's clock, and its date. */
const now = Date.parse("2024-03-15T10:30:00+08:00");
const today = "2024-03-15";
const yesterday = "2024-03-14";

const timeOf = (date, time) => Date.parse(`${date}T${time}+08:00`);

/** The alerts at a time, as `{ date, rule, object, alert }`. */
function alarmsAt({ table, tasks }, at) {
  const date = shanghai(at).slice(0, 10);
  // What tasks were in the past is not known.
  const report = evaluateAlerts(table, { now: at, tasks: at === now ? tasks : [], syncedAt: at });
  return report.alerts.map((alert) => {
    const { callerPhone, callJobId, sceneDefId } = alert.subject;
    const object = callerPhone ?? callJobId ?? sceneDefId ?? "company";
    return { date, rule: alert.rule, object, alert };
  });
}

/** The calls, tasks and truth of a scenario, and its alerts at the end of each day, and now. */
async function world(scenario, seed) {
  const sandbox = await createSandbox({ scenario, seed });
  const client = new ByrobotClient({ fetch: sandbox.fetch });
  const [companyId, table, tasks] = [1, new CallTable(), []];
  for await (const { callJobId } of client.tasks({ companyId })) {
    tasks.push(await client.getTaskDetail({ companyId, taskId: callJobId }));
    for (const body of sandbox.bodies(callJobId)) table.ingest(body);
  }
  const dates = table.groupBy("date").flatMap(({ key }) => (key < today ? [key] : []));
  const times = dates.map((date) => timeOf(date, "23:59:59"));
  const alarms = [...times, now].flatMap((at) => alarmsAt({ table, tasks }, at));
  return { sandbox, client, table, tasks, alarms, truth: sandbox.truth[0] };
}

/** A test on worlds with different seeds. */
function onSeeds(name, scenario, seeds, check) {
  test(name, async () => {
    for (const seed of seeds) {
      const found = await world(scenario, seed);
      try {
        await check(found);
      } catch (error) {
        error.message = `seed ${seed}: ${error.message}`;
        throw error;
      } finally {
        found.table.free();
        found.sandbox.free();
      }
    }
  });
}

const dozen = Array.from({ length: 12 }, (_, at) => at + 1);
const rulesOf = (alarms) => [...new Set(alarms.map(({ rule }) => rule))].sort();
const ofRule = (alarms, wanted) => alarms.filter(({ rule }) => rule === wanted);
const objectsOf = (alarms) => [...new Set(alarms.map(({ object }) => object))];
const datesOf = (alarms) => [...new Set(alarms.map(({ date }) => date))].sort();

function onlyRules(alarms, ...rules) {
  assert.deepEqual(
    rulesOf(alarms).filter((rule) => !rules.includes(rule)),
    [],
  );
}

/** The flagged line is the only one, on each day since it is flagged, and the alert says since when. */
function flagsTheLine({ table, alarms, truth }) {
  const { callerPhone, since } = truth.flaggedLine;
  const flagged = ofRule(alarms, "flaggedLine");
  const dates = table.groupBy("date").flatMap(({ key }) => (key >= since ? [key] : []));
  assert.deepEqual([objectsOf(flagged), datesOf(flagged)], [[callerPhone], dates]);
  assert.ok(flagged.every(({ alert }) => shanghai(alert.since).slice(0, 10) === since));
  const others = alarms.filter(({ rule }) => /rejections|interceptions/.test(rule));
  assert.ok(others.every(({ object, date }) => object === callerPhone && date >= since));
}

/** One object rings by a rule, yesterday and today. */
function ringsOnBothDays(alarms, rule, object) {
  assert.deepEqual(
    [objectsOf(ofRule(alarms, rule)), datesOf(ofRule(alarms, rule))],
    [[object], [yesterday, today]],
  );
}

/** The round with the greatest hazard, among those that a fifth of the answered calls reach: the last rounds of every script end it. */
function worstRound(table, sceneDefId) {
  const rounds = table.where({ sceneDefId }).roundSurvival();
  const reached = rounds.filter(({ survival }) => survival > 0.2);
  return reached.reduce((one, other) => (other.hazard > one.hazard ? other : one));
}

/** The questions without an answer in transcripts of a script's calls, the most frequent first. */
async function unansweredQuestions({ client, table }, sceneDefId) {
  const answered = table.where({ sceneDefId, finishStatus: 0, chatRound: { min: 2 } });
  const counts = new Map();
  for (const { callInstanceId } of answered.rows({ limit: 60 })) {
    const { phoneLog } = await client.phoneLogInfo({ callInstanceId });
    const asked = phoneLog.phoneLogs.filter(
      ({ speaker, aiUnknown }) => speaker === "ME" && aiUnknown,
    );
    for (const text of new Set(asked.map(({ content }) => content))) {
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

onSeeds("in ten quiet days no alarm is raised", "quiet", dozen, async (found) => {
  const { table, alarms, truth } = found;
  assert.deepEqual(alarms, []);
  const dates = table.groupBy("date").map(({ key }) => key);
  assert.equal(dates.length, 11);
  for (const date of dates.slice(0, -1)) {
    for (const time of ["10:00:00", "12:00:00", "16:00:00"]) {
      assert.deepEqual(alarmsAt(found, timeOf(date, time)), []);
    }
  }
  for (const { key } of table.groupBy("sceneDefId")) {
    assert.ok(worstRound(table, key).hazard < 0.55);
    assert.deepEqual(await unansweredQuestions(found, key), []);
  }
  const hours = table.groupBy("hourOfDay");
  const best = hours.reduce((one, other) => (other.answerRate > one.answerRate ? other : one));
  assert.equal(best.key, truth.bestHour);
});

onSeeds("in a campaign, the alarms are those of the truth", "campaign", dozen, async (found) => {
  const { table, tasks, alarms, truth } = found;
  flagsTheLine(found);
  const { badList, stopped, losesAtRound, unanswered } = truth;
  ringsOnBothDays(alarms, "invalidNumbers", badList.callJobId);
  assert.deepEqual(objectsOf(ofRule(alarms, "taskStatus")), [stopped.callJobId]);
  const others = ["rejections", "interceptions", "lateTask", "recordingExpiry"];
  onlyRules(alarms, "flaggedLine", "invalidNumbers", "taskStatus", ...others);
  const { round, hazard } = worstRound(table, losesAtRound.sceneDefId);
  assert.ok(round === losesAtRound.round && hazard > 0.55, `${round} ${hazard}`);
  const [[question]] = await unansweredQuestions(found, unanswered.sceneDefId);
  assert.equal(question, unanswered.question);
  const statuses = new Set(tasks.map(({ status }) => status));
  assert.ok([1, 2, 4, 6, stopped.status].every((status) => statuses.has(status)));
  assert.ok(tasks.length > 45 && tasks.length < 65);
  const long = tasks.filter(({ jobName }) => jobName.length > 30).length;
  assert.ok(long > tasks.length / 6 && long < tasks.length / 2);
});

const partTests = {
  flaggedLine: (found) => {
    flagsTheLine(found);
    onlyRules(found.alarms, "flaggedLine", "rejections", "interceptions");
  },
  badList: ({ alarms, truth }) => {
    ringsOnBothDays(alarms, "invalidNumbers", truth.badList.callJobId);
    onlyRules(alarms, "invalidNumbers");
  },
  blockedList: ({ alarms, truth }) => {
    ringsOnBothDays(alarms, "blockedNumbers", truth.blockedList.callJobId);
    onlyRules(alarms, "blockedNumbers");
  },
  callLoss: ({ alarms, truth }) => {
    const [{ rule, date, alert }, ...others] = alarms;
    assert.deepEqual([rule, date, others], ["lineLoss", today, []]);
    const { since, until } = truth.callLoss;
    assert.ok(shanghai(alert.since) >= since && shanghai(alert.since) < until);
  },
  losesAtRound: ({ table, alarms, truth }) => {
    assert.deepEqual(alarms, []);
    for (const { key } of table.groupBy("sceneDefId")) {
      const { round, hazard } = worstRound(table, key);
      const loses = key === truth.losesAtRound.sceneDefId;
      assert.equal(hazard > 0.55, loses);
      if (loses) assert.equal(round, truth.losesAtRound.round);
    }
  },
  earlyHangUps: ({ alarms, truth }) => {
    const { sceneDefId, since } = truth.earlyHangUps;
    onlyRules(alarms, "firstRound", "shortCalls");
    const early = ofRule(alarms, "firstRound");
    assert.deepEqual(objectsOf(early), [sceneDefId]);
    assert.ok(early.some(({ date }) => date === yesterday));
    assert.ok(alarms.every(({ date }) => date >= since));
    assert.ok(early.every(({ alert }) => shanghai(alert.since).slice(0, 10) === since));
  },
  unanswered: async (found) => {
    assert.deepEqual(found.alarms, []);
    const { sceneDefId, question } = found.truth.unanswered;
    for (const { key } of found.table.groupBy("sceneDefId")) {
      const questions = await unansweredQuestions(found, key);
      assert.equal(questions.length, key === sceneDefId ? 1 : 0);
      if (key === sceneDefId) assert.ok(questions[0][0] === question && questions[0][1] > 6);
    }
  },
  stopped: ({ alarms, truth, tasks }) => {
    const { callJobId, status, since } = truth.stopped;
    const [{ rule, object, alert }, ...others] = alarms;
    assert.deepEqual([rule, object, others], ["taskStatus", callJobId, []]);
    assert.equal(alert.numbers.status, status);
    assert.ok(Math.abs(timeOf(...since.split(" ")) - alert.since) < 5 * 60_000);
    assert.equal(tasks.find((task) => task.callJobId === callJobId).status, status);
  },
  silent: ({ alarms, truth }) => {
    const { callJobId, since } = truth.silent;
    onlyRules(alarms, "standstill", "lateTask");
    assert.deepEqual(objectsOf(alarms), [callJobId]);
    const [{ alert }, ...others] = ofRule(alarms, "standstill");
    assert.deepEqual(others, []);
    assert.ok(Math.abs(timeOf(...since.split(" ")) - alert.since) < 5 * 60_000);
  },
  afterHours: ({ alarms, truth }) => {
    ringsOnBothDays(alarms, "outsideHours", truth.afterHours.callJobId);
    assert.deepEqual(objectsOf(alarms), [truth.afterHours.callJobId]);
    onlyRules(alarms, "outsideHours", "lateTask");
    const levels = ofRule(alarms, "outsideHours").map(({ alert }) => alert.level);
    assert.ok(levels.includes("critical"));
  },
  repeats: ({ table, alarms, truth }) => {
    assert.deepEqual(rulesOf(alarms), ["repeats"]);
    const { numbers } = table.repeats();
    const repeated = numbers.filter(({ calls }) => calls >= 3);
    const count = repeated.reduce((sum, { numbers }) => sum + numbers, 0);
    assert.equal(count, truth.repeats.telephones.length);
  },
  unfinished: ({ alarms, tasks }) => {
    const running = tasks.filter(({ status }) => status === 1);
    const old = running.find(({ startDate }) => startDate < yesterday);
    assert.ok(old.doneCount > 0 && old.doneCount < old.totalCount);
    onlyRules(alarms, "lateTask");
    const late = objectsOf(alarms);
    assert.ok(late.every((object) => running.some(({ callJobId }) => callJobId === object)));
    assert.ok(alarms.every(({ alert }) => alert.level === "info"));
  },
};

Object.entries(partTests).forEach(([part, check], at) => {
  const seeds = [1, 2, 3].map((seed) => 100 + 3 * at + seed);
  onSeeds(`${part} is found, and nothing else`, { [part]: true }, seeds, check);
});

onSeeds(
  "incidents open on what was seen before",
  "campaign",
  [21, 22, 23],
  ({ table, tasks, truth }) => {
    const times = [timeOf(yesterday, "23:59:59"), now - 900_000, now];
    const incidents = times.reduce((before, at) => {
      const given = at === times[0] ? [] : tasks;
      return updateIncidents(
        before,
        evaluateAlerts(table, { now: at, tasks: given, syncedAt: at }),
        at,
      );
    }, []);
    const open = incidents.filter(({ state }) => state === "open").map(({ id }) => id);
    const { flaggedLine, badList, stopped } = truth;
    for (const id of [
      `flaggedLine:${flaggedLine.callerPhone}`,
      `invalidNumbers:${badList.callJobId}`,
      `taskStatus:${stopped.callJobId}`,
    ]) {
      assert.ok(open.includes(id), `${id} is not among ${open.join()}`);
    }
  },
);

test("settings and a base of a scenario hold", async () => {
  const truthOf = async (scenario) => (await createSandbox({ scenario })).truth[0];
  const campaign = await truthOf("campaign");
  assert.deepEqual(await truthOf({ base: "campaign" }), campaign);
  const without = await truthOf({ base: "campaign", stopped: false, unanswered: undefined });
  assert.ok(without.stopped === null && without.unanswered !== null);
  assert.ok((await truthOf({})).flaggedLine === null);
  const set = { flaggedLine: { daysAgo: 0 }, losesAtRound: { round: 1, hazard: 0.2 } };
  const { flaggedLine, losesAtRound } = await truthOf(set);
  assert.ok(flaggedLine.since === today && losesAtRound.round === 1);
  assert.deepEqual((await createSandbox()).truth, []);
});

test("a wrong scenario is refused", async () => {
  for (const [options, error] of [
    [{ scenario: "busy" }, /scenario must be "quiet", "campaign" or an object/],
    [{ scenario: 1 }, /scenario must be an object/],
    [{ scenario: { base: "busy" } }, /must be "quiet", "campaign"/],
    [{ scenario: { speed: 1 } }, /no scenario\.speed/],
    [{ scenario: { stopped: 1 } }, /scenario\.stopped must be true or false/],
    [{ scenario: { badList: 0.2 } }, /scenario\.badList must be an object/],
    [{ scenario: { badList: { share: 1 } } }, /no scenario\.badList\.share/],
    [{ scenario: { badList: { invalid: "1" } } }, /scenario\.badList\.invalid must be a number/],
    [{ scenario: {}, tasks: 3 }, /give one of them/],
  ]) {
    await assert.rejects(createSandbox(options), (found) => {
      assert.ok(found instanceof TypeError, String(found));
      return error.test(found.message);
    });
  }
  for (const scenario of [
    { days: 0 },
    { days: 1.5 },
    { days: 121 },
    { callsPerDay: 99 },
    { callsPerDay: 100_001 },
    { callsPerDay: 2 ** 40 },
    { badList: { invalid: 1.1 } },
    { badList: { invalid: NaN } },
    { losesAtRound: { round: 5 } },
  ]) {
    await assert.rejects(createSandbox({ scenario }), RangeError);
  }
});
