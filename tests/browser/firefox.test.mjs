// The dashboard in Firefox: ten of the things that the other tests do in Chromium.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { browser as browsers } from "../../scripts/browser.mjs";
import { companyCalls, count, percent } from "./company.mjs";
import { COMPLETED, NOW, masked } from "./dashboard.mjs";
import { eventually, openPage, openSandbox } from "./stage.mjs";

const ANSWERED = 0;

let sandbox, site, firefox, page, task, own;
const complaints = [];

before(async () => {
  // Loaded late, as in scripts/browser.mjs.
  const { default: puppeteer } = await import("puppeteer-core");
  sandbox = await openSandbox();
  [site, firefox] = await Promise.all([
    openPage(sandbox.url),
    puppeteer.launch({
      browser: "firefox",
      executablePath: browsers().env.FIREFOX,
      headless: true,
      extraPrefsFirefox: { "intl.accept_languages": "zh-CN, zh", "media.autoplay.default": 0 },
    }),
  ]);
  const { list } = await sandbox.ask("getTasks", { companyId: 1, status: COMPLETED, pageSize: 50 });
  [task] = list;
  own = (await companyCalls(sandbox.url)).where({ callJobId: task.callJobId });
  page = await firefox.newPage();
  await page.setViewport({ width: 1440, height: 1200 });
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  // The sandbox's clock stands still; the page lives at the same time.
  await page.evaluateOnNewDocument((now) => {
    const offset = now - Date.now();
    const real = Date.now.bind(Date);
    Date.now = () => real() + offset;
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...given) {
        if (given.length === 0) super(Date.now());
        else super(...given);
      }
    };
  }, NOW.getTime());
});
after(async () => {
  await firefox?.close();
  await site?.close();
  await sandbox?.stop();
});

async function open(path) {
  await page.goto("about:blank");
  await page.goto(`${site.url}/#${path}`);
}
const openTask = (query = "") => open(`/tasks/${task.callJobId}?company=1&p=all${query}`);
const texts = (selector) =>
  page.$$eval(selector, (elements) => elements.map((element) => element.innerText.trim()));
const becomes = (selector, expected, patience = 20_000) =>
  eventually(async () => assert.deepEqual(await texts(selector), expected), patience);

/** The page shows the calls that pass these filters. */
async function passing(...filters) {
  const calls = filters.reduce((set, filter) => set.where(filter), own);
  await becomes(".panel .count", [`${count(calls.length)} 通，共 ${count(own.length)} 通`]);
  return calls;
}
const figure = (title) => `::-p-xpath(//figure[.//h2[text()="${title}"]])`;
const place = async (title) => {
  const drawing = await page.$(`${figure(title)} >>> svg[role="img"]`);
  await drawing.evaluate((element) => element.scrollIntoView({ block: "center" }));
  return drawing.boundingBox();
};

describe("in Firefox", () => {
  test("the list has every task and the sum of its calls", async () => {
    const calls = await companyCalls(sandbox.url);
    await open("/tasks?p=all");
    const { list } = await sandbox.ask("getTasks", { companyId: 1, pageSize: 100 });
    await becomes(
      ".row-link",
      list.map(({ jobName }) => jobName),
    );
    await eventually(async () => {
      const cells = await texts("tr.total td");
      assert.equal(cells[3], count(calls.length));
      assert.equal(cells[4], percent(calls.statistics().answerRate));
    }, 30_000);
  });

  test("a task has the package's numbers", async () => {
    await openTask();
    await passing();
    const { answerRate, engagedRate } = own.statistics();
    const values = await texts("dl.cards .value");
    assert.deepEqual(values.slice(0, 3), [
      count(own.length),
      percent(answerRate),
      percent(engagedRate),
    ]);
  });

  test("a drag over durations passes exactly the bars it touches", async () => {
    await openTask();
    await passing();
    const box = await place("接通后聊了多久？");
    const at = (share) => [box.x + share * box.width, box.y + box.height / 2];
    await page.mouse.move(...at(0.35));
    await page.mouse.down();
    await page.mouse.move(...at(0.5), { steps: 4 });
    await page.mouse.move(...at(0.6), { steps: 4 });
    await page.mouse.up();
    const chosen = () => new URL(page.url().replace("/#/", "/")).searchParams.get("d");
    await eventually(async () => assert.match(chosen() ?? "", /^\d+~\d+$/));
    const edges = [0, 3, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 86_400];
    const [first, last] = chosen().split("~").map(Number);
    await passing({
      finishStatus: ANSWERED,
      duration: { min: edges[first], below: edges[last + 1] },
    });
  });

  test("a click on an outcome toggles it", async () => {
    await openTask();
    await passing();
    await page.locator('[role="option"][aria-label^="未接"]').click();
    await passing({ finishStatus: 8 });
    await page.locator('[role="option"][aria-label^="未接"]').click();
    await passing();
  });

  test("a link brings back what was chosen", async () => {
    await openTask(`&o=${ANSWERED}&d=3~6&r=2`);
    await passing({ finishStatus: ANSWERED, duration: { min: 10, below: 60 }, chatRound: 2 });
  });

  test("rows far below are read when they are scrolled to", async () => {
    await openTask();
    await passing();
    await page.$eval('[role="grid"]', (grid) => grid.scrollTo({ top: grid.scrollHeight }));
    const [last] = own.rows({
      offset: own.length - 1,
      limit: 1,
      sortBy: "startTime",
      descending: true,
    });
    await becomes(`[data-row="${own.length - 1}"] .customerTelephone`, [
      masked(last.customerTelephone),
    ]);
  });

  test("the keyboard opens a call of the list", async () => {
    await openTask();
    await passing();
    await eventually(() => page.focus('[data-row="0"]'));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const [, second] = own.rows({ limit: 2, sortBy: "startTime", descending: true });
    await eventually(async () =>
      assert.match(page.url(), new RegExp(`/calls/${second.callInstanceId}`)),
    );
  });

  test("a call shows its lines, and its recording is drawn", async () => {
    const [call] = own.where({ finishStatus: ANSWERED, chatRound: { min: 4 } }).rows({ limit: 1 });
    const detail = await sandbox.ask("phoneLogInfo", { callInstanceId: call.callInstanceId });
    await open(`/calls/${call.callInstanceId}?company=1`);
    await becomes(
      ".bubble",
      detail.phoneLog.phoneLogs.map(({ content }) => content),
    );
    await eventually(async () => {
      const [path] = await page.$$eval(".waveform path, .wave path, svg path[d*='v']", (paths) =>
        paths.map((one) => one.getAttribute("d")).sort((a, b) => b.length - a.length),
      );
      assert.ok((path ?? "").length > 500, "no bars");
    }, 15_000);
  });

  test("the language is the browser's until chosen", async () => {
    await open("/tasks");
    await becomes("h1", ["任务"]);
    await page.locator('::-p-aria([name="English"][role="button"])').click();
    await becomes("h1", ["Tasks"]);
    await page.locator('::-p-aria([name="中文"][role="button"])').click();
    await becomes("h1", ["任务"]);
  });

  test("no page is wider than a phone, and the console is silent", async () => {
    await page.setViewport({ width: 390, height: 844 });
    for (const path of ["/tasks?p=all", `/tasks/${task.callJobId}?p=all`, "/nowhere"]) {
      await open(path);
      await eventually(async () => assert.ok((await texts("h1")).length > 0));
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${path} is ${width} px wide`);
    }
    assert.deepEqual(complaints, []);
  });
});
