// The page of all calls: its numbers equal those of the package; filters by charts, search, keyboard, vendors' rules, price.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { companyCalls, count, percent } from "./company.mjs";
import {
  NOW,
  view,
  openDashboard,
  inScenario,
  visit,
  open,
  button,
  masked,
  parameter,
} from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const ANSWERED = 0;
const panel = (title) =>
  view.page.locator("figure", { has: view.page.getByRole("heading", { name: title }) });
const shown = () => view.page.locator(".panel .count").innerText();

async function openCalls(query = "") {
  await open(`/calls?company=1&p=all${query}`);
  return await passing();
}

/** The list shows the calls that pass these filters one after the other. */
async function passing(...filters) {
  const calls = await companyCalls(view.sandbox.url);
  const set = filters.reduce((set, filter) => set.where(filter), calls.where({}));
  await eventually(
    async () =>
      assert.equal(await shown(), `${count(set.length)} 通，共 ${count(calls.length)} 通`),
    20_000,
  );
  return set;
}

describe("all calls", () => {
  test("the list has every call of the company, the newest first, and leads to a call and back", async () => {
    const calls = await openCalls();
    const [newest] = calls.rows({ limit: 1, sortBy: "startTime", descending: true });
    const row = view.page.locator('[data-row="0"]');
    await eventually(async () => assert.match(await row.innerText(), /\d/));
    assert.ok((await row.innerText()).includes(newest.startTime));
    assert.ok((await row.innerText()).includes(newest.jobName), "the task is named");
    assert.equal(
      await view.page.getByRole("grid").getAttribute("aria-rowcount"),
      String(calls.length + 1),
    );
    await row.focus();
    await view.page.keyboard.press("ArrowDown");
    await view.page.keyboard.press("Enter");
    await eventually(() => assert.match(view.page.url(), /calls\/\d+/));
    await view.page.goBack();
    await passing();
  });

  test("a click on an outcome filters the list, and the chip removes it", async () => {
    await openCalls();
    await panel("电话打成了什么结果？").getByRole("option", { name: /^已接/ }).click();
    await passing({ finishStatus: ANSWERED });
    await eventually(async () => assert.equal(parameter("o"), "0"));
    await view.page.getByRole("button", { name: /移除：/ }).click();
    await passing();
  });

  test("a search finds names and numbers", async () => {
    const calls = await openCalls();
    const [{ customerTelephone }] = calls.rows({ limit: 1 });
    const part = customerTelephone.slice(-5);
    await view.page.getByRole("searchbox").fill(part);
    await passing({ text: part });
    const [first] = calls.where({ text: part }).rows({ limit: 1 });
    await view.page.getByText(masked(first.customerTelephone)).first().waitFor();
  });

  test("on a phone the charts open on request, and nothing is wider than the screen", async () => {
    await view.context.close();
    await visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await openCalls();
    assert.equal(await panel("电话打成了什么结果？").count(), 0);
    await view.page.getByText("按图筛选").click();
    await panel("电话打成了什么结果？").waitFor();
    for (const tab of ["", "&tab=compliance"]) {
      await open(`/calls?company=1&p=all${tab}`);
      await view.page.locator(".freshness .live").waitFor({ timeout: 20_000 });
      const wide = await view.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${tab}: ${wide} px`);
    }
  });
});

describe("price", () => {
  const card = (name) =>
    view.page.locator("dl.cards > div", {
      has: view.page.locator("dt", { hasText: new RegExp(`^\\s*${name}`) }),
    });

  test("without a price there is no cost; with one, a lead costs price × minutes ÷ leads", async () => {
    const calls = await companyCalls(view.sandbox.url);
    const [{ key: id }] = calls.groupBy("callJobId", { order: "calls" });
    const path = `/tasks/${id}?company=1&p=all`;
    await open(path);
    await card("每百分钟意向").waitFor();
    assert.equal(await view.page.getByText("¥").count(), 0);
    await open("/tasks?company=1&p=all");
    await view.page.locator('[aria-busy="false"]').waitFor();
    assert.equal(await view.page.getByText("¥").count(), 0);

    await view.page.evaluate(() => localStorage.setItem("byrobot-calls.price", "0.12"));
    await open(path);
    const numbers = calls.where({ callJobId: id }).statistics();
    const leads = numbers.intent
      .filter(({ level }) => level === "A" || level === "B")
      .reduce((sum, { calls }) => sum + calls, 0);
    const money = (yuan) => `¥${yuan.toLocaleString("zh", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`; // prettier-ignore
    const cost = 0.12 * numbers.billableMinutes;
    await eventually(async () => {
      const text = await card("意向成本").innerText();
      assert.ok(text.includes(money(cost / leads)), text);
      assert.ok((await card("计费分钟").innerText()).includes(money(cost)));
    }, 20_000);
    await card("意向成本").getByRole("button").click();
    await view.page.getByText("单价为您填写").first().waitFor();

    await open("/tasks?company=1&p=all&sort=-cost");
    await eventually(async () => {
      const row = view.page.locator("tbody tr", { hasText: String(id) });
      assert.ok((await row.innerText()).includes(money(cost / leads)));
    }, 20_000);
  });

  test("a stored price that is none is no price", async () => {
    await open("/tasks?company=1&p=all");
    await view.page.evaluate(() => localStorage.setItem("byrobot-calls.price", '"1e9"'));
    await open("/tasks?company=1&p=all");
    await view.page.locator('[aria-busy="false"]').waitFor();
    assert.equal(await view.page.getByText("意向成本").count(), 0);
  });
});

describe("compliance", () => {
  /** A company that calls early and late, some numbers again and again. */
  const strict = {
    scenario: { base: "quiet", days: 5, afterHours: true, repeats: true, blockedList: true },
    seed: 11,
    now: NOW,
    live: false,
  };

  test("hours, repeats and blocked numbers are those of the package, and lead to their calls", async () => {
    await inScenario(strict, async (sandbox) => {
      const calls = await companyCalls(sandbox.url);
      await open("/calls?company=1&p=all&tab=compliance");
      await view.page.locator(".freshness .live").waitFor({ timeout: 60_000 });
      const outside = (from, to) =>
        calls.where({
          hourOfDay: Array.from({ length: 24 }, (_, hour) => hour).filter(
            (hour) => hour < from || hour >= to,
          ),
        }).length;
      const [narrow, wide] = [outside(9, 20), outside(8, 21)];
      assert.ok(narrow > wide && wide > 0, "the scenario calls early and late");
      const hours = panel("有没有在厂商允许的时段之外拨打？");
      await hours
        .getByText(
          `${count(narrow)} 通在 09–20 时之外，占 ${percent(narrow / calls.length)}；其中 ${count(wide)} 通在 08–21 时之外。`,
        )
        .waitFor();
      const [{ callJobId }] = sandbox.truth.map(({ afterHours }) => afterHours);
      assert.equal(await hours.locator("tbody tr").count(), 1);
      const [task] = calls.where({ callJobId }).rows({ limit: 1 });
      await hours.getByRole("link", { name: task.jobName }).waitFor();
      assert.equal(await hours.getByText("厂商规则，非法规").count(), 2);

      const repeats = panel("同一个号码被打得太频繁吗？");
      const { numbers } = calls.repeats();
      const from = (least) =>
        numbers.reduce((sum, one) => (one.calls >= least ? sum + one.numbers : sum), 0);
      assert.ok(from(6) > 0, "the scenario repeats numbers");
      await repeats
        .getByText(
          `${count(from(3))} 个号码在 24 小时内有 3 条以上记录，其中 ${count(from(6))} 个超过 5 条。`,
        )
        .waitFor();
      await button("列出这些号码").click();
      const rows = repeats.locator("tbody tr");
      await eventually(async () => assert.equal(await rows.count(), Math.min(50, from(3))));
      const most = numbers[numbers.length - 1].calls;
      assert.equal(await rows.first().locator("td").nth(1).innerText(), String(most));
      const { telephones } = sandbox.truth[0].repeats;
      const text = await rows.allInnerTexts();
      assert.ok(!text.some((row) => /\d{7,}/.test(row)), "numbers are masked");
      for (const row of text) {
        assert.ok(
          telephones.some((phone) => row.includes(masked(phone))),
          row,
        );
      }

      const blocked = calls.where({ finishStatus: 11 });
      assert.ok(blocked.length > 0);
      await panel("有多少号码被名单或规则拦下？")
        .getByRole("link", { name: count(blocked.length), exact: true })
        .first()
        .click();
      await eventually(async () =>
        assert.equal(await shown(), `${count(blocked.length)} 通，共 ${count(calls.length)} 通`),
      );
      await view.page.goBack();
      await hours.getByRole("link", { name: "查看这些通话" }).first().click();
      await eventually(async () =>
        assert.equal(await shown(), `${count(narrow)} 通，共 ${count(calls.length)} 通`),
      );
    });
  });

  test("masked numbers cannot be compared, and the page says so", async () => {
    await view.page.route("**/queryDoneTaskPhones*", async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      await route.fulfill({
        response,
        body: text.replace(/("customerTelephone":"\d{3})\d{4}/g, "$1****"),
      });
    });
    await open("/calls?company=1&p=all&tab=compliance");
    await view.page
      .getByText("无法计算：号码已打码，看不出哪些通话属于同一个号码。")
      .waitFor({ timeout: 30_000 });
    await view.page.unrouteAll({ behavior: "ignoreErrors" });
  });
});
