// The pages of lines: the flagged line of a campaign is named with its numbers, and its page shows its calls.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { compareLines } from "byrobot-calls/alerts";
import { createSandbox } from "byrobot-calls/sandbox";
import { companyCalls, count, percent } from "./company.mjs";
import { column, heading, NOW, open, openDashboard, parameter, view, visit } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

const seed = 29;
const campaign = ["--scenario", "campaign", "--seed", String(seed), "--no-live"];
openDashboard([...campaign, "--now", NOW.toISOString()]);

/** All calls, and what is hidden in them. */
let own;
let truth;
/** The days since the line is flagged, as the page's parameter. */
let days;
beforeEach(async () => {
  if (own) return;
  const sandbox = await createSandbox({ scenario: "campaign", seed, now: NOW });
  truth = sandbox.truth[0].flaggedLine;
  days = `${truth.since}..2024-03-15`;
  own = await companyCalls(view.sandbox.url);
});

const openLines = async (path = `/lines?company=1&p=${days}`) => {
  await open(path);
  await view.page.getByText("数据截至", { exact: false }).waitFor({ timeout: 60_000 });
};
const inDays = () =>
  own.where({
    startTime: {
      from: new Date(`${truth.since}T00:00:00+08:00`),
      to: new Date("2024-03-16T00:00:00+08:00"),
    },
  });

describe("lines", () => {
  test("the list names the flagged line with its numbers, and its page compares it with the others", async () => {
    await openLines();
    const calls = inDays();
    const compared = new Map(compareLines(calls).map((line) => [line.callerPhone, line]));
    const lines = await column("线路");
    const flagged = [...compared.values()].filter(({ level }) => level !== null);
    assert.deepEqual(
      flagged.map((line) => line.callerPhone),
      [truth.callerPhone],
    );
    assert.equal(lines[0], truth.callerPhone);
    assert.deepEqual(
      [...lines].sort(),
      calls
        .groupBy("callerPhone")
        .map(({ key }) => key)
        .sort(),
    );
    assert.deepEqual(
      await column("预期"),
      lines.map((line) => percent(compared.get(line).expected)),
    );
    const of = (filter) =>
      lines.map((line) => calls.where({ callerPhone: line, ...filter }).length);
    const totals = of({});
    assert.deepEqual(await column("外呼量"), totals.map(count));
    const shares = (filter) => of(filter).map((part, at) => percent(part / totals[at]));
    assert.deepEqual(await column("拒接"), shares({ finishStatus: 1 }));
    assert.deepEqual(await column("拦截"), shares({ finishStatus: [3, 23] }));
    assert.match((await column("判断"))[0], /^疑似被标记/);
    const words = await view.page.locator(".answer").innerText();
    assert.ok(words.includes(truth.callerPhone), words);

    // Its row leads to its own page.
    await view.page.locator(".row-link").first().focus();
    await view.page.keyboard.press("Enter");
    await eventually(async () => assert.equal(await heading().innerText(), truth.callerPhone));
    assert.equal(parameter("p"), days);
    const line = calls.where({ callerPhone: truth.callerPhone });
    await eventually(async () =>
      assert.equal(
        await view.page.locator(".panel .count").innerText(),
        `${count(line.length)} 通，共 ${count(line.length)} 通`,
      ),
    );
    const panel = view.page.locator("figure", { hasText: "结果和其他线路有什么不同？" });
    await panel.getByRole("button", { name: "以表格显示" }).click();
    const callJobId = line.groupBy("callJobId").map(({ key }) => key);
    const peers = calls.where({ callJobId, not: { callerPhone: truth.callerPhone } });
    const share = (set) => percent(set.where({ finishStatus: 1 }).length / set.length);
    await eventually(async () => {
      const rows = await panel.locator("tbody tr").allInnerTexts();
      const cells = rows.map((row) => row.split("\t").map((text) => text.trim()));
      assert.deepEqual(
        cells.find(([label]) => label === "拒接"),
        ["拒接", share(line), share(peers)],
      );
    });
  });

  test("without calls in the period both pages say so", async () => {
    await openLines("/lines?company=1&p=2020-01-01..2020-01-02");
    await view.page.getByText("这段时间没有通话").waitFor();
    await view.page.evaluate(() => {
      location.hash = "#/lines/057100000126?company=1&p=2020-01-01..2020-01-02";
    });
    await view.page.getByRole("button", { name: "查看全部时间" }).click();
    await view.page.locator("figure").first().waitFor();
  });

  test("on a phone the lines are cards within the width", async () => {
    await view.context.close();
    await visit({ viewport: { width: 390, height: 844 }, locale: "en-GB", hasTouch: true });
    await open("/lines?company=1&p=7d");
    await view.page.locator(".row-link").first().waitFor();
    const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `${width} px`);
  });
});
