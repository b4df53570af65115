// `npm run pictures`: a picture of every page, at three widths, in both languages and themes, in target/pictures/. Two of
// them are in the README: docs/pictures/.
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../scripts/build.mjs";
import { setup } from "../../scripts/setup.mjs";
import { main, root } from "../../scripts/toolchain.mjs";

const folder = join(root, "target/pictures");
const world = [
  "--scenario",
  "campaign",
  "--seed",
  "7",
  "--now",
  "2024-03-15T16:30:00+08:00",
  "--no-live",
  "--control",
];
const NOW = new Date("2024-03-15T16:30:00+08:00");
const widths = [1440, 1920, 390];
const languages = { zh: "zh-CN", en: "en-US" };

await main(import.meta.url, async () => {
  await setup();
  await build();
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const { openBrowser, openPage, openSandbox } = await import("./stage.mjs");
  mkdirSync(folder, { recursive: true });
  const sandbox = await openSandbox(world);
  const [site, browser] = await Promise.all([openPage(sandbox.url), openBrowser()]);
  try {
    const paths = await pages(sandbox);
    for (const [language, locale] of Object.entries(languages)) {
      for (const colorScheme of ["light", "dark"]) {
        const context = await browser.newContext({
          locale,
          colorScheme,
          viewport: { width: 1440, height: 900 },
        });
        const page = await context.newPage();
        await page.clock.setSystemTime(NOW);
        for (const [name, path] of Object.entries(paths)) {
          await page.goto("about:blank");
          await page.goto(`${site.url}/#${path}`);
          await page
            .locator(".freshness .live, .call-page, .settings-page, .wall.ready")
            .first()
            .waitFor({ timeout: 300_000 });
          for (const width of name === "wall" ? [1920] : widths) {
            await page.setViewportSize({
              width,
              height: width === 390 ? 844 : Math.round(width * 0.625),
            });
            // The charts follow the width in a frame or two.
            await page.waitForTimeout(500);
            const file = `${name}-${width}-${language}-${colorScheme}.png`;
            await page.screenshot({ path: join(folder, file), fullPage: true });
            // The README has the top of two pages.
            if (width === 1440) await page.screenshot({ path: join(folder, `top-${file}`) });
            console.log(file);
          }
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await site.close();
    await sandbox.stop();
  }
  mkdirSync(join(root, "docs/pictures"), { recursive: true });
  for (const [from, to] of [
    ["top-today-1440-zh-light.png", "today-zh-light.png"],
    ["top-task-1440-en-dark.png", "task-en-dark.png"],
  ]) {
    copyFileSync(join(folder, from), join(root, "docs/pictures", to));
  }
});

/** What is pictured: the largest task of the last week, and a conversation of it. */
async function pages({ ask }) {
  const { list } = await ask("getTasks", { companyId: 1, pageSize: 50 });
  const details = await Promise.all(
    list
      .slice(0, 20)
      .map(({ callJobId }) => ask("getTaskDetail", { companyId: 1, taskId: callJobId })),
  );
  details.sort((one, other) => other.doneCount - one.doneCount);
  const [{ callJobId }] = details;
  const calls = await ask(
    "queryDoneTaskPhones",
    { callJobId, finishStatus: 0, chatRoundLeft: 5, pageNum: 1, pageSize: 20 },
    true,
  );
  return {
    today: "/today",
    today: "/today",
    tasks: "/tasks",
    lines: "/lines",
    scripts: "/scripts",
    task: `/tasks/${callJobId}`,
    chosen: `/tasks/${callJobId}?o=0&d=4~9`,
    settings: "/settings",
    developer: "/tasks?dev=faults",
    calls: "/calls",
    compliance: "/calls?tab=compliance",
    wall: "/wall",
    call: `/calls/${calls.list[0].callInstanceId}`,
  };
}
