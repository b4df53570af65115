// Browsers of several kinds and versions, each with a function that opens a page: old Chromium by Playwright, the
// browsers of the system by WebDriver. Not here: what the pages do.
import { setTimeout as wait } from "node:timers/promises";
import { openOldChromium } from "../../scripts/browser.mjs";
import { oldChromium } from "../../scripts/toolchain.mjs";
import { engineNames, openSession } from "../../scripts/webdriver.mjs";

/**
 * By name, what opens one: `visit(url, seconds)` opens a page and gives what the page leaves in its title as JSON within
 * so many seconds, 30 by default; `close()`.
 */
export const engines = {
  ...Object.fromEntries(engineNames.map((name) => [name, () => current(name)])),
  ...Object.fromEntries(
    Object.keys(oldChromium).map((version) => [`Chromium ${version}`, () => old(version)]),
  ),
};

/** The title as soon as there is one. */
async function outcome(title, seconds = 30) {
  for (let turn = 0; turn < seconds * 10; turn += 1) {
    const text = await title();
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith('"'))
      return JSON.parse(text);
    await wait(100);
  }
  throw new Error("the page left no outcome in its title");
}

async function old(version) {
  const opened = await openOldChromium(version);
  return {
    async visit(url, seconds) {
      const page = await opened.newPage();
      const complaints = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      try {
        await page.goto(url);
        return await outcome(() => page.title(), seconds);
      } catch (error) {
        throw new Error(`${url}: ${complaints.join("; ")}`, { cause: error });
      } finally {
        await page.close();
      }
    },
    close: () => opened.close(),
  };
}

async function current(name) {
  const session = await openSession(name);
  return {
    async visit(url, seconds) {
      await session.visit(url);
      return outcome(session.title, seconds);
    },
    close: session.close,
  };
}
