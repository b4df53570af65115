// Scenarios of the sandbox: the package's own statistics find what `truth` says, and nothing else. Not here: the answers of
// a scenario (sandbox/tests/sandbox/scenarios.rs).
import assert from "node:assert/strict";
import { test } from "node:test";
import { ByrobotClient, CallTable } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import { alarmsOfDay, alarmsOfTasks } from "./alerts.mjs";

/** The start of the sandbox's clock, and its date. */
const now = new Date("2024-03-15T10:30:00+08:00");
const today = "2024-03-15";
const yesterday = "2024-03-14";

/** The calls, tasks and truth of a scenario, and its alarms: `{ date, rule, object }`. */
async function world(scenario, seed) {
  const sandbox = await createSandbox({ scenario, seed });
  const client = new ByrobotClient({ fetch: sandbox.fetch });
  const [companyId, table, tasks] = [1, new CallTable(), []];
  for await (const { callJobId } of client.tasks({ companyId })) {
    tasks.push(await client.getTaskDetail({ companyId, taskId: callJobId }));
    for (const body of sandbox.bodies(callJobId)) table.ingest(body);
  }
  const dates = table.groupBy("date").map(({ key }) => key);
  const alarms = dates.flatMap((date) =>
    alarmsOfDay(table, date).map(([rule, object]) => ({ date, rule, object })),
  );
  for (const [rule, object] of alarmsOfTasks(table, tasks, now)) {
    alarms.push({ date: today, rule, object });
  }
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

function onlyRules(alarms, ...rules) {
  assert.deepEqual(
    alarms.filter(({ rule }) => !rules.includes(rule)),
    [],
  );
}

/** The flagged line is the only one, on each day since it is flagged. */
function flagsTheLine({ table, alarms, truth }) {
  const { callerPhone, since } = truth.flaggedLine;
  const flagged = ofRule(alarms, "flaggedLine");
  const dates = table.groupBy("date").flatMap(({ key }) => (key >= since ? [key] : []));
  assert.deepEqual(
    flagged.map(({ date, object }) => [date, object]).sort(),
    dates.map((date) => [date, callerPhone]).sort(),
  );
  const others = alarms.filter(({ rule }) => /rejections|interceptions/.test(rule));
  assert.ok(others.every(({ object, date }) => object === callerPhone && date >= since));
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
  assert.equal(table.groupBy("date").length, 11);
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
  assert.deepEqual(ofRule(alarms, "badList"), [
    { date: yesterday, rule: "badList", object: badList.callJobId },
  ]);
  assert.deepEqual(ofRule(alarms, "stopped"), [
    { date: today, rule: "stopped", object: stopped.callJobId },
  ]);
  onlyRules(alarms, "flaggedLine", "rejections", "interceptions", "badList", "stopped");
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
    const object = truth.badList.callJobId;
    assert.deepEqual(alarms, [{ date: yesterday, rule: "badList", object }]);
  },
  blockedList: ({ alarms, truth }) => {
    const object = truth.blockedList.callJobId;
    assert.deepEqual(alarms, [{ date: yesterday, rule: "blockedList", object }]);
  },
  callLoss: ({ alarms, truth }) => {
    assert.deepEqual(rulesOf(alarms), ["callLoss"]);
    assert.ok(alarms.every(({ date }) => date === today));
    assert.ok(alarms.some(({ object }) => object === 10));
    assert.ok(truth.callLoss.since > today && truth.callLoss.until > "2024-03-15 10:30:00");
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
    onlyRules(alarms, "earlyHangUps", "shortCalls");
    const early = ofRule(alarms, "earlyHangUps");
    assert.ok(early.some(({ date }) => date === yesterday));
    assert.ok(early.every(({ object }) => object === truth.earlyHangUps.sceneDefId));
    assert.ok(alarms.every(({ date }) => date >= truth.earlyHangUps.since));
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
    const { callJobId: object, status } = truth.stopped;
    assert.deepEqual(alarms, [{ date: today, rule: "stopped", object }]);
    assert.equal(tasks.find(({ callJobId }) => callJobId === object).status, status);
  },
  silent: ({ alarms, truth }) => {
    const object = truth.silent.callJobId;
    assert.deepEqual(alarms, [{ date: today, rule: "silent", object }]);
  },
  afterHours: ({ table, alarms, truth }) => {
    assert.deepEqual(rulesOf(alarms), ["afterHours"]);
    const outside = table.where({ hourOfDay: [8, 20, 21] }).groupBy("callJobId");
    assert.deepEqual(
      outside.map(({ key }) => key),
      [truth.afterHours.callJobId],
    );
  },
  repeats: ({ table, alarms, truth }) => {
    assert.deepEqual(rulesOf(alarms), ["repeats"]);
    const { numbers } = table.repeats();
    const repeated = numbers.filter(({ calls }) => calls >= 3);
    const count = repeated.reduce((sum, { numbers }) => sum + numbers, 0);
    assert.equal(count, truth.repeats.telephones.length);
  },
  unfinished: ({ alarms, tasks }) => {
    assert.deepEqual(alarms, []);
    const running = tasks.find(({ status, startDate }) => status === 1 && startDate < yesterday);
    assert.ok(running.doneCount > 0 && running.doneCount < running.totalCount);
  },
};

Object.entries(partTests).forEach(([part, check], at) => {
  const seeds = [1, 2, 3].map((seed) => 100 + 3 * at + seed);
  onSeeds(`${part} is found, and nothing else`, { [part]: true }, seeds, check);
});

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
