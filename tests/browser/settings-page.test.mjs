// The page of settings: each setting has its effect, and lasts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { companyCalls, count } from "./company.mjs";
import { button, heading, open, openDashboard, view, visit, parameter } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const openSettings = () => open("/settings?company=1");
const proxy = () => view.page.getByRole("textbox", { name: "代理地址" });
const radio = (name) => view.page.getByRole("radio", { name, exact: true });

/** Resolves when the page says that so many calls are kept. */
const kept = (calls) =>
  view.page.getByText(`保存了 ${count(calls)} 通通话`).waitFor({ timeout: 30_000 });

/** The paths of the requests that read tasks from now on. */
function taskRequests() {
  const paths = [];
  view.page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.endsWith("/getTasks")) paths.push([pathname, searchParams.get("companyId")]);
  });
  return paths;
}

test("a proxy URL is asked from then on, by a table of its own, and lasts", async () => {
  await openSettings();
  const { length } = await companyCalls(view.sandbox.url);
  await kept(length);
  const paths = taskRequests();
  // Below the page's own server; Vite's preview passes only /openapi on, so this one leads nowhere.
  await view.page.route("**/elsewhere/**", (route) =>
    route.fulfill({ status: 200, json: { code: 200, data: { list: [], total: 0 } } }),
  );
  await proxy().fill("/elsewhere/");
  await button("保存").click();
  await view.page.getByText("已保存，正在从这个地址读取通话。").waitFor();
  assert.equal(await proxy().inputValue(), "/elsewhere");
  await eventually(() => assert.equal(paths[0]?.[0], "/elsewhere/openapi/v1/task/getTasks"));
  await kept(0);
  paths.length = 0;
  await view.page.reload();
  assert.equal(await proxy().inputValue(), "/elsewhere");
  await eventually(() => assert.equal(paths[0]?.[0], "/elsewhere/openapi/v1/task/getTasks"));
  // Back: the calls that are kept of the first server are still there.
  await proxy().fill("");
  await button("保存").click();
  await kept(length);
});

test("a wrong proxy URL is refused with its reason, and nothing changes", async () => {
  await openSettings();
  const paths = taskRequests();
  for (const [text, reason] of [
    ["calls.example.com", /不是网址/],
    ["//calls.example.com", /不是网址/],
    ["https://calls example.com", /不是网址/],
    ["javascript://alert", /只能是/],
    ["https://user:word@calls.example.com", /用户名和密码/],
    ["https://calls.example.com/?key=1", /\? 或 #/],
    ["/byrobot#part", /\? 或 #/],
  ]) {
    await proxy().fill(text);
    await proxy().press("Enter");
    await view.page.getByText(reason).waitFor();
    assert.equal(await proxy().getAttribute("aria-invalid"), "true");
    await proxy().fill("");
    assert.equal(await view.page.getByText(reason).count(), 0);
  }
  await view.page.reload();
  assert.equal(await proxy().inputValue(), "");
  assert.ok(paths.every(([path]) => path === "/openapi/v1/task/getTasks"));
});

test("a company is taken into the URL, and asked", async () => {
  await openSettings();
  const field = view.page.getByRole("main").getByRole("textbox", { name: "公司" });
  await field.fill("0");
  await field.press("Enter");
  await view.page.getByText("公司 ID 是一个正整数。").waitFor();
  assert.equal(parameter("company"), "1");
  const paths = taskRequests();
  await field.fill("5");
  await field.press("Enter");
  await eventually(() => assert.equal(parameter("company"), "5"));
  await eventually(() => assert.deepEqual(paths[0]?.[1], "5"));
  await open("/settings");
  assert.equal(await field.inputValue(), "5");
});

test("language and theme have their effect and last, and the theme can follow the system again", async () => {
  await openSettings();
  const scheme = () =>
    view.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await radio("深色").check();
  assert.equal(await scheme(), "dark");
  await radio("English").check();
  await eventually(async () => assert.equal(await heading().innerText(), "Settings"));
  await view.page.reload();
  await heading().waitFor();
  assert.equal(await heading().innerText(), "Settings");
  assert.equal(await scheme(), "dark");
  await radio("System").check();
  await view.page.reload();
  await heading().waitFor();
  assert.equal(await scheme(), "light dark");
});

test("numbers are shown until a reload", async () => {
  await openSettings();
  const shown = view.page.getByRole("checkbox", { name: "显示完整号码" });
  await shown.check();
  await view.page.reload();
  assert.equal(await shown.isChecked(), false);
});

test("single keys and the code of panels are switched, and stay so", async () => {
  await openSettings();
  const boxes = view.page.getByRole("checkbox", { name: "开启", exact: true });
  await boxes.nth(0).uncheck();
  await boxes.nth(1).check();
  assert.equal(await button("显示每块图表背后的代码").getAttribute("aria-pressed"), "true");
  await view.page.reload();
  await heading().waitFor();
  assert.deepEqual([await boxes.nth(0).isChecked(), await boxes.nth(1).isChecked()], [false, true]);
});

test("the calls that are kept are counted and cleared", async () => {
  await openSettings();
  const { length } = await companyCalls(view.sandbox.url);
  await kept(length);
  const paths = taskRequests();
  await button("清除本地数据").click();
  await view.page.getByText("已清除，正在重新读取。").waitFor();
  await eventually(() => assert.ok(paths.length > 0));
  await kept(length);
});

test("on a phone nothing is wider than the screen", async () => {
  await view.context.close();
  await visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await openSettings();
  await heading().waitFor();
  assert.ok(
    await view.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
  );
});
