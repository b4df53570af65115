// Chromium, Firefox and WebKitGTK by WebDriver, all three in the same way: Playwright and Puppeteer drive no WebKit of
// the system. The protocol is a few requests, so no library sends them: selenium-webdriver brings 16 packages. Not here:
// which programs these are (browser.mjs), what pages do.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { browser } from "./browser.mjs";

const chromeArgs = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];

/** By engine, its driver and the capabilities of a session, from the programs that were found and further options. */
const drivers = {
  Chromium: ({ CHROMEDRIVER, CHROME }, { args = [] }) => ({
    program: CHROMEDRIVER,
    wanted: { "goog:chromeOptions": { binary: CHROME, args: [...chromeArgs, ...args] } },
  }),
  Firefox: ({ GECKODRIVER, FIREFOX }, { prefs = {} }) => ({
    program: GECKODRIVER,
    wanted: { "moz:firefoxOptions": { binary: FIREFOX, args: ["-headless"], prefs } },
  }),
  WebKitGTK: ({ WEBKITDRIVER }) => ({ program: WEBKITDRIVER, wanted: {}, hasWindow: true }),
};

/** The engines that {@link openSession} opens. */
export const engineNames = Object.keys(drivers);

/** Milliseconds until a driver has to listen. */
const PATIENCE = 20_000;

/** A display without a screen, for programs that open windows: its `name` for `DISPLAY`, and `close()`. */
export async function openDisplay() {
  const { env, missing, advice } = browser();
  if (missing.includes("XVFB")) throw new Error(advice);
  // Xvfb chooses a free number and writes it to the fourth channel.
  const options = ["-displayfd", "3", "-screen", "0", "1600x1300x24", "-nolisten", "tcp"];
  const server = spawn(env.XVFB, options, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const failed = once(server, "exit").then(() => Promise.reject(new Error("Xvfb ended")));
  failed.catch(() => {});
  const [number] = await Promise.race([once(server.stdio[3], "data"), failed]);
  return { name: `:${String(number).trim()}`, close: () => void server.kill() };
}

/**
 * Starts an engine with one window. Options: `env`, more variables of its environment; `args` of Chromium; `prefs` of
 * Firefox.
 *
 * @returns `visit(url)`, `title()`, `url()`, `evaluate(function, ...values)`, `drag(from, to)` over points of the
 * window, `resize(width, height)` of the page, `version`, `close()`.
 */
export async function openSession(engine, options = {}) {
  const { env, missing, advice } = browser();
  const { program, wanted, hasWindow } = drivers[engine](env, options);
  if (program === undefined) throw new Error(`${missing.join(", ")}: ${advice}`);
  const display = hasWindow && (await openDisplay());
  const port = await freePort();
  const driver = spawn(program, [`--port=${port}`], {
    stdio: "ignore",
    env: { ...process.env, ...options.env, ...(display && { DISPLAY: display.name }) },
  });
  const ended = once(driver, "exit");
  const end = async () => {
    driver.kill();
    await ended.catch(() => {});
    if (display) display.close();
  };

  async function command(method, path, body) {
    const response = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${engine}: ${value.error}: ${value.message}`);
    return value;
  }
  try {
    await listening(port, ended);
    const capabilities = { alwaysMatch: wanted };
    const { sessionId, capabilities: got } = await command("POST", "", { capabilities });
    const ask = (method, path, body) => command(method, `/${sessionId}${path}`, body);
    const session = {
      version: got.browserVersion,
      visit: (url) => ask("POST", "/url", { url }),
      title: () => ask("GET", "/title"),
      url: () => ask("GET", "/url"),
      evaluate: (action, ...args) =>
        ask("POST", "/execute/sync", { script: `return (${action})(...arguments)`, args }),
      async drag(from, to) {
        const move = ([x, y], duration = 100) => ({
          ...{ type: "pointerMove", origin: "viewport", duration },
          ...{ x: Math.round(x), y: Math.round(y) },
        });
        const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
        const down = { type: "pointerDown", button: 0 };
        const up = { type: "pointerUp", button: 0 };
        const actions = [move(from, 0), down, move(middle), move(to), up];
        const mouse = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" } };
        await ask("POST", "/actions", { actions: [{ ...mouse, actions }] });
      },
      async resize(width, height) {
        await ask("POST", "/window/rect", { width, height });
        const [inner, innerHeight] = await session.evaluate("() => [innerWidth, innerHeight]");
        const rect = { width: 2 * width - inner, height: 2 * height - innerHeight };
        await ask("POST", "/window/rect", rect);
      },
      async close() {
        await ask("DELETE", "").catch(() => {});
        await end();
      },
    };
    return session;
  } catch (error) {
    await end();
    throw error;
  }
}

/** Waits until a driver accepts connections. */
async function listening(port, ended) {
  let over = false;
  ended.then(
    () => (over = true),
    () => (over = true),
  );
  for (const end = Date.now() + PATIENCE; ; await wait(50)) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
    if (answer?.ok) return;
    if (over || Date.now() > end) throw new Error("the driver did not start");
  }
}

/** A port on which nothing listens. */
async function freePort() {
  const probe = createServer();
  await once(probe.listen(0, "127.0.0.1"), "listening");
  const { port } = probe.address();
  await once(probe.close(), "close");
  return port;
}
