// The developer drawer: it controls the sandbox, shows the typed error of each fault, and diagnoses the set-up.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "node:test";
import { build, preview } from "vite";
import { button, link, open, openDashboard, parameter, view, visit } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const root = fileURLToPath(new URL("../../", import.meta.url));
const drawer = () => view.page.getByRole("dialog", { name: "开发者" });
const fault = (name) => drawer().locator(`[data-fault=${name}]`);

/** The rows of the guide: faults, and the error code that the client ends with, or null. */
async function promised() {
  const guide = await readFile(join(root, "docs/sandbox.md"), "utf8");
  const [table] = guide.split("| fault ")[1].split("\n\n");
  const names = (cell) => [...cell.matchAll(/`([\w.: "]+)`/g)].map(([, name]) => name);
  return table
    .split("\n")
    .slice(2)
    .flatMap((row) => {
      const [, faults, , client] = row.split("|");
      const [code = null] = names(client).filter((name) => /^[a-z_]+$/.test(name));
      return names(faults).map((name) => [name, code]);
    });
}

test("a key opens it, Escape closes it, and the URL holds it", async () => {
  await open("/tasks?company=1&p=all");
  await view.page.getByRole("heading", { level: 1 }).waitFor();
  await view.page.keyboard.press("Alt+Shift+KeyD");
  await drawer().waitFor();
  assert.equal(parameter("dev"), "sandbox");
  await drawer().getByRole("link", { name: "接入诊断" }).click();
  assert.equal(parameter("dev"), "diagnosis");
  await view.page.reload();
  await drawer().getByText("全部正常").waitFor();
  await view.page.keyboard.press("Escape");
  await drawer().waitFor({ state: "detached" });
  assert.equal(parameter("dev"), null);
  assert.equal(parameter("p"), "all");
});

test("the settings open it", async () => {
  await open("/settings?company=1");
  await button("打开").click();
  await drawer().getByLabel("种子").waitFor();
  assert.equal(await drawer().getByLabel("种子").inputValue(), "7");
});

test("each fault ends with the error that the guide names, after the attempts of the client", async () => {
  await open("/tasks?company=1&dev=faults");
  const table = await promised();
  assert.ok(table.length >= 13);
  await view.page.locator(".freshness .live").waitFor({ state: "attached" });
  for (const [name, code] of table) {
    await fault(name).getByRole("button").click();
    const result = await fault(name).locator(".trial").innerText();
    if (code === null) {
      assert.match(result, /与没有故障时逐字段相同/, name);
      continue;
    }
    assert.match(result, new RegExp(`ByrobotError \\{ code: "${code}"`), name);
    assert.equal(await fault(name).locator(".error").innerText(), code);
    const tries = code === "not_json" ? 1 : code === "clock_skew" ? 2 : 3;
    assert.match(result, new RegExp(`尝试 ${tries} 次后失败`), name);
  }
  assert.match(await fault("http429").innerText(), /retryAfterMs: 1000/);
  // The browser reports the answers with such a status.
  view.complaints = view.complaints.filter((text) => !/Failed to load resource/.test(text));
});

test("a fault at the first attempt only is overcome by a retry", async () => {
  await open("/tasks?company=1&dev=faults");
  await drawer().getByRole("radio", { name: "只有第一次出现" }).check();
  await fault("vendor500").getByRole("button").click();
  const result = await fault("vendor500").locator(".trial").innerText();
  assert.match(result, /第 1 次失败，[\d.]+ 秒后重试： server/);
  assert.match(result, /成功，共 2 次请求/);
});

test("a restart gives the page another world; a wrong value is refused", async () => {
  await open("/tasks?company=1&p=all&dev=sandbox");
  const names = async () => (await view.page.locator(".row-link").allInnerTexts()).join();
  await view.page.locator(".row-link").first().waitFor({ state: "attached" });
  const before = await names();
  const restart = drawer().getByRole("button", { name: "以此重新开始" });
  try {
    await drawer().getByLabel("种子").fill("8");
    await drawer().getByLabel("每个任务的号码数").fill("40");
    await drawer()
      .getByLabel(/时钟（/)
      .fill("2024-03-14T10:30");
    await restart.click();
    await drawer().getByText("沙箱时钟：2024-03-14 10:30").waitFor();
    await drawer().getByText("与您的电脑不是同一天").waitFor();
    await eventually(async () => assert.notEqual(await names(), before));
    const state = await (await fetch(`${view.sandbox.url}/sandbox/control`)).json();
    assert.deepEqual([state.seed, state.callsPerTask, state.live], [8, 40, false]);

    await drawer().getByLabel("种子").fill("99999999999999999999");
    await restart.click();
    await drawer().getByRole("alert").getByText("seed must be a whole number").waitFor();
    view.complaints = view.complaints.filter((text) => !/status of 400/.test(text));
  } finally {
    await fetch(`${view.sandbox.url}/sandbox/control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        seed: 7,
        callsPerTask: 300,
        now: Date.parse("2024-03-15T10:30:00+08:00"),
        live: false,
      }),
    });
  }
});

test("without a sandbox it says so, and the diagnosis names the fault", async () => {
  await view.page.route("**/sandbox/control", (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: "<p>a page</p>" }),
  );
  await open("/tasks?company=1&dev=sandbox");
  await drawer().getByText("npm start").waitFor();
  await view.page.route("**/openapi/**", (route) =>
    route.fulfill({ status: 200, contentType: "text/html", body: "<html>a page</html>" }),
  );
  await link("接入诊断").click();
  await drawer().locator("li.wrong").waitFor();
  assert.match(await drawer().locator("li.wrong").innerText(), /代理地址\n+.*返回的是网页/);
  await drawer().getByText("到这一项为止").waitFor();
});

test("on a phone it takes the whole width, and its controls are large enough", async () => {
  await view.context.close();
  await visit({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await open("/tasks?company=1&dev=faults");
  const { width, height } = await drawer().boundingBox();
  assert.deepEqual([width, height], [390, 844]);
  await fault("network").waitFor();
  assert.ok((await fault("network").getByRole("button").boundingBox()).height >= 44);
});

describe("in the demo", () => {
  test("the sandbox in the worker is controlled, and a reload keeps its world", async () => {
    const outDir = join(root, "target/demo-of-drawer");
    const site = {
      root: join(root, "www"),
      configFile: join(root, "www/vite.config.ts"),
      mode: "demo",
      logLevel: "silent",
      build: { outDir, emptyOutDir: true },
      preview: { host: "127.0.0.1", port: 0 },
    };
    await build(site);
    const server = await preview(site);
    try {
      const url = server.resolvedUrls.local[0];
      await view.page.goto(`${url}#/tasks?company=1&dev=sandbox`);
      await drawer().getByLabel("场景").selectOption("none");
      await drawer().getByLabel("每个任务的号码数").fill("30");
      await drawer().getByLabel("种子").fill("12");
      await drawer().getByRole("button", { name: "以此重新开始" }).click();
      await drawer().getByText("已重新开始").waitFor({ timeout: 20_000 });
      await drawer().getByRole("link", { name: "故障" }).click();
      await fault("network").getByRole("button").click();
      await fault("network").getByText('ByrobotError { code: "network"').waitFor();
      await view.page.reload();
      await drawer().getByRole("link", { name: "沙箱" }).click();
      assert.equal(await drawer().getByLabel("种子").inputValue(), "12");
      assert.equal(await drawer().getByLabel("每个任务的号码数").inputValue(), "30");
    } finally {
      await server.close();
    }
  });
});
