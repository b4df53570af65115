// The wall: its numbers equal those of the package; nothing private, nothing small, nothing outside of the screen; the age of
// the data, the screen's lock, the keyboard.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { companyCalls, count, percent } from "./company.mjs";
import { NOW, view, openDashboard, inScenario, visit, open } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

openDashboard();

const DAY = 86_400_000;
const MIDNIGHT = Date.parse("2024-03-15T00:00:00+08:00");
const campaign = { scenario: "campaign", seed: 29, now: NOW, live: false };
const wall = () => view.page.locator(".wall");
const text = () => wall().innerText();
const value = async (title) =>
  (
    await view.page
      .locator("dl.numbers > div", {
        has: view.page.locator("dt", { hasText: new RegExp(`^\\s*${title}\\s*$`) }),
      })
      .locator("dd")
      .first()
      .innerText()
  ).trim();

async function openWall(query = "", size = { width: 1920, height: 1080 }) {
  await view.page.setViewportSize(size);
  await open(`/wall?company=1${query}`);
  await view.page.locator(".wall.ready").waitFor({ timeout: 120_000 });
}

/** Elements with a text of their own: the text, its size on the screen, its place. */
const texts = () =>
  view.page.evaluate(() =>
    [...document.querySelectorAll("body *")].flatMap((element) => {
      const own = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "",
      );
      if (!own || ["SCRIPT", "STYLE"].includes(element.tagName)) return [];
      const scale = element instanceof SVGTextElement ? element.getScreenCTM().a : 1;
      const box = element.getBoundingClientRect();
      return [
        {
          text: element.textContent.trim(),
          size: Number.parseFloat(getComputedStyle(element).fontSize) * scale,
          right: box.right,
          bottom: box.bottom,
        },
      ];
    }),
  );

describe("what it shows", () => {
  test("today's numbers are those of the package", async () => {
    const calls = await companyCalls(view.sandbox.url);
    const numbers = calls.where({ startTime: { from: MIDNIGHT, to: MIDNIGHT + DAY } }).statistics();
    const leads = numbers.intent
      .filter(({ level }) => level === "A" || level === "B")
      .reduce((sum, { calls }) => sum + calls, 0);
    assert.ok(numbers.answered >= 30, "the world has calls today");
    await openWall();
    await eventually(async () => {
      assert.equal(await value("外呼量"), count(numbers.calls));
      assert.equal(await value("接通率"), percent(numbers.answerRate));
      assert.equal(await value("A/B 意向"), count(leads));
      assert.equal(await value("有效对话率"), percent(numbers.engagedRate));
    });
    assert.equal(await view.page.locator("header, nav").count(), 0);
    assert.match(await text(), /公司 1 · 今日 2024-03-15/);
    assert.match(await text(), /数据截至 10:30（\d+ (秒|分钟)前）/);
  });

  test("the flagged line and the stopped task stand there, and nobody's name or number", async () => {
    await inScenario(campaign, async (sandbox) => {
      const calls = await companyCalls(sandbox.url);
      const [{ flaggedLine, stopped }] = sandbox.truth;
      const { jobName } = calls.where({ callJobId: stopped.callJobId }).rows({ limit: 1 })[0];
      await openWall();
      const tail = `尾号 ${flaggedLine.callerPhone.slice(-4)}`;
      const worst = view.page.locator("section", { hasText: "同任务他线" }).locator("li").first();
      await eventually(async () => {
        assert.ok((await worst.innerText()).includes(tail), await worst.innerText());
        assert.match(await text(), /线路疑似被标记/);
        assert.ok((await text()).includes(jobName.slice(-5)));
      }, 20_000);
      // In the numbers of the lines, too.
      const today = calls.where({ startTime: { from: MIDNIGHT, to: MIDNIGHT + DAY } });
      const line = today
        .expectedRates("callerPhone", ["callJobId", "date"])
        .find(({ key }) => key === flaggedLine.callerPhone);
      assert.ok((await worst.innerText()).includes(percent(line.answerRate)));
      assert.ok((await worst.innerText()).includes(percent(line.expectedRate)));

      const html = await wall().evaluate((element) => element.outerHTML);
      const lines = new Set();
      for (const call of calls.rows({ limit: 100_000 })) {
        lines.add(call.callerPhone);
        assert.ok(!html.includes(call.customerTelephone), "a customer's number");
        assert.ok(!call.customerName || !html.includes(call.customerName), call.customerName);
      }
      for (const phone of lines) assert.ok(!html.includes(phone), "a line's number");
      assert.doesNotMatch(await text(), /\d{7,}/);
    });
  });

  test("text is 28 px or more at 1080p, and nothing is outside of the screen at any size", async () => {
    await inScenario(campaign, async () => {
      for (const [width, height] of [
        [1280, 720],
        [1920, 1080],
        [3840, 2160],
      ]) {
        await openWall("&cycle=30", { width, height });
        await view.page.locator(".right li").first().waitFor();
        for (const { text, size, right, bottom } of await texts()) {
          assert.ok(size >= (28 * width) / 1920 - 0.01, `${size} px: ${text}`);
          assert.ok(right <= width && bottom <= height, `outside of ${width}: ${text}`);
        }
        assert.ok((await view.page.locator(".numbers .value").first().evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))) >= (72 * width) / 1920); // prettier-ignore
        const [across, down] = await view.page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.scrollHeight,
        ]);
        assert.ok(across <= width && down <= height, `${across} × ${down}`);
      }
    });
  });
});

describe("the screen", () => {
  /** A browser whose lock can be watched: Chromium without a screen has none. */
  const lockable = () => {
    const taken = [];
    Object.assign(globalThis, { taken });
    Object.defineProperty(navigator, "wakeLock", {
      value: {
        async request(type) {
          const lock = Object.assign(new EventTarget(), { release: async () => {} });
          taken.push({ type, lock });
          return lock;
        },
      },
    });
  };

  test("it is kept awake, and again after it was hidden", async () => {
    await view.page.addInitScript(lockable);
    await openWall();
    const types = () => view.page.evaluate(() => globalThis.taken.map(({ type }) => type));
    assert.deepEqual(await types(), ["screen"]);
    assert.doesNotMatch(await text(), /屏幕可能熄灭/);
    await view.page.evaluate(() => {
      const show = (state) => {
        Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      };
      show("hidden");
      globalThis.taken[0].lock.dispatchEvent(new Event("release"));
      setTimeout(show, 50, "visible");
    });
    await eventually(async () => assert.deepEqual(await types(), ["screen", "screen"]));
  });

  test("a refusal is shown", async () => {
    await view.page.addInitScript(() =>
      Object.defineProperty(navigator, "wakeLock", {
        value: { request: () => Promise.reject(new DOMException("", "NotAllowedError")) },
      }),
    );
    await openWall();
    await view.page.getByText("屏幕可能熄灭：浏览器不允许保持唤醒").waitFor();
  });

  test("data that has grown old is grey below a banner, and its age is told", async () => {
    await openWall();
    assert.equal(await view.page.locator(".banner").count(), 0);
    await view.sandbox.stop();
    try {
      await view.page.clock.setSystemTime(new Date(NOW.getTime() + 5 * 60_000));
      await view.page.getByText(/数据已停更：截至 10:30，\d 分钟前/).waitFor({ timeout: 30_000 });
      await eventually(async () => assert.match(await text(), /数据截至 10:30（\d 分钟前）/));
      const filter = await view.page
        .locator(".parts")
        .evaluate((element) => getComputedStyle(element).filter);
      assert.equal(filter, "grayscale(1)");
    } finally {
      await view.sandbox.start();
      view.complaints = [];
    }
  });

  test("it is dark, whatever the system's theme; a word in the URL makes it light", async () => {
    const scheme = () => wall().evaluate((element) => getComputedStyle(element).colorScheme);
    await openWall();
    assert.equal(await scheme(), "dark");
    await openWall("&theme=light");
    assert.equal(await scheme(), "light");
  });
});

describe("the keyboard", () => {
  test("pages turn only on request; the space bar pauses them, Escape leaves", async () => {
    await openWall();
    assert.equal(await view.page.getByRole("button").count(), 0);
    await openWall("&cycle=5");
    const pause = view.page.getByRole("button");
    assert.equal(await pause.innerText(), "每 5 秒翻页");
    await view.page.keyboard.press("Space");
    await eventually(async () => assert.equal(await pause.innerText(), "翻页已暂停"));
    await pause.focus();
    await view.page.keyboard.press("Enter");
    await eventually(async () => assert.equal(await pause.innerText(), "每 5 秒翻页"));
    await view.page.keyboard.press("Escape");
    await view.page.getByRole("banner").waitFor();
  });
});

test("on a phone it still shows everything in one screen, without scrolling", async () => {
  await view.context.close();
  await visit({ viewport: { width: 844, height: 390 } });
  await open("/wall?company=1");
  await view.page.locator(".wall.ready").waitFor({ timeout: 20_000 });
  for (const { text, right, bottom } of await texts()) {
    assert.ok(right <= 844 && bottom <= 390, text);
  }
});
