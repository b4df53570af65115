// The list of tasks: its numbers equal those of the package, asked outside of the page. Not here: one task
// (task-page.test.mjs).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { companyCalls, percent } from "./company.mjs";
import {
  COMPLETED,
  view,
  openDashboard,
  open,
  heading,
  link,
  choice,
  button,
  parameter,
  column,
  firstLines,
} from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const DAY = 86_400_000;
const today = Date.parse("2024-03-15T00:00:00+08:00");
const lastDays = (days) => ({ from: today - (days - 1) * DAY, to: today + DAY });

const names = async () => firstLines(await column("任务"));
const synced = () => view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 30_000 });
const tasksOf = async (query = {}) =>
  (await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 100, ...query })).list;

describe("the list of tasks", () => {
  test("has every task, with the package's numbers of the last seven days, and their sum", async () => {
    const calls = await companyCalls(view.sandbox.url);
    const tasks = await tasksOf();
    await open("/tasks");
    await synced();
    await eventually(async () =>
      assert.deepEqual(
        await names(),
        tasks.map(({ jobName }) => jobName),
      ),
    );
    const startTime = lastDays(7);
    const expected = tasks.map(({ callJobId }) =>
      calls.where({ callJobId, startTime }).statistics(),
    );
    const counts = expected.map(({ calls }) => calls.toLocaleString("zh"));
    await eventually(async () => assert.deepEqual(await column("外呼量"), counts));
    assert.deepEqual(
      (await column("计费分钟")).map((text) => text.replaceAll(",", "")),
      expected.map(({ billableMinutes }) => String(billableMinutes)),
    );
    assert.deepEqual(
      (await column("接通率")).map((text) => text.split("\n")[0]),
      expected.map(({ calls, answered }) =>
        calls === 0 ? "—" : calls < 30 ? `${answered}/${calls}` : percent(answered / calls),
      ),
    );
    const total = calls.where({ startTime }).statistics();
    const sum = await view.page.locator("tr.total").innerText();
    for (const text of [total.calls.toLocaleString("zh"), percent(total.answerRate)]) {
      assert.ok(sum.includes(text), `${text} in ${sum}`);
    }
  });

  test("a period changes the numbers and the URL; reload and back keep them", async () => {
    const calls = await companyCalls(view.sandbox.url);
    const tasks = await tasksOf();
    const counts = (startTime) =>
      tasks.map(({ callJobId }) =>
        calls.where({ callJobId, startTime }).length.toLocaleString("zh"),
      );
    const become = (startTime) =>
      eventually(async () => assert.deepEqual(await column("外呼量"), counts(startTime)));
    await open("/tasks");
    await synced();
    await become(lastDays(7));
    await view.page.getByRole("radio", { name: "今日" }).check();
    await become(lastDays(1));
    assert.equal(parameter("p"), "today");
    await view.page.getByRole("radio", { name: "全部" }).check();
    await become(undefined);
    await view.page.reload();
    await become(undefined);
    await view.page.goBack();
    await become(lastDays(1));
    await view.page.getByRole("radio", { name: "自定义" }).check();
    await view.page.getByLabel("开始日期").fill("2024-03-13");
    await become({ from: today - 2 * DAY, to: today + DAY });
    assert.equal(parameter("p"), "2024-03-13..2024-03-15");
  });

  test("search and status choose tasks; clearing brings all back", async () => {
    await open("/tasks");
    const all = (await tasksOf()).map(({ jobName }) => jobName);
    await eventually(async () => assert.deepEqual(await names(), all));
    await choice("状态").selectOption({ label: "已完成" });
    const completed = (await tasksOf({ status: COMPLETED })).map(({ jobName }) => jobName);
    await eventually(async () => assert.deepEqual(await names(), completed));
    assert.equal(parameter("status"), String(COMPLETED));

    const word = completed[0].slice(0, 2);
    await view.page.getByRole("searchbox").fill(word);
    const matching = completed.filter((name) => name.includes(word));
    await eventually(async () => assert.deepEqual(await names(), matching));
    await view.page.reload();
    await eventually(async () => assert.deepEqual(await names(), matching));
    assert.equal(await view.page.getByRole("searchbox").inputValue(), word);

    await view.page.getByRole("searchbox").fill("不存在的任务");
    await view.page.getByText("没有符合条件的任务").waitFor();
    await button("清除筛选").first().click();
    await eventually(async () => assert.deepEqual(await names(), all));
    assert.equal(parameter("status"), null);
  });

  test("a column sorts the greatest first, then the least, then as the vendor lists", async () => {
    await open("/tasks?p=all");
    await synced();
    const usual = await names();
    const header = view.page.getByRole("columnheader", { name: /^外呼量/ });
    const numbers = async () =>
      (await column("外呼量")).map((text) => Number(text.replaceAll(",", "")));
    await header.getByRole("button").click();
    await eventually(async () => {
      const sorted = await numbers();
      assert.deepEqual(
        sorted,
        [...sorted].sort((a, b) => b - a),
      );
      assert.equal(await header.getAttribute("aria-sort"), "descending");
    });
    assert.equal(parameter("sort"), "-calls");
    await header.getByRole("button").click();
    await eventually(async () => {
      const sorted = await numbers();
      assert.deepEqual(
        sorted,
        [...sorted].sort((a, b) => a - b),
      );
    });
    await header.getByRole("button").click();
    await eventually(async () => assert.deepEqual(await names(), usual));
  });

  test("a row leads to the task in the same period, and back to the same list", async () => {
    await open(`/tasks?p=all&status=${COMPLETED}`);
    const [task] = await tasksOf({ status: COMPLETED });
    await link(task.jobName).first().click();
    await eventually(async () => assert.equal(await heading().innerText(), task.jobName));
    assert.equal(parameter("p"), "all");
    await view.page.goBack();
    await eventually(async () => assert.equal(await heading().innerText(), "任务"));
    assert.equal(parameter("status"), String(COMPLETED));
  });

  test("new calls appear without a reload", async () => {
    await open("/tasks?p=all");
    await synced();
    const [task] = await tasksOf();
    await eventually(async () => assert.equal((await names())[0], task.jobName));
    const counted = async () => Number((await column("外呼量"))[0].replaceAll(",", ""));
    const before = await counted();
    const more = Array.from({ length: 3 }, (_, at) => ({
      callInstanceId: 900_000_000 + at,
      callJobId: task.callJobId,
      customerTelephone: `1300000000${at}`,
      finishStatus: 8,
      startTime: "2024-03-15 10:20:00",
      resultList: [],
    }));
    await view.page.route("**/queryDoneTaskPhones", async (route) => {
      const { callJobId, pageNum = 1 } = route.request().postDataJSON();
      if (callJobId !== task.callJobId) return route.continue();
      const response = await route.fetch();
      const body = await response.json();
      body.data.total += more.length;
      if (pageNum === 1) body.data.list = [...more, ...body.data.list];
      return route.fulfill({ response, json: body });
    });
    await view.page.getByRole("button", { name: /数据截至/ }).click();
    await button("刷新").click();
    await eventually(async () => assert.equal(await counted(), before + 3), 15_000);
    await view.page.unrouteAll({ behavior: "wait" });
  });
});
