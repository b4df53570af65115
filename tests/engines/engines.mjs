// Browsers of several kinds and versions, each with a function that opens a page: Chromium by Playwright, Firefox by
// WebDriver (Playwright supports only its own build of Firefox). Not here: what the pages do.
import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { browser, openBrowser, openOldChromium } from "../../scripts/browser.mjs";
import { oldChromium } from "../../scripts/toolchain.mjs";

/**
 * By name, what opens one: `visit(url)` opens a page and gives what the page leaves in its title as JSON;
 * `close()`.
 */
export const engines = {
  Chromium: () => chromium(openBrowser()),
  ...Object.fromEntries(
    Object.keys(oldChromium).map((version) => [
      `Chromium ${version}`,
      () => chromium(openOldChromium(version)),
    ]),
  ),
  Firefox: firefox,
};

/** The title as soon as there is one. */
async function outcome(title) {
  for (let turn = 0; turn < 300; turn += 1) {
    const text = await title();
    if (text.startsWith("{") || text.startsWith("[") || text.startsWith('"'))
      return JSON.parse(text);
    await wait(100);
  }
  throw new Error("the page left no outcome in its title");
}

async function chromium(opening) {
  const opened = await opening;
  return {
    async visit(url) {
      const page = await opened.newPage();
      const complaints = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      try {
        await page.goto(url);
        return await outcome(() => page.title());
      } catch (error) {
        throw new Error(`${url}: ${complaints.join("; ")}`, { cause: error });
      } finally {
        await page.close();
      }
    },
    close: () => opened.close(),
  };
}

async function firefox() {
  const { FIREFOX, GECKODRIVER } = browser().env;
  const driver = spawn(GECKODRIVER, ["--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  const port = await new Promise((resolve, reject) => {
    let said = "";
    driver.once("error", reject);
    driver.once("exit", () => reject(new Error(`geckodriver ended: ${said}`)));
    driver.stdout.on("data", (data) => {
      said += data;
      const [, port] = said.match(/Listening on 127\.0\.0\.1:(\d+)/) ?? [];
      if (port) resolve(port);
    });
  });
  async function command(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
  const wanted = { "moz:firefoxOptions": { binary: FIREFOX, args: ["-headless"] } };
  const { sessionId } = await command("POST", "", {
    capabilities: { alwaysMatch: wanted },
  }).catch((error) => {
    driver.kill();
    throw error;
  });
  return {
    async visit(url) {
      await command("POST", `/${sessionId}/url`, { url });
      return outcome(() => command("GET", `/${sessionId}/title`));
    },
    async close() {
      await command("DELETE", `/${sessionId}`);
      driver.kill();
    },
  };
}
