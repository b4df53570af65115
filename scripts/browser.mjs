// Finds and starts the browsers of the tests: those that `CHROME`, `CHROMEDRIVER`, `FIREFOX`, `GECKODRIVER`,
// `WEBKITDRIVER` and `XVFB` name, else those on PATH, and old ones that setup.mjs unpacks. Not here: WebDriver
// (webdriver.mjs).
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { oldChromiumFolder, toolFolder } from "./toolchain.mjs";

const names = {
  CHROME: ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"],
  CHROMEDRIVER: ["chromedriver"],
  FIREFOX: ["firefox-esr", "firefox"],
  GECKODRIVER: [join(toolFolder("geckodriver"), "bin/geckodriver"), "geckodriver"],
  // The driver starts the MiniBrowser of WebKitGTK, which has no headless mode: it needs a display, Xvfb.
  WEBKITDRIVER: ["WebKitWebDriver"],
  XVFB: ["Xvfb"],
};

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (name) =>
  isAbsolute(name)
    ? isProgram(name) && name
    : (process.env.PATH ?? "")
        .split(delimiter)
        .map((folder) => join(folder, name))
        .find(isProgram);

/** The environment that tells every test which browser to drive, and what is missing for it. */
export function browser() {
  const env = {};
  for (const [variable, candidates] of Object.entries(names)) {
    const found = process.env[variable] || candidates.map(onPath).find(Boolean);
    if (found) env[variable] = found;
  }
  return {
    env,
    missing: Object.keys(names).filter((variable) => !env[variable]),
    advice:
      "install Chromium or Chrome with its chromedriver, Firefox, WebKitGTK with its driver, and Xvfb, or name them by CHROME, CHROMEDRIVER, FIREFOX, WEBKITDRIVER and XVFB",
  };
}

/** Starts the browser for Playwright, with the flags that wasm-pack's tests use, and more. */
export async function openBrowser(...more) {
  const { env, missing, advice } = browser();
  if (missing.includes("CHROME")) throw new Error(advice);
  const wanted = JSON.parse(readFileSync(new URL("../webdriver.json", import.meta.url), "utf8"));
  const { args } = wanted["goog:chromeOptions"];
  return launch(env.CHROME, [...args, ...more]);
}

/** Starts Chromium of an earlier year. */
export const openOldChromium = (version) =>
  launch(join(oldChromiumFolder(version), "chromium"), ["--disable-gpu"]);

async function launch(executablePath, args) {
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath, args: ["--no-sandbox", ...args] });
}
