// The page of a task: charts that filter each other, and the calls that pass. Its numbers equal those of the package, asked
// outside of the page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, describe, test } from "node:test";
import { companyCalls, count, percent } from "./company.mjs";
import {
  COMPLETED,
  view,
  openDashboard,
  open,
  button,
  link,
  parameter,
  masked,
} from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const ANSWERED = 0;
const NO_ANSWER = 8;
const edges = [0, 3, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 86_400];

let task;
/** The task's calls, asked outside of the page. */
let own;
beforeEach(async () => {
  if (own) return;
  const calls = await companyCalls(view.sandbox.url);
  const { list } = await view.sandbox.ask("getTasks", {
    companyId: 1,
    status: COMPLETED,
    pageSize: 50,
  });
  [task] = list;
  own = calls.where({ callJobId: task.callJobId });
  assert.ok(own.length > 100);
});

const openTask = async (query = "") => {
  await open(`/tasks/${task.callJobId}?company=1&p=all${query}`);
  // All calls have been read.
  await eventually(
    async () =>
      assert.match(
        await view.page.locator(".panel .count").innerText(),
        new RegExp(`共 ${own.length} 通`),
      ),
    20_000,
  );
  if (query === "") await passing();
};
const panel = (title) =>
  view.page.locator("figure", { has: view.page.getByRole("heading", { name: title }) });
const card = async (name) =>
  (
    await view.page.locator("dl.cards > div", { hasText: name }).locator("dd").first().innerText()
  ).trim();

/** The page shows the calls that pass these filters one after the other. */
async function passing(...filters) {
  const calls = filters.reduce((set, filter) => set.where(filter), own);
  const { answered } = calls.statistics();
  await eventually(async () => {
    const shown = await view.page.locator(".panel .count").innerText();
    assert.match(shown, new RegExp(`^${count(calls.length)} 通，`));
    assert.equal(await card("外呼量"), count(calls.length));
    const rate =
      calls.length === 0
        ? "—"
        : calls.length < 30
          ? `${answered}/${calls.length}`
          : percent(answered / calls.length);
    assert.equal(await card("接通率"), rate);
  }, 20_000);
  return calls;
}

/** Drags across a part of a chart's drawing: shares of its width and height. */
async function drag(title, from, to) {
  const drawing = panel(title).locator('svg[role="img"]');
  await drawing.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const box = await drawing.boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await view.page.mouse.move(...at(from));
  await view.page.mouse.down();
  await view.page.mouse.move(...at([(from[0] + to[0]) / 2, to[1]]));
  await view.page.mouse.move(...at(to));
  await view.page.mouse.up();
}

describe("charts", () => {
  test("the numbers are those of the task", async () => {
    await openTask();
    const numbers = own.statistics();
    assert.equal(await card("有效对话率"), percent(numbers.engagedRate));
    assert.equal(await card("AB意向率"), percent(numbers.intentRate));
    assert.equal(await card("计费分钟"), count(numbers.billableMinutes));
  });

  test("a drag over durations passes exactly the bars it touches", async () => {
    await openTask();
    await drag("接通后聊了多久？", [0.35, 0.5], [0.6, 0.5]);
    await eventually(async () => assert.match(parameter("d") ?? "", /^\d+(~\d+)?$/));
    const [first, last = first] = parameter("d").split("~").map(Number);
    await passing({
      finishStatus: ANSWERED,
      duration: { min: edges[first], ...(last < 11 ? { below: edges[last + 1] } : {}) },
    });
    await button("清除选择").click();
    await passing();
    await eventually(async () => assert.equal(parameter("d"), null));
  });

  test("a click on an outcome toggles it, and the other charts follow", async () => {
    await openTask();
    const outcomes = panel("电话打成了什么结果？");
    await outcomes.getByRole("option", { name: /^未接/ }).click();
    const calls = await passing({ finishStatus: NO_ANSWER });
    await eventually(async () => assert.equal(parameter("o"), String(NO_ANSWER)));
    await outcomes.getByRole("option", { name: /^已接/ }).click();
    const both = await passing({ finishStatus: [NO_ANSWER, ANSWERED] });
    assert.ok(both.length > calls.length);
    await view.page.getByRole("button", { name: /^移除：\s*结果/ }).click();
    await passing();
  });

  test("hours, rounds, intent, a result, days and the funnel filter as the package does", async () => {
    await openTask();
    await drag("什么时候打，客户会接？", [0.1, 0.12], [0.95, 0.99]);
    // On a slow machine the address has hours of the drag's way before those of its end.
    await eventually(async () => {
      const seen = parameter("h");
      assert.notEqual(seen, null);
      await view.page.waitForTimeout(500);
      assert.equal(parameter("h"), seen);
    });
    const cells = parameter("h")
      .split(",")
      .flatMap((part) => {
        const [from, to = from] = part.split("~").map(Number);
        return Array.from({ length: to - from + 1 }, (_, at) => from + at);
      });
    const hours = {
      anyOf: [...new Set(cells.map((cell) => Math.floor(cell / 24)))].map((day) => ({
        weekday: day + 1,
        hourOfDay: cells.filter((cell) => Math.floor(cell / 24) === day).map((cell) => cell % 24),
      })),
    };
    await passing(hours);

    // A level that some of these calls have.
    const levels = own
      .where(hours)
      .statistics()
      .intent.filter(({ level }) => level !== null);
    assert.ok(levels.length > 0, `no level at ${parameter("h")}`);
    const [{ level }] = levels.sort((one, other) => other.calls - one.calls);
    await panel("客户有多少意向？")
      .getByRole("button", { name: new RegExp(`^${level}`) })
      .click();
    const intent = { finishStatus: ANSWERED, intentLevel: level };
    await passing(hours, intent);

    await view.page.getByRole("button", { name: /^移除：\s*时段/ }).click();
    await passing(intent);
    await view.page.getByRole("button", { name: /^移除：\s*意向/ }).click();
    await passing();

    await panel("号码变成意向，走到哪一步？")
      .getByRole("option", { name: /^≥ 10 秒/ })
      .click();
    await passing({ finishStatus: ANSWERED, duration: { min: 10 } });
    await eventually(async () => assert.equal(parameter("f"), "3"));
  });

  test("a single day is shown by quarters of an hour, and a drag chooses some", async () => {
    const [{ key: date }] = own.groupBy("date");
    await open(`/tasks/${task.callJobId}?company=1&p=${date}..${date}`);
    await passing({ date });
    await drag("这一天打得快不快？", [0.3, 0.5], [0.75, 0.5]);
    await eventually(async () => assert.match(parameter("t") ?? "", /^\d{4}-\d\d-\d\dT/));
    const startTime = parameter("t")
      .split(",")
      .map((text) => Date.parse(`${text}:00+08:00`))
      .map((from) => ({ from, to: from + 900_000 }));
    const calls = await passing({ date }, { startTime });
    assert.ok(calls.length > 0 && calls.length < own.length);
    // Quarters of an hour are no days.
    await view.page.getByRole("radio", { name: "全部" }).check();
    await passing();
    await eventually(async () => assert.equal(parameter("t"), null));
  });

  test("a link brings back what was chosen, and a broken one chooses nothing", async () => {
    await openTask(`&o=${ANSWERED}&d=3~6&r=2`);
    await passing({ finishStatus: ANSWERED, duration: { min: 10, below: 60 } }, { chatRound: 2 });
    await openTask("&o=abc&d=99&h=%25&f=77&i=Z&t=2024-99-99&v=%25E0");
    await passing();
    assert.equal(
      await view.page.getByRole("group", { name: "已选条件" }).getByRole("button").count(),
      0,
    );
  });

  test("another task is compared with, in points", async () => {
    const calls = await companyCalls(view.sandbox.url);
    const { list } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 50 });
    const other = list.find(
      ({ callJobId }) =>
        callJobId !== task.callJobId && calls.where({ callJobId }).statistics().answered >= 30,
    );
    await openTask();
    await view.page
      .getByRole("combobox", { name: "对比" })
      .selectOption({ value: String(other.callJobId) });
    const rate = (set) => set.statistics().answerRate;
    const change = 100 * (rate(own) - rate(calls.where({ callJobId: other.callJobId })));
    const text = `${change < 0 ? "\u2212" : "+"}${Math.abs(change).toFixed(1)} 个百分点`;
    await eventually(async () => {
      const shown = await view.page.locator("dl.cards > div", { hasText: "接通率" }).innerText();
      assert.ok(shown.includes(text), `${text} in ${shown}`);
    });
    assert.equal(parameter("vs"), String(other.callJobId));
  });

  test("a search finds parts of names and numbers", async () => {
    await openTask();
    const [call] = own.rows({ limit: 1 });
    const text = call.customerTelephone.slice(3, 9);
    await view.page.getByRole("searchbox").fill(text);
    await passing({ text });
    await button("清除筛选").first().click();
    await passing();
  });

  test("the table of a chart has its numbers", async () => {
    await openTask();
    const outcomes = panel("电话打成了什么结果？");
    await outcomes.getByRole("button", { name: "以表格显示" }).click();
    const rows = await outcomes
      .locator("tbody tr")
      .evaluateAll((elements) =>
        elements.map((row) => [row.cells[1].textContent.trim(), row.cells[2].textContent.trim()]),
      );
    const expected = own.groupBy("finishStatus");
    assert.equal(rows.length, expected.length);
    assert.deepEqual(
      rows.map(([, calls]) => calls).sort(),
      expected.map(({ calls }) => count(calls)).sort(),
    );
  });
});

describe("calls", () => {
  const first = () => view.page.locator('[role="row"][data-row="0"]');
  const cells = async (row) =>
    (await row.locator('[role="gridcell"]').allInnerTexts()).map((text) => text.trim());

  test("are listed newest first, with masked numbers, and sorted by a column", async () => {
    await openTask();
    const [newest] = own.rows({ limit: 1, sortBy: "startTime", descending: true });
    await eventually(async () =>
      assert.equal((await cells(first()))[1], masked(newest.customerTelephone)),
    );
    await view.page.getByRole("columnheader", { name: /^时长/ }).getByRole("button").click();
    const [longest] = own.rows({ limit: 1, sortBy: "duration", descending: true });
    await eventually(async () =>
      assert.equal((await cells(first()))[1], masked(longest.customerTelephone)),
    );
  });

  test("rows far below are read when they are scrolled to", async () => {
    await openTask();
    const grid = view.page.getByRole("grid");
    assert.equal(await grid.getAttribute("aria-rowcount"), String(own.length + 1));
    await grid.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    const last = own.rows({
      offset: own.length - 1,
      limit: 1,
      sortBy: "startTime",
      descending: true,
    })[0];
    const row = view.page.locator(`[role="row"][data-row="${own.length - 1}"]`);
    await eventually(async () =>
      assert.equal((await cells(row))[1], masked(last.customerTelephone)),
    );
    assert.ok(
      (await view.page.locator('[role="row"]').count()) < 60,
      "only the rows in view exist",
    );
  });

  test("the keyboard moves through the rows and opens one", async () => {
    await openTask();
    await eventually(() => first().focus());
    await view.page.keyboard.press("ArrowDown");
    await view.page.keyboard.press("ArrowDown");
    await eventually(async () =>
      assert.equal(await view.page.evaluate(() => document.activeElement.dataset.row), "2"),
    );
    await view.page.keyboard.press("Enter");
    const third = own.rows({ offset: 2, limit: 1, sortBy: "startTime", descending: true })[0];
    await view.page.waitForURL(`**/calls/${third.callInstanceId}*`);
  });

  test("the CSV has the calls that pass, masked as on the page", async () => {
    await openTask(`&o=${ANSWERED}`);
    const calls = await passing({ finishStatus: ANSWERED });
    await view.page.getByText("导出", { exact: true }).click();
    const [download] = await Promise.all([
      view.page.waitForEvent("download"),
      button("CSV").click(),
    ]);
    const csv = await readFile(await download.path(), "utf8");
    const expected = calls.toCSV({
      language: "zh",
      maskPhones: true,
      bom: true,
      forSpreadsheet: true,
    });
    // The page gets links to recordings on its own origin.
    assert.equal(csv, expected.replaceAll(view.sandbox.url, view.site.url));
    assert.equal(await button("Arrow").isDisabled(), true, "an Arrow file has full numbers");
  });
});

test("the vendor's counters stand beside ours", async () => {
  await openTask();
  await link("与平台口径的差异").click();
  const detail = await view.sandbox.ask("getTaskDetail", { companyId: 1, taskId: task.callJobId });
  const row = view.page.getByRole("row", { name: /^已接/ });
  const texts = await row.getByRole("cell").allInnerTexts();
  assert.deepEqual(texts.slice(0, 2), [
    count(detail.calledCount),
    count(own.statistics().answered),
  ]);
});
