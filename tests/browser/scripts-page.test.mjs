// The page of scripts: its numbers equal the package's, the round that loses people and the question that the robot cannot
// answer are found from the screen.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { companyCalls, count, percent } from "./company.mjs";
import { button, column, NOW, open, openDashboard, parameter, view, visit } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

const seed = 31;
const campaign = ["--scenario", "campaign", "--seed", String(seed), "--no-live"];
openDashboard([...campaign, "--now", NOW.toISOString()]);

/** All calls, and what is hidden in them. */
let own;
let truth;
beforeEach(async () => {
  if (own) return;
  const sandbox = await createSandbox({ scenario: "campaign", seed, now: NOW });
  truth = sandbox.truth[0];
  own = await companyCalls(view.sandbox.url);
});

const openScripts = async (query = "p=all") => {
  await open(`/scripts?company=1&${query}`);
  await view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 60_000 });
};
const panel = (title) => view.page.getByRole("figure", { name: title });
const questions = () => panel("哪些问题机器人答不上来？");
const progress = async () => {
  const text = await questions().getByRole("status").innerText();
  return text.match(/[\d,]+/g).map((number) => Number(number.replaceAll(",", "")));
};
const conversations = (sceneDefId) =>
  own.where({ sceneDefId, finishStatus: 0, chatRound: { min: 1 } }).length;
const chosen = () =>
  view.page
    .getByRole("checkbox")
    .evaluateAll((boxes) => boxes.filter(({ checked }) => checked).length);

describe("scripts", () => {
  test("each script has the package's numbers, and the vendor's name", async () => {
    await openScripts();
    const groups = own.groupBy("sceneDefId", { order: "calls" });
    await eventually(async () =>
      assert.deepEqual(
        await column("外呼量"),
        groups.map(({ calls }) => count(calls)),
      ),
    );
    const expected = groups.map(({ key }) => own.where({ sceneDefId: key }).statistics());
    assert.deepEqual(
      await column("首轮挂断率"),
      expected.map(({ firstRoundRate }) => percent(firstRoundRate)),
    );
    assert.deepEqual(
      await column("有效对话率"),
      expected.map(({ engagedRate }) => percent(engagedRate)),
    );
    const { list } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 100 });
    const details = await Promise.all(
      groups.map(({ key }) =>
        view.sandbox.ask("getTaskDetail", {
          companyId: 1,
          taskId: list.find(({ sceneDefId }) => sceneDefId === key).callJobId,
        }),
      ),
    );
    await eventually(async () =>
      assert.deepEqual(
        await column("话术"),
        details.map(({ sceneDefName }) => sceneDefName),
      ),
    );
  });

  test("the round that loses people is named, and choosing it lists the calls that ended in it", async () => {
    const { sceneDefId, round } = truth.losesAtRound;
    await openScripts(`p=all&script=${sceneDefId}`);
    await panel("对话在哪一轮结束？")
      .getByText(`第 ${round} 轮结束得最多`, { exact: false })
      .waitFor();
    assert.equal(await chosen(), 1);
    await open(`/scripts?company=1&p=all&script=${sceneDefId}&r=${round}`);
    const ended = own.where({ sceneDefId, finishStatus: 0, chatRound: round }).length;
    const all = own.where({ sceneDefId }).length;
    await view.page.getByText(`${count(ended)} 通，共 ${count(all)} 通`).waitFor();
  });

  test("at most three scripts are chosen, by keyboard, and the URL keeps them", async () => {
    await openScripts();
    const boxes = view.page.getByRole("checkbox");
    await boxes.first().waitFor();
    const shown = Math.min(3, await boxes.count());
    await eventually(async () => assert.equal(await chosen(), shown));
    await boxes.first().focus();
    await view.page.keyboard.press("Space");
    await eventually(async () => assert.equal(await chosen(), shown - 1));
    assert.equal(parameter("script").split(",").length, shown - 1);
    await view.page.reload();
    await eventually(async () => assert.equal(await chosen(), shown - 1));
  });

  test("a sample that was read names the question, and leads to a call with it", async () => {
    const { sceneDefId, question } = truth.unanswered;
    await openScripts(`p=all&script=${sceneDefId}`);
    const total = conversations(sceneDefId);
    await eventually(async () => assert.deepEqual(await progress(), [0, total]));
    await button("随机读取 100 通").click();
    await eventually(async () => assert.deepEqual(await progress(), [100, total]), 30_000);
    const first = questions().getByRole("row").nth(1);
    const [text, calls, share] = await first.getByRole("cell").allInnerTexts();
    const plain = (words) => words.replace(/[\s\p{P}]/gu, "");
    assert.ok(plain(text).includes(plain(question)), `${text}, not ${question}`);
    assert.equal(share, percent(Number(calls) / 100));
    const words = await first.getByRole("link").innerText();
    await first.getByRole("link").click();
    await eventually(() => assert.match(view.page.url(), /\/calls\/\d+/));
    await view.page.getByText(words).first().waitFor();
  });

  test("reading pauses and goes on; a call that cannot be read does not end it", async () => {
    const { sceneDefId } = truth.unanswered;
    let requests = 0;
    await view.page.route("**/phoneLogInfo**", async (route) => {
      requests += 1;
      if (requests % 10 === 0) {
        return route.fulfill({ json: { code: 500, data: null, resultMsg: "busy" } });
      }
      await new Promise((resolve) => setTimeout(resolve, 30));
      return route.continue();
    });
    await openScripts(`p=all&script=${sceneDefId}`);
    await button("随机读取 100 通").click();
    await eventually(async () => assert.ok((await progress())[0] >= 5));
    await button("暂停").click();
    const [paused] = await progress();
    assert.ok(paused < 100);
    await button("再读 100 通").click();
    await eventually(async () => assert.ok((await progress())[0] >= paused + 80), 30_000);
    await button("再读 100 通").waitFor();
    await questions().getByText("通没有读到", { exact: false }).waitFor();
    await view.page.unrouteAll({ behavior: "wait" });
  });

  test("on a phone the page has the width of the screen", async () => {
    await view.context.close();
    await visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await openScripts();
    await view.page.getByRole("checkbox").first().waitFor();
    const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390);
  });
});
