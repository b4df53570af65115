// The page in a real browser, over HTTP, against a sandbox. What it shows is compared with what the
// sandbox itself answers on the wire.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { eventually, openBrowser, openPage, openSandbox } from "./stage.mjs";

const COMPLETED = 2;
const ANSWERED = 0;
const NO_ANSWER = 8;

let sandbox, site, browser, context, page;
/** What the browser complained about; a test that provokes complaints empties it. */
let complaints = [];

before(async () => {
  sandbox = await openSandbox();
  [site, browser] = await Promise.all([openPage(sandbox.url), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
  await sandbox?.stop();
});

async function visit(options = {}) {
  context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    ...options,
  });
  context.setDefaultTimeout(8000);
  page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
}
beforeEach(async () => {
  complaints = [];
  await visit();
});
afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, [], "the browser complained");
});

const open = (path) => page.goto(site.url + path);
const heading = () => page.getByRole("heading", { level: 1 });
const button = (name) => page.getByRole("button", { name, exact: true });
const link = (name) => page.getByRole("link", { name, exact: true });
const choice = (name) => page.getByRole("combobox", { name, exact: true });
const parameter = (name) => new URL(page.url()).searchParams.get(name);

/** The texts of a column, once the list has come to rest. */
async function column(name) {
  const table = page.locator('[aria-busy="false"]').getByRole("table");
  const names = await table.getByRole("columnheader").allInnerTexts();
  assert.ok(names.includes(name), `no column ${name} among ${names}`);
  const cells = table.locator(`tbody td:nth-child(${names.indexOf(name) + 1})`);
  return (await cells.allInnerTexts()).map((text) => text.trim());
}
const columnBecomes = (name, expected) =>
  eventually(async () => assert.deepEqual(await column(name), expected));

const masked = (phone) => `${phone.slice(0, 3)}****${phone.slice(-4)}`;
const phones = (rows) => rows.map((row) => row.customerTelephone);
const firstLines = (texts) => texts.map((text) => text.split("\n")[0]);

async function completedTask() {
  const { list } = await sandbox.ask("getTasks", { companyId: 1, status: COMPLETED, pageSize: 20 });
  return list[0];
}
const doneCalls = async (query) =>
  (await sandbox.ask("queryDoneTaskPhones", { pageNum: 1, pageSize: 20, ...query }, true)).list;

describe("the main way", () => {
  test("from the tasks to a call, and back to the page it was on", async () => {
    const task = await completedTask();
    const detail = await sandbox.ask("getTaskDetail", { companyId: 1, taskId: task.callJobId });

    await open("/");
    const { list: tasks } = await sandbox.ask("getTasks", { companyId: 1, pageSize: 20 });
    await eventually(async () =>
      assert.deepEqual(
        firstLines(await column("任务名称")),
        tasks.map(({ jobName }) => jobName),
      ),
    );

    await link(task.jobName).first().click();
    await eventually(async () => assert.equal(await heading().innerText(), task.jobName));
    const summary = page.getByRole("region", { name: "进展" });
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
      const term = page.locator("dt", { hasText: new RegExp(`^${name}$`) });
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
    const row = page
      .getByRole("row")
      .filter({ hasText: masked(answered.customerTelephone) })
      .filter({ hasText: answered.startTime });
    const scrolled = () => page.evaluate(() => scrollY);
    await row.evaluate((element) => element.scrollIntoView({ block: "center" }));
    const before = await scrolled();
    await row.getByRole("cell").nth(2).click(); // anywhere in a row will do
    await page.waitForURL(`**/calls/${answered.callInstanceId}?*`);
    await eventually(async () => assert.equal(await heading().innerText(), answered.customerName));

    await page.goBack();
    await columnBecomes("号码", phones(second).map(masked));
    await eventually(async () => assert.ok(Math.abs((await scrolled()) - before) < 8));

    await page.goForward();
    await eventually(async () => assert.equal(await heading().innerText(), answered.customerName));
    await link(task.jobName).click();
    await columnBecomes("号码", phones(second).map(masked));
    assert.equal(parameter("page"), "2", "the breadcrumb forgot the page");
  });

  test("a call: every line in order, played from where it sounds", async () => {
    const task = await completedTask();
    const [call] = await doneCalls({
      callJobId: task.callJobId,
      finishStatus: ANSWERED,
      chatRoundLeft: 4,
      durationLeft: 30,
    });
    const detail = await sandbox.ask("phoneLogInfo", { callInstanceId: call.callInstanceId });
    const lines = detail.phoneLog.phoneLogs;

    await open(`/calls/${call.callInstanceId}`);
    const items = page.getByRole("listitem").filter({ has: page.locator(".bubble") });
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

    const audio = page.locator("audio");
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
    await page.getByRole("slider").fill(String(silence));
    await eventually(async () => {
      assert.equal((await audio.evaluate((it) => it.currentTime)) * 1000, silence);
      assert.equal(
        await page.locator('[aria-current="true"]').count(),
        0,
        "nobody known speaks there",
      );
    });

    for (const { resultName, resultValue } of detail.taskResult) {
      const results = page.locator("section", { has: page.getByText("分析结果") });
      assert.match(await results.innerText(), new RegExp(resultName));
      if (resultValue) assert.ok((await results.innerText()).includes(resultValue));
    }
  });

  test("a call nobody answered says that there is no conversation", async () => {
    const task = await completedTask();
    const [call] = await doneCalls({ callJobId: task.callJobId, finishStatus: NO_ANSWER });
    await open(`/calls/${call.callInstanceId}`);
    await page.getByText("没有对话记录").waitFor();
    await page.getByText("这通电话的结果是“未接”").waitFor();
  });

  test("the waiting customers, page by page", async () => {
    const { list: tasks } = await sandbox.ask("getTasks", { companyId: 1, pageSize: 100 });
    const waiting = async (taskId, pageNum) =>
      (await sandbox.ask("notDialedCustomerList", { taskId, pageNum, pageSize: 20 }, true)).list;
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
    await page.goBack();
    await columnBecomes("号码", phones(await waiting(task.callJobId, 1)).map(masked));
    assert.match(page.url(), /\/waiting\?/);
  });

  test("without a total one can still go on and back", async () => {
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
    await page.route("**/notDialedCustomerList", (route) =>
      route.fulfill({
        json: { code: 200, data: pageOf(route.request().postDataJSON().pageNum), resultMsg: "" },
      }),
    );
    await open(`/tasks/${task.callJobId}/waiting?size=10`);
    await page.getByText("第 1–10 条", { exact: true }).waitFor();
    await link("下一页").click();
    await page.getByText("第 11–13 条", { exact: true }).waitFor();
    assert.equal(await link("下一页").getAttribute("aria-disabled"), "true");
    await link("上一页").click();
    await page.getByText("第 1–10 条", { exact: true }).waitFor();
  });
});

test("refreshing asks again, for the counters too", async () => {
  await open("/");
  await eventually(async () => assert.ok((await column("进度")).every((text) => text !== "")));
  const again = ["getTasks", "getTaskDetail"].map((endpoint) =>
    page.waitForRequest((request) => request.url().includes(endpoint)),
  );
  await button("刷新").click();
  await Promise.all(again);
});

describe("filters", () => {
  test("of tasks: the URL and the rows follow, reload and back keep them", async () => {
    await open("/");
    await choice("状态").selectOption({ label: "已完成" });
    const { list } = await sandbox.ask("getTasks", {
      companyId: 1,
      status: COMPLETED,
      pageSize: 20,
    });
    const names = list.map(({ jobName }) => jobName);
    const shown = async () => firstLines(await column("任务名称"));
    await eventually(async () => assert.deepEqual(await shown(), names));
    assert.equal(parameter("status"), String(COMPLETED));

    const word = names[0].slice(0, 2);
    await page.getByLabel("任务名称").fill(word);
    await eventually(async () => assert.equal(parameter("name"), word));
    const matching = names.filter((name) => name.includes(word));
    await eventually(async () => assert.deepEqual(await shown(), matching));

    await page.reload();
    await eventually(async () => assert.deepEqual(await shown(), matching));
    assert.equal(await page.getByLabel("任务名称").inputValue(), word);

    await page.goBack();
    await eventually(async () => assert.deepEqual(await shown(), names));
    assert.equal(await page.getByLabel("任务名称").inputValue(), "");

    await page.getByLabel("创建日期").fill("2001-01-01");
    await page.getByText("没有符合条件的任务").waitFor();
    assert.equal(parameter("created"), "2001-01-01");
    await button("清除筛选").first().click();
    const { list: all } = await sandbox.ask("getTasks", { companyId: 1, pageSize: 20 });
    await eventually(async () =>
      assert.deepEqual(
        await shown(),
        all.map(({ jobName }) => jobName),
      ),
    );
    assert.equal(parameter("status"), null);
  });

  test("of calls: outcome, duration, rounds and intent reach the vendor", async () => {
    const { callJobId } = await completedTask();
    const level = "A级(较强)";
    await open(`/tasks/${callJobId}?page=3`);
    await choice("结果").selectOption({ label: "已接" });
    await columnBecomes(
      "号码",
      phones(await doneCalls({ callJobId, finishStatus: 0 })).map(masked),
    );
    assert.equal(parameter("page"), null, "a changed filter starts at the first page");

    await page.getByLabel("时长（秒），最小").fill("20");
    await page.getByLabel("时长（秒），最大").fill("300");
    await page.getByLabel("轮次，最大").fill("30");
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

    await page.getByLabel("时长（秒），最大").fill("5");
    await page.getByText("最小值不能大于最大值").waitFor();
    await columnBecomes("号码", phones(matching).map(masked));
    assert.equal(parameter("durationMax"), "300", "crossed bounds must not be asked for");
  });

  test("an older answer that comes late does not replace a newer one", async () => {
    let release;
    const late = new Promise((resolve) => (release = resolve));
    await page.route("**/getTasks?*status=4*", async (route) => {
      await late;
      await route.continue().catch(() => {}); // the page has given it up
    });
    await open("/");
    await choice("状态").selectOption({ label: "手动暂停" });
    const given = page.waitForEvent("requestfailed");
    await choice("状态").selectOption({ label: "已完成" });
    assert.match((await given).failure().errorText, /ABORTED/);
    release();
    await eventually(async () => assert.deepEqual([...new Set(await column("状态"))], ["已完成"]));
  });
});

describe("states", () => {
  test("while the answer is on its way the page says so", async () => {
    let release;
    const late = new Promise((resolve) => (release = resolve));
    await page.route("**/getTasks?*", async (route) => {
      await late;
      await route.continue();
    });
    await open("/");
    await page.locator('[aria-busy="true"]').getByRole("table").waitFor();
    release();
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
  });

  test("a sandbox that is gone is an error, Retry brings the page back", async () => {
    await open("/");
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
    await sandbox.stop();
    try {
      await button("刷新").click();
      const alert = page.getByRole("alert");
      await alert.waitFor({ timeout: 20_000 });
      assert.match(await alert.innerText(), /服务器出错了/);
      assert.equal(await page.getByRole("table").count(), 0);
    } finally {
      await sandbox.start();
    }
    await button("重试").click();
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
    assert.equal(await page.getByRole("alert").count(), 0);
    complaints = complaints.filter((text) => !text.startsWith("Failed to load resource"));
  });

  test("what went wrong is told by its kind", async () => {
    const { callJobId } = await completedTask();
    for (const [code, title] of [
      [403, "没有权限查看"],
      [408, "时间对不上"],
      [412, "百应不接受这组条件"],
    ]) {
      await page.route("**/queryDoneTaskPhones", (route) =>
        route.fulfill({ json: { code, data: null, resultMsg: "说明", errorStackTrace: "secret" } }),
      );
      await open(`/tasks/${callJobId}`);
      const alert = page.getByRole("alert");
      await alert.filter({ hasText: title }).waitFor();
      await page.getByText("详细信息").click();
      assert.match(await alert.innerText(), new RegExp(`${code}`));
      assert.doesNotMatch(await alert.innerText(), /secret/);
      await page.unroute("**/queryDoneTaskPhones");
    }
    await open("/tasks/1");
    await page.getByRole("alert").filter({ hasText: "没有找到" }).waitFor();
    await open("/nowhere");
    await page.getByRole("link", { name: "去任务列表" }).click();
    await eventually(async () => assert.equal(await heading().innerText(), "任务"));
  });

  test("a company without tasks is told what to do, and is remembered", async () => {
    await open("/");
    await page.getByLabel("公司").fill("2");
    await page.getByLabel("公司").press("Enter");
    await page.getByText("这家公司还没有任务").waitFor();
    assert.equal(parameter("company"), "2");
    await open("/");
    await page.getByText("这家公司还没有任务").waitFor();
    await open("/?company=1"); // a shared link wins
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
  });
});

describe("for everyone", () => {
  test("the language is the browser's until chosen, and then remembered", async () => {
    await open("/");
    await heading().filter({ hasText: "任务" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await button("English").click();
    await heading().filter({ hasText: "Tasks" }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await eventually(async () => assert.ok((await column("Status")).includes("Completed")));
    await page.reload();
    await heading().filter({ hasText: "Tasks" }).waitFor();

    await context.close();
    await visit({ locale: "en-GB" });
    await open("/");
    await heading().filter({ hasText: "Tasks" }).waitFor();
  });

  test("the theme is the system's until chosen, and then remembered", async () => {
    const dark = () =>
      page.evaluate(() => {
        const [red] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
        return Number(red) < 128;
      });
    await open("/");
    assert.equal(await dark(), false);
    await button("切换到深色").click();
    await eventually(async () => assert.equal(await dark(), true));
    await page.reload();
    assert.equal(await dark(), true);
    await button("切换到浅色").click();
    await eventually(async () => assert.equal(await dark(), false));
    await page.emulateMedia({ colorScheme: "dark" });
    await eventually(async () => assert.equal(await dark(), true));
  });

  test("the keyboard is enough to open a call and to play a line", async () => {
    const { callJobId } = await completedTask();
    await open(`/tasks/${callJobId}?outcome=0&roundsMin=4`);
    await eventually(async () => assert.ok((await column("号码")).length > 0));
    await page.getByRole("row").nth(1).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/calls/**");
    await eventually(async () =>
      assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1"),
    );
    const seek = page.getByRole("button", { name: /^从 .* 播放$/ }).last();
    await seek.focus();
    await page.keyboard.press("Enter");
    await eventually(async () =>
      assert.ok((await page.locator("audio").evaluate((it) => it.currentTime)) > 0),
    );
  });

  test("nothing sticks out at 390 px, in either language", async () => {
    const { callJobId } = await completedTask();
    const [call] = await doneCalls({ callJobId, finishStatus: ANSWERED });
    const paths = [
      "/",
      "/?name=不存在",
      `/tasks/${callJobId}`,
      `/tasks/${callJobId}/waiting`,
      `/calls/${call.callInstanceId}`,
      "/nowhere",
    ];
    for (const locale of ["zh-CN", "en-US"]) {
      await context.close();
      await visit({ viewport: { width: 390, height: 844 }, locale, hasTouch: true });
      for (const path of paths) {
        await open(path);
        await page.waitForLoadState("networkidle");
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 390, `${path} in ${locale} is ${width} px wide`);
      }
    }
  });
});
