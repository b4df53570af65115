// States of the dashboard: loading, errors, no tasks; its language, theme, keyboard use and narrow screens.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  view,
  openDashboard,
  visit,
  open,
  heading,
  button,
  parameter,
  column,
  completedTask,
  doneCalls,
} from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

const ANSWERED = 0;

openDashboard();

describe("states", () => {
  test("the page shows that it waits for an answer", async () => {
    let release;
    const late = new Promise((resolve) => (release = resolve));
    await view.page.route("**/getTasks?*", async (route) => {
      await late;
      await route.continue();
    });
    await open("/");
    await view.page.locator('[aria-busy="true"]').getByRole("table").waitFor();
    release();
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
  });

  test("a server that is gone is an error, and Retry loads the page", async () => {
    await open("/");
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
    await view.sandbox.stop();
    try {
      await button("刷新").click();
      const alert = view.page.getByRole("alert");
      await alert.waitFor({ timeout: 20_000 });
      assert.match(await alert.innerText(), /服务器出错了/);
      assert.equal(await view.page.getByRole("table").count(), 0);
    } finally {
      await view.sandbox.start();
    }
    await button("重试").click();
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
    assert.equal(await view.page.getByRole("alert").count(), 0);
    view.complaints = view.complaints.filter((text) => !text.startsWith("Failed to load resource"));
  });

  test("each kind of error has its message", async () => {
    const { callJobId } = await completedTask();
    for (const [code, title] of [
      [403, "没有权限查看"],
      [408, "时间对不上"],
      [412, "百应不接受这组条件"],
    ]) {
      await view.page.route("**/queryDoneTaskPhones", (route) =>
        route.fulfill({ json: { code, data: null, resultMsg: "说明", errorStackTrace: "secret" } }),
      );
      await open(`/tasks/${callJobId}`);
      const alert = view.page.getByRole("alert");
      await alert.filter({ hasText: title }).waitFor();
      await view.page.getByText("详细信息").click();
      assert.match(await alert.innerText(), new RegExp(`${code}`));
      assert.doesNotMatch(await alert.innerText(), /secret/);
      await view.page.unroute("**/queryDoneTaskPhones");
    }
    await open("/tasks/1");
    await view.page.getByRole("alert").filter({ hasText: "没有找到" }).waitFor();
    await open("/nowhere");
    await view.page.getByRole("link", { name: "去任务列表" }).click();
    await eventually(async () => assert.equal(await heading().innerText(), "任务"));
  });

  test("a company without tasks shows advice, and is remembered", async () => {
    await open("/");
    await view.page.getByLabel("公司").fill("2");
    await view.page.getByLabel("公司").press("Enter");
    await view.page.getByText("这家公司还没有任务").waitFor();
    assert.equal(parameter("company"), "2");
    await open("/");
    await view.page.getByText("这家公司还没有任务").waitFor();
    await open("/?company=1"); // a shared link wins
    await eventually(async () => assert.ok((await column("任务名称")).length > 0));
  });
});

describe("for everyone", () => {
  test("the language is the browser's until chosen, and then remembered", async () => {
    await open("/");
    await heading().filter({ hasText: "任务" }).waitFor();
    assert.equal(await view.page.locator("html").getAttribute("lang"), "zh-CN");
    await button("English").click();
    await heading().filter({ hasText: "Tasks" }).waitFor();
    assert.equal(await view.page.locator("html").getAttribute("lang"), "en");
    await eventually(async () => assert.ok((await column("Status")).includes("Completed")));
    await view.page.reload();
    await heading().filter({ hasText: "Tasks" }).waitFor();

    await view.context.close();
    await visit({ locale: "en-GB" });
    await open("/");
    await heading().filter({ hasText: "Tasks" }).waitFor();
  });

  test("the theme is the system's until chosen, and then remembered", async () => {
    const dark = () =>
      view.page.evaluate(() => {
        const [red] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
        return Number(red) < 128;
      });
    await open("/");
    assert.equal(await dark(), false);
    await button("切换到深色").click();
    await eventually(async () => assert.equal(await dark(), true));
    await view.page.reload();
    assert.equal(await dark(), true);
    await button("切换到浅色").click();
    await eventually(async () => assert.equal(await dark(), false));
    await view.page.emulateMedia({ colorScheme: "dark" });
    await eventually(async () => assert.equal(await dark(), true));
  });

  test("the keyboard opens a call and plays a line", async () => {
    const { callJobId } = await completedTask();
    await open(`/tasks/${callJobId}?outcome=0&roundsMin=4`);
    await eventually(async () => assert.ok((await column("号码")).length > 0));
    await view.page.getByRole("row").nth(1).getByRole("link").focus();
    await view.page.keyboard.press("Enter");
    await view.page.waitForURL("**/calls/**");
    await eventually(async () =>
      assert.equal(await view.page.evaluate(() => document.activeElement.tagName), "H1"),
    );
    const seek = view.page.getByRole("button", { name: /^从 .* 播放$/ }).last();
    await seek.focus();
    await view.page.keyboard.press("Enter");
    await eventually(async () =>
      assert.ok((await view.page.locator("audio").evaluate((it) => it.currentTime)) > 0),
    );
  });

  test("no page is wider than 390 px, in both languages", async () => {
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
      await view.context.close();
      await visit({ viewport: { width: 390, height: 844 }, locale, hasTouch: true });
      for (const path of paths) {
        await open(path);
        await view.page.waitForLoadState("networkidle");
        const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 390, `${path} in ${locale} is ${width} px wide`);
      }
    }
  });
});
