// The neighbours of a call in the list that it was opened from, the way back, and the keys.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CallTable } from "byrobot-calls";
import { view, openDashboard, open, button, link, parameter, completedTask } from "./dashboard.mjs";
import { ANSWERED, at, client, findCall, press, shown } from "./call.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

describe("the neighbours of a call", () => {
  /** Opens the list of the task's answered calls, the longest first, as the package orders them. */
  async function openList() {
    const { callJobId } = await completedTask();
    const table = new CallTable();
    await client().syncDoneCalls(table, { callJobId });
    const calls = table.where({ finishStatus: ANSWERED });
    const ids = calls
      .rows({ sortBy: "duration", descending: true, limit: calls.length })
      .map(({ callInstanceId }) => callInstanceId);
    calls.free();
    table.free();
    const path = `/tasks/${callJobId}?company=1&p=all&o=0&sort=-duration`;
    await open(path);
    const count = view.page.getByText(`${ids.length.toLocaleString("zh")} 通，`);
    await count.waitFor({ timeout: 20_000 });
    return { ids, path };
  }
  const row = (index) => view.page.locator(`[data-row="${index}"]`);

  test("J and K follow the order of the list, and Escape leads back to its filters and its scroll", async () => {
    const { ids, path } = await openList();
    await row(3).evaluate((element) => element.scrollIntoView({ block: "center" }));
    await row(3).getByRole("gridcell").nth(2).click({ trial: true });
    const scrolled = await view.page.evaluate(() => scrollY);
    assert.ok(scrolled > 200, "the list is not below the charts");
    await row(3).getByRole("gridcell").nth(2).click();
    await shown(ids[3]);

    for (const [key, index] of [
      ["j", 4],
      ["j", 5],
      ["k", 4],
      ["k", 3],
      ["k", 2],
    ]) {
      await press(key);
      await shown(ids[index]);
      const place = `列表中第 ${index + 1} 通，共 ${ids.length.toLocaleString("zh")} 通`;
      assert.equal(await view.page.getByText(place).count(), 1);
      assert.equal(parameter("o"), "0");
      assert.equal(parameter("sort"), "-duration");
    }

    await press("Escape");
    await eventually(async () => {
      assert.equal(new URL(view.page.url()).hash, `#${path}`);
      assert.ok(Math.abs((await view.page.evaluate(() => scrollY)) - scrolled) <= 1);
    });
    await view.page.goForward();
    await shown(ids[2]);
    assert.equal(await link("下一通").getAttribute("aria-disabled"), "false");
  });

  test("the first call has none before it and the last none after it, and the list shows the last call read", async () => {
    const { ids } = await openList();
    const last = ids.length - 1;
    await row(0).focus();
    await press("Enter");
    await shown(ids[0]);
    await press("k");
    await shown(ids[0]);
    assert.equal(await link("上一通").getAttribute("aria-disabled"), "true");
    await link("下一通").click();
    await shown(ids[1]);

    await press("Escape");
    await row(1).focus();
    await press("End");
    await eventually(async () => assert.equal(await row(last).evaluate((it) => it === document.activeElement), true)); // prettier-ignore
    await press("Enter");
    await shown(ids[last]);
    await press("j");
    await shown(ids[last]);
    await press("k");
    await shown(ids[last - 1]);
    await press("Escape");
    await eventually(async () => {
      const inView = await row(last - 1).evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const list = element.closest("[role='grid']").getBoundingClientRect();
        return top >= list.top && bottom <= list.bottom;
      });
      assert.ok(inView, "the list does not show the call");
    });
  });

  test("a call without a list has no neighbours, and Escape leads to its task with the filters of the URL", async () => {
    const { sceneInstance: call } = await findCall(() => true);
    await open(`/calls/${call.callInstanceId}?company=1&p=all&o=0`);
    await shown(call.callInstanceId);
    assert.equal(await view.page.getByRole("navigation", { name: "列表中的前后通话" }).count(), 0);
    await press("j");
    await press("Escape");
    await eventually(() => assert.ok(at(`/tasks/${call.callJobId}`)));
    assert.equal(parameter("p"), "all");
    assert.equal(parameter("o"), "0");
  });

  test("shortcuts are listed behind a button, leave text fields alone, and can be turned off", async () => {
    const { ids } = await openList();
    await row(0).focus();
    await press("Enter");
    await shown(ids[0]);

    await button("快捷键").click();
    const dialog = view.page.getByRole("dialog", { name: "快捷键" });
    assert.match(await dialog.innerText(), /J\s*列表中的下一通/);
    await press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await shown(ids[0]);

    const company = view.page.getByRole("banner").locator("input");
    await company.focus();
    await press("j");
    await shown(ids[0]);
    await company.evaluate((field) => field.blur());

    await press("?");
    await dialog.getByRole("checkbox").uncheck();
    await dialog.getByRole("button", { name: "关闭" }).click();
    await press("j");
    await press("?");
    await shown(ids[0]);
    await button("快捷键").click();
    await dialog.getByRole("checkbox").check();
    await press("Escape");
    await press("j");
    await shown(ids[1]);
  });
});
