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
import { companyCalls } from "./company.mjs";
import { eventually } from "./stage.mjs";

const ANSWERED = 0;

openDashboard();

const names = () => column("任务");

describe("states", () => {
  test("the page shows that it waits for an answer", async () => {
    let release;
    const late = new Promise((resolve) => (release = resolve));
    await view.page.route("**/getTasks?*", async (route) => {
      await late;
      await route.continue();
    });
    await open("/tasks");
    await view.page.locator('[aria-busy="true"]').getByRole("table").waitFor();
    release();
    await eventually(async () => assert.ok((await names()).length > 0));
  });

  test("a server that is gone is an error, and Retry loads the page", async () => {
    await view.sandbox.stop();
    try {
      await open("/tasks");
      const alert = view.page.getByRole("alert");
      await alert.waitFor({ timeout: 40_000 });
      assert.match(await alert.innerText(), /服务器出错了/);
      assert.equal(await view.page.getByRole("table").count(), 0);
    } finally {
      await view.sandbox.start();
    }
    await button("重试").click();
    await eventually(async () => assert.ok((await names()).length > 0), 20_000);
    assert.equal(await view.page.getByRole("alert").count(), 0);
    view.complaints = view.complaints.filter((text) => !text.startsWith("Failed to load resource"));
  });

  test("without a server the calls of the last visit are there", async () => {
    const task = await completedTask();
    await open(`/tasks/${task.callJobId}?p=all`);
    const count = view.page.locator(".panel .count");
    await view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 30_000 });
    const before = await count.innerText();
    await view.sandbox.stop();
    try {
      await open(`/tasks/${task.callJobId}?p=all`);
      await eventually(async () => assert.equal(await count.innerText(), before), 20_000);
    } finally {
      await view.sandbox.start();
    }
    view.complaints = view.complaints.filter((text) => !text.startsWith("Failed to load resource"));
  });

  test("a reload in the middle of the synchronisation loses and doubles no call", async () => {
    let pages = 0;
    await view.page.route("**/queryDoneTaskPhones", async (route) => {
      pages += 1;
      if (pages > 40) await new Promise((resolve) => setTimeout(resolve, 300));
      await route.continue().catch(() => {});
    });
    await open("/tasks?p=all");
    await eventually(async () => assert.ok(pages > 45), 30_000);
    await view.page.unrouteAll({ behavior: "ignoreErrors" });
    await view.page.reload();
    await view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 30_000 });
    const calls = await companyCalls(view.sandbox.url);
    await eventually(async () => {
      const total = await view.page.locator("tr.total td").nth(3).innerText();
      assert.equal(total, calls.length.toLocaleString("zh"));
    });
  });

  test("local data can be removed, and is read again", async () => {
    await open("/tasks?p=all");
    await view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 30_000 });
    const requests = [];
    view.page.on("request", (request) => requests.push(request.url()));
    await view.page.getByRole("button", { name: /数据截至/ }).click();
    await button("清除本地数据").click();
    await eventually(
      async () =>
        assert.ok(requests.filter((url) => url.includes("queryDoneTaskPhones")).length > 20),
      20_000,
    );
    await view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 30_000 });
  });

  test("each kind of error has its message", async () => {
    for (const [code, title] of [
      [403, "没有权限查看"],
      [408, "时间对不上"],
      [412, "百应不接受这组条件"],
    ]) {
      await view.page.route("**/getTasks?*", (route) =>
        route.fulfill({ json: { code, data: null, resultMsg: "说明", errorStackTrace: "secret" } }),
      );
      await open("/tasks");
      const alert = view.page.getByRole("alert");
      await alert.filter({ hasText: title }).waitFor();
      await view.page.getByText("详细信息").click();
      assert.match(await alert.innerText(), new RegExp(`${code}`));
      assert.doesNotMatch(await alert.innerText(), /secret/);
      await view.page.unrouteAll({ behavior: "ignoreErrors" });
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
    await eventually(async () => assert.ok((await names()).length > 0));
  });
});

describe("for everyone", () => {
  test("the language is the browser's until chosen, and then remembered", async () => {
    await open("/tasks");
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
    await open("/tasks");
    await heading().filter({ hasText: "Tasks" }).waitFor();
  });

  test("the theme is the system's until chosen, and then remembered", async () => {
    const dark = () =>
      view.page.evaluate(() => {
        const [red] = getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g);
        return Number(red) < 128;
      });
    await open("/tasks");
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
    await open(`/tasks/${callJobId}?p=all&r=5`);
    await eventually(() =>
      view.page.locator('[role="row"][data-row="0"]').getByRole("link").focus(),
    );
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
      "/tasks?name=不存在",
      `/tasks/${callJobId}?p=all`,
      `/tasks/${callJobId}?p=all&tab=waiting`,
      `/tasks/${callJobId}?p=all&tab=vendor`,
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
