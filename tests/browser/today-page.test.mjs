// Today's page: what needs attention is what the package's rules say, and what a person does about it is kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeAlert, evaluateAlerts, updateIncidents } from "byrobot-calls/alerts";
import { companyCalls, count } from "./company.mjs";
import { heading, open, openDashboard, parameter, view, visit } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

/** In the afternoon a day has enough calls for the rules. */
const now = new Date("2024-03-15T16:40:00+08:00");
openDashboard(["--scenario", "campaign", "--seed", "43", "--now", now.toISOString(), "--no-live"]);

const DAY = 86_400_000;
const midnight = Date.parse("2024-03-15T00:00:00+08:00");

/** The open incidents, found outside of the page: of yesterday, a quarter of an hour ago, and now. */
async function incidents() {
  const calls = await companyCalls(view.sandbox.url);
  const { list } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 50 });
  const tasks = await Promise.all(
    list.map(({ callJobId }) =>
      view.sandbox.ask("getTaskDetail", { companyId: 1, taskId: callJobId }),
    ),
  );
  let found = [];
  for (const at of [midnight - 1, now - 900_000, now.getTime()]) {
    const isNow = at === now.getTime();
    const report = evaluateAlerts(calls, { now: at, tasks: isNow ? tasks : [], syncedAt: at });
    found = updateIncidents(found, report, at);
  }
  return found.filter(({ state }) => state === "open");
}
const attention = () => view.page.getByRole("region", { name: "待处理" });
const titles = () => attention().locator("ol .title > :first-child").allInnerTexts();

async function openToday() {
  await view.page.clock.setSystemTime(now);
  await open("/?company=1");
  await eventually(
    async () => assert.equal(await attention().getAttribute("aria-busy"), "false"),
    90_000,
  );
}

describe("today", () => {
  test("names what the rules find, the worst first, each with its numbers", async () => {
    const expected = await incidents();
    assert.ok(expected.length >= 3, "the campaign has something to find");
    await openToday();
    const order = ["critical", "warning", "info"];
    const words = expected
      .map(({ alert }) => ({ ...describeAlert(alert, "zh"), level: order.indexOf(alert.level) }))
      .sort((one, other) => one.level - other.level)
      .slice(0, 5);
    assert.deepEqual(
      await titles(),
      words.map(({ title }) => title),
    );
    const texts = await attention().locator("ol .text").allInnerTexts();
    assert.deepEqual([...texts].sort(), words.map(({ text }) => text).sort());
    assert.match(await attention().innerText(), new RegExp(`${expected.length} 件`));

    // The first card is the day's.
    const calls = (await companyCalls(view.sandbox.url)).where({
      startTime: { from: midnight, to: midnight + DAY },
    });
    const card = view.page.locator(".cards .card").first().locator(".value");
    assert.equal(await card.innerText(), count(calls.length));

    // Acknowledged and put off, also after a reload.
    const [first, second] = await titles();
    await attention().locator("li").first().getByRole("button", { name: "知道了" }).click();
    await attention().getByText("已知晓").waitFor();
    await attention()
      .getByRole("combobox", { name: `稍后: ${second}` })
      .first()
      .selectOption({ label: "明天再提示" });
    await attention().getByText("已推迟 1 件").waitFor();
    await openToday();
    await attention().getByText("已知晓").waitFor();
    await attention().getByText("已推迟 1 件").waitFor();
    assert.ok((await titles()).includes(first));

    // The keyboard leads to what it is about.
    await attention().getByRole("link").first().focus();
    await view.page.keyboard.press("Enter");
    await eventually(async () => assert.notEqual(await heading().innerText(), "今日"));
  });

  test("a threshold that a person changes changes what is told", async () => {
    await view.page.clock.setSystemTime(now);
    await open("/settings?company=1");
    await view.page.getByRole("button", { name: "修改", exact: true }).click();
    const field = view.page.getByLabel("少于多少通不提示", { exact: true });
    await field.fill("100000");
    await field.press("Tab");
    await field.fill("-1");
    await field.press("Tab");
    await view.page.getByText("超出范围").waitFor();
    assert.equal(await field.inputValue(), "100000");
    await openToday();
    const found = await titles();
    assert.ok(!found.includes("线路疑似被标记"), found.join());
  });
});

test("on a phone the pages stand in a bar at the bottom, and each opens", async () => {
  await view.context.close();
  await visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await view.page.clock.setSystemTime(now);
  await open("/?company=1&p=7d");
  const bar = view.page.getByRole("navigation", { name: "页面" });
  assert.equal(await bar.getByRole("link").count(), 5);
  for (const name of ["任务", "线路", "话术", "通话", "今日"]) {
    await bar.getByRole("link", { name }).tap();
    await eventually(async () => assert.equal(await heading().innerText(), name));
    assert.equal(parameter("p"), "7d");
    const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${name}: ${width} px`);
    const { height } = await bar.getByRole("link", { name }).boundingBox();
    assert.ok(height >= 44, `${name}: ${height} px high`);
  }
});
