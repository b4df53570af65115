// The pages on paper: light, without controls, no chart cut in two, a part of the list of calls with a note.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { completedTask, open, openDashboard, view, visit } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

/** The number of pages of an A4 print. */
async function pagesOf() {
  const pdf = await view.page.pdf({ format: "A4", printBackground: true });
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
}
const shown = (name) => view.page.getByText(name, { exact: true }).first().isVisible();

describe("on paper", () => {
  test("a task has its charts in light colours, and a part of its calls", async () => {
    await visit({ colorScheme: "dark" });
    const { callJobId } = await completedTask();
    await open(`/tasks/${callJobId}?p=all`);
    await eventually(() => view.page.locator('[data-row="0"]').waitFor({ timeout: 500 }));
    await view.page.emulateMedia({ media: "print" });
    assert.equal(await view.page.getByRole("banner").isVisible(), false);
    assert.equal(await shown("导出"), false);
    assert.equal(await shown("打印件只有列表的开头；导出 CSV 可得到全部通话。"), true);
    const [ink, surface] = await view.page
      .locator("figure.card")
      .first()
      .evaluate((card) => {
        const lightness = (color) => Number(/[\d.]+/.exec(color)[0]);
        const { color, backgroundColor } = getComputedStyle(card);
        return [lightness(color), lightness(backgroundColor)];
      });
    assert.ok(surface > ink, `the card is dark: ${surface} behind ${ink}`);
    const breaks = await view.page
      .locator("figure.card")
      .evaluateAll((cards) => cards.map((card) => getComputedStyle(card).breakInside));
    assert.deepEqual([...new Set(breaks)], ["avoid"]);
    assert.ok((await pagesOf()) <= 5);
    await view.page.emulateMedia({ media: "screen" });
    assert.equal(await view.page.getByRole("banner").isVisible(), true);
    assert.equal(await shown("打印件只有列表的开头；导出 CSV 可得到全部通话。"), false);
  });

  test("the tasks are a table whose rows are not cut", async () => {
    await open("/tasks?p=all");
    await view.page.locator(".row-link").first().waitFor();
    await view.page.emulateMedia({ media: "print" });
    assert.equal(await view.page.getByRole("searchbox").isVisible(), false);
    const row = view.page.getByRole("row").nth(1);
    assert.equal(await row.evaluate((element) => getComputedStyle(element).breakInside), "avoid");
    assert.equal(await row.evaluate((element) => getComputedStyle(element).display), "table-row");
  });
});
