// Finds the browser the tests drive: the one `CHROME` and `CHROMEDRIVER` name, else one on PATH.
import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = {
  CHROME: ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"],
  CHROMEDRIVER: ["chromedriver"],
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
  (process.env.PATH ?? "")
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
      "install Chromium or Chrome with its chromedriver, or name them by CHROME and CHROMEDRIVER",
  };
}

/** Starts the browser for Playwright, with the flags that wasm-pack's tests use, and more. */
export async function openBrowser(...more) {
  const { env, missing, advice } = browser();
  if (missing.includes("CHROME")) throw new Error(advice);
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const { chromium } = await import("playwright-core");
  const wanted = JSON.parse(readFileSync(new URL("../webdriver.json", import.meta.url), "utf8"));
  const { args } = wanted["goog:chromeOptions"];
  return chromium.launch({ executablePath: env.CHROME, args: ["--no-sandbox", ...args, ...more] });
}
