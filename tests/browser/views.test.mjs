// Saved views: a named address for each company, kept in the browser.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { button, link, open, openDashboard, parameter, view } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const dialog = () => view.page.getByRole("dialog", { name: "视图" });
const names = () => dialog().getByRole("link").allInnerTexts();
const namesBecome = (expected) => eventually(async () => assert.deepEqual(await names(), expected));
const openViews = () => button("视图").click();

async function save(name) {
  await dialog().getByRole("textbox", { name: "视图名称" }).fill(name);
  await view.page.keyboard.press("Enter");
}

describe("saved views", () => {
  test("a saved view restores page, period and search after a reload", async () => {
    await open("/tasks?p=30d&q=调研");
    await openViews();
    await save("调研，近 30 天");
    await namesBecome(["调研，近 30 天"]);
    await open("/tasks");
    assert.equal(parameter("p"), null);
    await openViews();
    await link("调研，近 30 天").click();
    await eventually(() => assert.equal(parameter("p"), "30d"));
    assert.equal(parameter("q"), "调研");
    assert.equal(await dialog().isVisible(), false);
  });

  test("a view is renamed, not to a name that is taken, and deleted", async () => {
    await open("/tasks?p=all");
    await openViews();
    await save("甲");
    await save("乙");
    await namesBecome(["甲", "乙"]);
    await button("改名：甲").click();
    const field = dialog().getByRole("textbox", { name: "新名称" });
    await field.fill("乙");
    await dialog().getByRole("alert").getByText("已有同名的视图").waitFor();
    await view.page.keyboard.press("Enter");
    await field.fill("丙");
    await view.page.keyboard.press("Enter");
    await namesBecome(["乙", "丙"]);
    await button("删除：乙").click();
    await namesBecome(["丙"]);
    await view.page.keyboard.press("Escape");
    assert.equal(await dialog().isVisible(), false);
  });

  test("saving under a known name replaces the view, and another company has its own", async () => {
    await open("/tasks?p=all");
    await openViews();
    await save("常用");
    await open("/tasks?p=today");
    await openViews();
    await save("常用");
    await namesBecome(["常用"]);
    await open("/tasks");
    await openViews();
    await link("常用").click();
    await eventually(() => assert.equal(parameter("p"), "today"));
    await view.page.getByRole("textbox", { name: "公司" }).fill("2");
    await view.page.keyboard.press("Enter");
    await openViews();
    await dialog().getByText("还没有保存的视图。").waitFor();
  });
});
