// The charts of the dashboard on a page of their own: what pointers, fingers and keys choose, and what is announced.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openSite } from "./stage.mjs";

// The policy of a strict server: neither styles nor scripts in the page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:";
let site, browser;

before(async () => {
  site = await openSite("tests/browser/charts", { "content-security-policy": policy });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** A fresh page. Its errors and breaches of the policy fail the test. */
async function open(t, context = {}) {
  const page = await (await browser.newContext(context)).newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.location().url.endsWith("/favicon.ico"))
      errors.push(message.text());
  });
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(errors, []);
  });
  await page.goto(site.url);
  await page.locator("#levels svg").first().waitFor();
  return {
    page,
    layer: (chart) => page.locator(`#${chart} [role=listbox]`),
    mark: (chart, index) => page.locator(`#${chart} [role=option]`).nth(index),
    /** What the page holds, once the frame of the last event is over. */
    chosen: async (chart) => {
      await page.evaluate(() => new Promise((end) => requestAnimationFrame(() => setTimeout(end))));
      return page.evaluate((name) => globalThis.chosen[name] ?? null, chart);
    },
    record: () => page.evaluate(() => globalThis.record),
    announced: (chart) =>
      page
        .locator(`#${chart} [role=option]`)
        .evaluateAll((marks) =>
          marks.flatMap((mark, index) =>
            mark.getAttribute("aria-selected") === "true" ? [index] : [],
          ),
        ),
  };
}

/** A place in a mark: fractions of its width and height. */
async function inside(mark, x = 0.5, y = 0.5) {
  await mark.scrollIntoViewIfNeeded();
  const box = await mark.boundingBox();
  return [box.x + box.width * x, box.y + box.height * y];
}

async function drag(page, from, to, release = true) {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await page.mouse.move(...to);
  if (release) await page.mouse.up();
}

/** A finger that moves over the page, as the browser gets it from the screen. */
async function swipe(page, from, to) {
  const session = await page.context().newCDPSession(page);
  const touch = (type, points) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([x, y]) => ({ x, y })),
    });
  await touch("touchStart", [from]);
  for (let step = 1; step <= 8; step++)
    await touch("touchMove", [
      [from[0] + ((to[0] - from[0]) * step) / 8, from[1] + ((to[1] - from[1]) * step) / 8],
    ]);
  await touch("touchEnd", []);
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("a drag selects exactly the bars it touches, in both directions", async (t) => {
  const { page, mark, chosen, announced } = await open(t);
  const left = await inside(mark("durations", 2), 0.9);
  const right = await inside(mark("durations", 5), 0.1, 0.9);
  await drag(page, left, right);
  assert.deepEqual(await chosen("durations"), [5, 10, 20, 30]);
  assert.deepEqual(await announced("durations"), [2, 3, 4, 5]);
  await drag(page, right, await inside(mark("durations", 4), 0.9));
  assert.deepEqual(await chosen("durations"), [20, 30]);
});

test("a drag that leaves the chart ends at its last bar", async (t) => {
  const { page, mark, chosen } = await open(t);
  const from = await inside(mark("durations", 6));
  await drag(page, from, [from[0] + 2000, from[1] - 300]);
  assert.deepEqual(await chosen("durations"), [60, 120]);
});

test("a click outside of the bars changes nothing", async (t) => {
  const { page, mark, layer, chosen, record } = await open(t);
  await mark("durations", 3).click();
  assert.deepEqual(await chosen("durations"), [10]);
  const box = await layer("durations").boundingBox();
  await page.mouse.click(box.x + 4, box.y + 80); // the axis
  await page.mouse.click(box.x + 200, box.y + box.height - 4); // the labels
  await page.mouse.click(box.x + 200, box.y - 30); // the panel
  await drag(page, [box.x + 4, box.y + 80], await inside(mark("durations", 5)));
  assert.deepEqual(await chosen("durations"), [10]);
  assert.equal((await record()).length, 1);
});

test("a click on the only selected bar, Esc and the panel's button clear", async (t) => {
  const { page, mark, chosen } = await open(t);
  await mark("durations", 3).click();
  await chosen("durations");
  await mark("durations", 3).click();
  assert.equal(await chosen("durations"), null);
  await drag(page, await inside(mark("durations", 1)), await inside(mark("durations", 3)));
  assert.deepEqual(await chosen("durations"), [3, 5, 10]);
  await page.keyboard.press("Escape");
  assert.equal(await chosen("durations"), null);
  await mark("durations", 3).click();
  await page.locator("#durations").getByRole("button", { name: "Clear selection" }).click();
  assert.equal(await chosen("durations"), null);
});

test("Esc during a drag restores what was selected before", async (t) => {
  const { page, mark, chosen } = await open(t);
  await mark("durations", 7).click();
  await chosen("durations");
  await drag(page, await inside(mark("durations", 1)), await inside(mark("durations", 3)), false);
  assert.deepEqual(await chosen("durations"), [3, 5, 10]);
  await page.keyboard.press("Escape");
  assert.deepEqual(await chosen("durations"), [120]);
  await page.mouse.move(...(await inside(mark("durations", 2))));
  await page.mouse.up();
  assert.deepEqual(await chosen("durations"), [120]);
});

test("a pointer that reports many times in a frame makes one event, with its last place", async (t) => {
  const { page, mark, layer, chosen, record } = await open(t);
  const from = await inside(mark("durations", 0));
  const to = await inside(mark("durations", 7));
  await page.mouse.move(...from);
  await page.mouse.down();
  await chosen("durations");
  const before = (await record()).length;
  await layer("durations").evaluate(
    (element, [[left, y], [right]]) => {
      for (let x = left; x <= right; x += 3)
        element.dispatchEvent(
          new PointerEvent("pointermove", { clientX: x, clientY: y, pointerId: 1, bubbles: true }),
        );
      element.dispatchEvent(
        new PointerEvent("pointermove", { clientX: right, clientY: y, pointerId: 1 }),
      );
    },
    [from, to],
  );
  assert.deepEqual(await chosen("durations"), [0, 3, 5, 10, 20, 30, 60, 120]);
  assert.equal((await record()).length, before + 1);
  await page.mouse.up();
  await drag(page, to, from);
  await chosen("durations");
  const frames = (await record()).map(({ frame }) => frame);
  assert.deepEqual(frames, [...new Set(frames)]);
});

test("the first tap selects a bar, the second ends the range, the third begins anew", async (t) => {
  const { page, mark, chosen } = await open(t, phone);
  await mark("durations", 4).tap();
  assert.deepEqual(await chosen("durations"), [20]);
  assert.match(await page.locator(".chart-tip").innerText(), /Tap another/);
  await mark("durations", 2).tap();
  assert.deepEqual(await chosen("durations"), [5, 10, 20]);
  await mark("durations", 6).tap();
  assert.deepEqual(await chosen("durations"), [60]);
  await mark("durations", 6).tap();
  assert.equal(await chosen("durations"), null);
});

test("a finger that moves across selects, one that moves along scrolls the page", async (t) => {
  const { page, mark, chosen, record } = await open(t, phone);
  const from = await inside(mark("durations", 1), 0.5, 0.9);
  await swipe(page, from, [from[0], from[1] - 120]);
  assert.equal(await chosen("durations"), null);
  assert.deepEqual(await record(), []);
  await page.waitForFunction(() => scrollY > 0);
  await page.evaluate(() => scrollTo(0, 0));
  await swipe(page, await inside(mark("durations", 1)), await inside(mark("durations", 3)));
  assert.deepEqual(await chosen("durations"), [3, 5, 10]);
});

test("arrows move, Space selects, Shift extends, Esc clears", async (t) => {
  const { page, layer, chosen } = await open(t);
  const active = async () => {
    const id = await layer("durations").getAttribute("aria-activedescendant");
    return page.locator(`[id="${id}"]`).getAttribute("aria-label");
  };
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  while (!(await layer("durations").evaluate((element) => element === document.activeElement)))
    await page.keyboard.press("Tab");
  assert.equal(await active(), "0, 100");
  assert.equal(
    await page
      .locator("#durations .active")
      .evaluate((mark) => getComputedStyle(mark).outlineStyle),
    "solid",
  );
  await press("ArrowRight", "ArrowRight");
  assert.equal(await active(), "5, 300");
  assert.equal(await page.locator(".chart-tip").innerText(), "5\n\n300");
  assert.equal(await chosen("durations"), null);
  await press("Space");
  assert.deepEqual(await chosen("durations"), [5]);
  await press("Shift+ArrowRight", "Shift+ArrowRight");
  assert.deepEqual(await chosen("durations"), [5, 10, 20]);
  await press("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft");
  assert.deepEqual(await chosen("durations"), [3, 5]);
  await press("End", "Shift+Home");
  assert.deepEqual(await chosen("durations"), [0, 3, 5, 10, 20, 30, 60, 120]);
  await press("Escape");
  assert.equal(await chosen("durations"), null);
});

test("bars with keys of their own are toggled one by one", async (t) => {
  const { page, mark, layer, chosen, announced } = await open(t);
  await mark("codes", 2).click();
  await chosen("codes");
  await mark("codes", 0).click();
  assert.deepEqual(await chosen("codes"), ["answered", "busy"]);
  assert.deepEqual(await announced("codes"), [0, 2]);
  await layer("codes").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.deepEqual(await chosen("codes"), ["rejected", "busy"]);
  await mark("codes", 1).click();
  await chosen("codes");
  await mark("codes", 2).click();
  assert.equal(await chosen("codes"), null);
});

test("a drag over the week selects a rectangle, its heads select a day or an hour", async (t) => {
  const { page, mark, layer, chosen } = await open(t);
  await drag(page, await inside(mark("cells", 24 + 11)), await inside(mark("cells", 48 + 9)));
  assert.deepEqual(await chosen("cells"), [33, 34, 35, 57, 58, 59]);
  const head = (name) => page.locator("#cells").getByRole("button", { name });
  await head("Select all of Sun").click();
  assert.deepEqual(
    await chosen("cells"),
    Array.from({ length: 24 }, (_, hour) => 144 + hour),
  );
  await head("Select 9:00 on all days").click();
  assert.deepEqual(await chosen("cells"), [9, 33, 57, 81, 105, 129, 153]);
  await head("Select 9:00 on all days").click();
  assert.equal(await chosen("cells"), null);
  await layer("cells").focus();
  await mark("cells", 30).click();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  assert.deepEqual(await chosen("cells"), [30, 31, 54, 55]);
});

test("on a narrow screen the hours run down and the cells stay the same", async (t) => {
  const { page, chosen, announced } = await open(t, phone);
  const cell = (name) => page.locator("#cells").getByRole("option", { name });
  await cell(/^Tue 8:00/).tap();
  await chosen("cells");
  await cell(/^Thu 9:00/).tap();
  assert.deepEqual(await chosen("cells"), [32, 33, 56, 57, 80, 81]);
  assert.deepEqual(await announced("cells"), [57, 58, 59, 64, 65, 66]);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
});

test("a filter shrinks the bars in front of their outlines and does not move the axis", async (t) => {
  const { page, mark, chosen } = await open(t);
  const axis = () => page.locator("#durations svg[role=img] text").allTextContents();
  const before = await axis();
  assert.equal(await page.locator("#durations .ghost").count(), 0);
  await mark("cells", 30).click();
  await chosen("cells");
  assert.equal(await page.locator("#durations .ghost").count(), 8);
  assert.deepEqual(await axis(), before);
});

test("a line is brushed like bars, also over a day without a value", async (t) => {
  const { page, mark, chosen } = await open(t);
  await drag(page, await inside(mark("days", 3)), await inside(mark("days", 5)));
  assert.deepEqual(await chosen("days"), [3, 4, 5]);
});

test("a step of the funnel is picked and taken back; the first one cannot be", async (t) => {
  const { mark, chosen, record } = await open(t);
  await mark("step", 0).click({ force: true });
  assert.equal(await mark("step", 0).getAttribute("aria-disabled"), "true");
  assert.deepEqual(await record(), []);
  await mark("step", 1).click();
  assert.equal(await chosen("step"), "dialled");
  await mark("step", 2).click();
  assert.equal(await chosen("step"), "answered");
  await mark("step", 2).click();
  assert.equal(await chosen("step"), null);
});

test("a round is picked, also the first one", async (t) => {
  const { mark, chosen, announced } = await open(t);
  await mark("round", 0).click();
  assert.equal(await chosen("round"), 0);
  assert.deepEqual(await announced("round"), [0]);
  assert.equal(
    await mark("round", 1).getAttribute("aria-label"),
    "Round 2, reached 50.0% · ends here 60.0%",
  );
});

test("the legend and the parts of the bar of shares toggle", async (t) => {
  const { page, chosen } = await open(t);
  const entry = (name) => page.locator("#levels").getByRole("button", { name });
  await entry(/^C/).click();
  await entry(/^A/).click();
  assert.deepEqual(await chosen("levels"), ["A", "C"]);
  assert.equal(await entry(/^A/).getAttribute("aria-pressed"), "true");
  await page.locator("#levels .part").nth(2).click();
  await page.locator("#levels .part").nth(0).click();
  assert.equal(await chosen("levels"), null);
});

test("a panel shows its numbers as a table, and its chart again", async (t) => {
  const { page } = await open(t);
  const panel = page.locator("#durations");
  await panel.getByRole("button", { name: "Show as table" }).click();
  const rows = panel.getByRole("row");
  assert.equal(await rows.count(), 9);
  assert.deepEqual(await rows.nth(3).getByRole("cell").allInnerTexts(), ["5 s", "300"]);
  assert.equal(await panel.getByRole("listbox").count(), 0);
  await panel.getByRole("button", { name: "Show as table", pressed: true }).click();
  await panel.getByRole("listbox").waitFor();
});

test("a chart is named by the title and the answer of its panel", async (t) => {
  const { page } = await open(t);
  const name = "durations: most are long";
  assert.equal(await page.getByRole("img", { name }).count(), 1);
  assert.equal(await page.getByRole("listbox", { name }).count(), 1);
  assert.equal(await page.getByRole("figure", { name: "durations" }).count(), 1);
});

test("a panel without calls says so and offers to clear the filters", async (t) => {
  const { page, record } = await open(t);
  const panel = page.locator("#nothing");
  assert.match(await panel.innerText(), /No calls match/);
  await panel.getByRole("button", { name: "Clear filters" }).click();
  assert.deepEqual(
    (await record()).map(({ name }) => name),
    ["filters"],
  );
});

test("a mark that is pointed at has a tip, a click elsewhere hides it", async (t) => {
  const { page, mark } = await open(t);
  await mark("cells", 33).hover();
  assert.match(await page.locator(".chart-tip").innerText(), /^Tue 9:00/);
  await page.mouse.click(2, 2);
  assert.equal(await page.locator(".chart-tip").isVisible(), false);
});
