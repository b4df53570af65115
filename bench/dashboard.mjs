// `node bench/dashboard.mjs [--tasks 50] [--calls 2000]`: the dashboard in Chromium on a sandbox: time to the first view, long
// tasks while all calls are read, what a step of a brush costs on the page of a task and on that of all calls.
import { parseArgs } from "node:util";
import { build } from "../scripts/build.mjs";
import { main } from "../scripts/toolchain.mjs";
import { openBrowser, openPage, openSandbox } from "../tests/browser/stage.mjs";

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      tasks: { type: "string", default: "50" },
      calls: { type: "string", default: "2000" },
    },
  });
  await build();
  const world = ["--seed", "7", "--tasks", values.tasks, "--calls-per-task", values.calls];
  const sandbox = await openSandbox([...world, "--now", "2024-03-15T16:30:00+08:00", "--no-live"]);
  const [site, browser] = await Promise.all([openPage(sandbox.url), openBrowser()]);
  try {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 2600 },
      locale: "zh-CN",
    });
    await page.clock.setSystemTime(new Date("2024-03-15T16:30:00+08:00"));
    await page.addInitScript(() => {
      globalThis.long = [];
      const note = (list) =>
        globalThis.long.push(...list.getEntries().map(({ duration }) => duration));
      new PerformanceObserver(note).observe({ entryTypes: ["longtask"] });
    });
    const begun = performance.now();
    await page.goto(`${site.url}/#/tasks?p=all&sort=-calls`);
    await page.locator(".row-link").first().waitFor({ timeout: 60_000 });
    console.log(`first view: ${Math.round(performance.now() - begun)} ms`);
    await page.getByText("数据截至", { exact: false }).waitFor({ timeout: 900_000 });
    const long = await page.evaluate(() => globalThis.long);
    console.log(
      `all calls: ${((performance.now() - begun) / 1000).toFixed(1)} s; ` +
        `tasks over 50 ms: ${long.length}, the longest ${Math.round(Math.max(0, ...long))} ms`,
    );

    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable");
    const spent = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      const of = (name) => metrics.find((metric) => metric.name === name).value * 1000;
      return {
        script: of("ScriptDuration"),
        layout: of("LayoutDuration") + of("RecalcStyleDuration"),
      };
    };
    /** A brush over the durations of the page that is open. */
    const brush = async (where) => {
      const drawing = page
        .locator("figure", { hasText: "接通后聊了多久？" })
        .locator('svg[role="img"]');
      await drawing.waitFor();
      await drawing.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await page.waitForTimeout(2000);
      const box = await drawing.boundingBox();
      await page.mouse.move(box.x + 0.1 * box.width, box.y + 100);
      await page.mouse.down();
      const steps = [];
      for (let step = 1; step <= 60; step += 1) {
        const before = await spent();
        await page.mouse.move(box.x + (0.1 + 0.012 * step) * box.width, box.y + 100);
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => setTimeout(done))),
        );
        const after = await spent();
        steps.push({ script: after.script - before.script, layout: after.layout - before.layout });
      }
      await page.mouse.up();
      for (const part of ["script", "layout"]) {
        // Steps within a bar change nothing.
        const sorted = steps
          .map((step) => step[part])
          .filter((ms) => ms > 1)
          .sort((a, b) => a - b);
        const at = (share) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
        console.log(
          `${where}: a step of a brush, ${part}: median ${at(0.5)} ms, 95 %: ${at(0.95)} ms (${sorted.length} steps)`,
        );
      }
    };
    await page.locator(".row-link").first().click();
    await brush("a task");
    await page.evaluate(() => (location.hash = "#/calls?p=all"));
    await brush("all calls");
  } finally {
    await browser.close();
    await site.close();
    await sandbox.stop();
  }
});
