// The dashboard on a sandbox: what it shows equals the answers of the sandbox. Not here: loading, errors, languages and
// keyboard use (page-states.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  COMPLETED,
  view,
  openDashboard,
  open,
  heading,
  button,
  link,
  choice,
  parameter,
  column,
  columnBecomes,
  masked,
  phones,
  firstLines,
  completedTask,
  doneCalls,
} from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

const ANSWERED = 0;
const NO_ANSWER = 8;

openDashboard();

describe("from the tasks to a call", () => {
  test("the links lead from the tasks to a call, and back to the same page", async () => {
    const task = await completedTask();
    const detail = await view.sandbox.ask("getTaskDetail", {
      companyId: 1,
      taskId: task.callJobId,
    });

    await open("/");
    const { list: tasks } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 20 });
    await eventually(async () =>
      assert.deepEqual(
        firstLines(await column("任务名称")),
        tasks.map(({ jobName }) => jobName),
      ),
    );

    await link(task.jobName).first().click();
    await eventually(async () => assert.equal(await heading().innerText(), task.jobName));
    const summary = view.page.getByRole("region", { name: "进展" });
    const other =
      detail.doneCount -
      detail.calledCount -
      detail.rejectedCount -
      detail.unavailableCount -
      detail.fromUnavailableCount;
    for (const [name, count] of [
      ["号码总数", detail.totalCount],
      ["接通", detail.calledCount],
      ["拒接", detail.rejectedCount],
      ["无法接通", detail.unavailableCount],
      ["主叫不可用", detail.fromUnavailableCount],
      ["其他", other],
    ]) {
      const term = view.page.locator("dt", { hasText: new RegExp(`^${name}$`) });
      const shown = await summary.locator("div", { has: term }).last().locator("dd").innerText();
      assert.equal(shown.split(/\s/)[0], count.toLocaleString("zh"), name);
    }

    await link("下一页").click();
    const second = await doneCalls({ callJobId: task.callJobId, pageNum: 2 });
    await columnBecomes("号码", phones(second).map(masked));
    assert.equal(parameter("page"), "2");

    await button("显示号码").click();
    await columnBecomes("号码", phones(second));
    await button("隐藏号码").click();

    const answered = second.findLast((call) => call.finishStatus === ANSWERED);
    const row = view.page
      .getByRole("row")
      .filter({ hasText: masked(answered.customerTelephone) })
      .filter({ hasText: answered.startTime });
    const scrolled = () => view.page.evaluate(() => scrollY);
    await row.evaluate((element) => element.scrollIntoView({ block: "center" }));
    const before = await scrolled();
    await row.getByRole("cell").nth(2).click(); // anywhere in a row will do
    await view.page.waitForURL(`**/calls/${answered.callInstanceId}?*`);
    await eventually(async () => assert.equal(await heading().innerText(), answered.customerName));

    await view.page.goBack();
    await columnBecomes("号码", phones(second).map(masked));
    await eventually(async () => assert.ok(Math.abs((await scrolled()) - before) < 8));

    await view.page.goForward();
    await eventually(async () => assert.equal(await heading().innerText(), answered.customerName));
    await link(task.jobName).click();
    await columnBecomes("号码", phones(second).map(masked));
    assert.equal(parameter("page"), "2", "the breadcrumb forgot the page");
  });

  test("a call shows every line in order, and plays from each line", async () => {
    const task = await completedTask();
    const [call] = await doneCalls({
      callJobId: task.callJobId,
      finishStatus: ANSWERED,
      chatRoundLeft: 4,
      durationLeft: 30,
    });
    const detail = await view.sandbox.ask("phoneLogInfo", { callInstanceId: call.callInstanceId });
    const lines = detail.phoneLog.phoneLogs;

    await open(`/calls/${call.callInstanceId}`);
    const items = view.page.getByRole("listitem").filter({ has: view.page.locator(".bubble") });
    await eventually(async () => assert.equal(await items.count(), lines.length));
    assert.deepEqual(
      await items.locator(".bubble").allInnerTexts(),
      lines.map(({ content }) => content),
    );
    const sides = await items.evaluateAll((elements) =>
      elements.map((element) => {
        const box = element.querySelector(".bubble").getBoundingClientRect();
        const room = element.parentElement.getBoundingClientRect();
        return box.left + box.right < room.left + room.right ? "AI" : "ME";
      }),
    );
    assert.deepEqual(
      sides,
      lines.map(({ speaker }) => speaker),
    );

    const audio = view.page.locator("audio");
    await eventually(async () => assert.ok((await audio.evaluate((it) => it.duration)) > 0));
    const index = lines.findLastIndex(({ startTime, endTime }) => endTime > startTime);
    const { startTime, endTime } = lines[index];
    assert.ok(startTime > 2000, "too early to tell a seek from a start");
    await items.nth(index).locator(".bubble").click();
    await eventually(async () => {
      const at = (await audio.evaluate((it) => it.currentTime)) * 1000;
      assert.ok(at >= startTime - 1 && at < endTime + 2000, `at ${at}, not ${startTime}`);
      assert.equal(await items.nth(index).getAttribute("aria-current"), "true");
    });
    assert.equal(await items.locator('xpath=self::*[@aria-current="true"]').count(), 1);

    await eventually(() => button("暂停").click());
    assert.equal(await audio.evaluate((it) => it.paused), true);

    const spoken = lines.filter((line) => line.endTime > line.startTime);
    const silentAt = spoken.findIndex(
      (line, at) => at > 0 && line.startTime > spoken[at - 1].endTime + 400,
    );
    const silence = Math.ceil(spoken[silentAt - 1].endTime / 100) * 100 + 100;
    await view.page.getByRole("slider").fill(String(silence));
    await eventually(async () => {
      assert.equal((await audio.evaluate((it) => it.currentTime)) * 1000, silence);
      assert.equal(
        await view.page.locator('[aria-current="true"]').count(),
        0,
        "nobody known speaks there",
      );
    });

    for (const { resultName, resultValue } of detail.taskResult) {
      const results = view.page.locator("section", { has: view.page.getByText("分析结果") });
      assert.match(await results.innerText(), new RegExp(resultName));
      if (resultValue) assert.ok((await results.innerText()).includes(resultValue));
    }
  });

  test("a call without an answer shows that there is no conversation", async () => {
    const task = await completedTask();
    const [call] = await doneCalls({ callJobId: task.callJobId, finishStatus: NO_ANSWER });
    await open(`/calls/${call.callInstanceId}`);
    await view.page.getByText("没有对话记录").waitFor();
    await view.page.getByText("这通电话的结果是“未接”").waitFor();
  });

  test("the waiting customers are shown page by page", async () => {
    const { list: tasks } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 100 });
    const waiting = async (taskId, pageNum) =>
      (await view.sandbox.ask("notDialedCustomerList", { taskId, pageNum, pageSize: 20 }, true))
        .list;
    let task, second;
    for (task of tasks) {
      second = await waiting(task.callJobId, 2);
      if (second.length > 0) break;
    }
    assert.ok(second.length > 0, "no task has two pages of waiting customers");

    await open(`/tasks/${task.callJobId}`);
    await link("待拨打客户").click();
    await columnBecomes("号码", phones(await waiting(task.callJobId, 1)).map(masked));
    await link("下一页").click();
    await columnBecomes("号码", phones(second).map(masked));
    assert.equal(parameter("page"), "2");
    await view.page.goBack();
    await columnBecomes("号码", phones(await waiting(task.callJobId, 1)).map(masked));
    assert.match(view.page.url(), /\/waiting\?/);
  });

  test("without a total the pager leads forward and back", async () => {
    const task = await completedTask();
    const row = { customerName: "客户", customerTelephone: "13000000001", status: 0 };
    const pageOf = (pageNum) => ({
      pageNum,
      pageSize: 10,
      list: Array.from({ length: pageNum === 1 ? 10 : 3 }, (_, at) => ({
        ...row,
        callInstanceId: pageNum * 100 + at,
      })),
    });
    await view.page.route("**/notDialedCustomerList", (route) =>
      route.fulfill({
        json: { code: 200, data: pageOf(route.request().postDataJSON().pageNum), resultMsg: "" },
      }),
    );
    await open(`/tasks/${task.callJobId}/waiting?size=10`);
    await view.page.getByText("第 1–10 条", { exact: true }).waitFor();
    await link("下一页").click();
    await view.page.getByText("第 11–13 条", { exact: true }).waitFor();
    assert.equal(await link("下一页").getAttribute("aria-disabled"), "true");
    await link("上一页").click();
    await view.page.getByText("第 1–10 条", { exact: true }).waitFor();
  });
});

test("a refresh loads the list and the counters again", async () => {
  await open("/");
  await eventually(async () => assert.ok((await column("进度")).every((text) => text !== "")));
  const again = ["getTasks", "getTaskDetail"].map((endpoint) =>
    view.page.waitForRequest((request) => request.url().includes(endpoint)),
  );
  await button("刷新").click();
  await Promise.all(again);
});

describe("filters", () => {
  test("of tasks change the URL and the rows; reload and back keep them", async () => {
    await open("/");
    await choice("状态").selectOption({ label: "已完成" });
    const { list } = await view.sandbox.ask("getTasks", {
      companyId: 1,
      status: COMPLETED,
      pageSize: 20,
    });
    const names = list.map(({ jobName }) => jobName);
    const shown = async () => firstLines(await column("任务名称"));
    await eventually(async () => assert.deepEqual(await shown(), names));
    assert.equal(parameter("status"), String(COMPLETED));

    const word = names[0].slice(0, 2);
    await view.page.getByLabel("任务名称").fill(word);
    await eventually(async () => assert.equal(parameter("name"), word));
    const matching = names.filter((name) => name.includes(word));
    await eventually(async () => assert.deepEqual(await shown(), matching));

    await view.page.reload();
    await eventually(async () => assert.deepEqual(await shown(), matching));
    assert.equal(await view.page.getByLabel("任务名称").inputValue(), word);

    await view.page.goBack();
    await eventually(async () => assert.deepEqual(await shown(), names));
    assert.equal(await view.page.getByLabel("任务名称").inputValue(), "");

    await view.page.getByLabel("创建日期").fill("2001-01-01");
    await view.page.getByText("没有符合条件的任务").waitFor();
    assert.equal(parameter("created"), "2001-01-01");
    await button("清除筛选").first().click();
    const { list: all } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 20 });
    await eventually(async () =>
      assert.deepEqual(
        await shown(),
        all.map(({ jobName }) => jobName),
      ),
    );
    assert.equal(parameter("status"), null);
  });

  test("of calls by outcome, duration, rounds and intent reach the vendor", async () => {
    const { callJobId } = await completedTask();
    const level = "A级(较强)";
    await open(`/tasks/${callJobId}?page=3`);
    await choice("结果").selectOption({ label: "已接" });
    await columnBecomes(
      "号码",
      phones(await doneCalls({ callJobId, finishStatus: 0 })).map(masked),
    );
    assert.equal(parameter("page"), null, "a changed filter starts at the first page");

    await view.page.getByLabel("时长（秒），最小").fill("20");
    await view.page.getByLabel("时长（秒），最大").fill("300");
    await view.page.getByLabel("轮次，最大").fill("30");
    await choice("意向等级").selectOption({ label: level });
    const matching = await doneCalls({
      callJobId,
      finishStatus: 0,
      durationLeft: 20,
      durationRight: 300,
      chatRoundRight: 30,
      resultQueryList: [{ name: "客户意向等级", value: level }],
    });
    assert.ok(matching.length > 0, "these filters find nobody in this world");
    await eventually(async () =>
      assert.deepEqual(
        ["outcome", "durationMin", "durationMax", "roundsMax", "intent"].map(parameter),
        ["0", "20", "300", "30", level],
      ),
    );
    await columnBecomes("号码", phones(matching).map(masked));
    assert.deepEqual(
      await column("意向等级"),
      matching.map(() => level),
    );

    await view.page.getByLabel("时长（秒），最大").fill("5");
    await view.page.getByText("最小值不能大于最大值").waitFor();
    await columnBecomes("号码", phones(matching).map(masked));
    assert.equal(parameter("durationMax"), "300", "crossed bounds must not be asked for");
  });

  test("an older answer that arrives late does not replace a newer one", async () => {
    let release;
    const late = new Promise((resolve) => (release = resolve));
    await view.page.route("**/getTasks?*status=4*", async (route) => {
      await late;
      await route.continue().catch(() => {}); // the page has given it up
    });
    await open("/");
    await choice("状态").selectOption({ label: "手动暂停" });
    const given = view.page.waitForEvent("requestfailed");
    await choice("状态").selectOption({ label: "已完成" });
    assert.match((await given).failure().errorText, /ABORTED/);
    release();
    await eventually(async () => assert.deepEqual([...new Set(await column("状态"))], ["已完成"]));
  });
});
