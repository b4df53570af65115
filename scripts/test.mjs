// Runs all tests, or only the steps named as arguments. Works in a fresh clone.
import { existsSync, readFileSync, readdirSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { browser } from "./browser.mjs";
import { build } from "./build.mjs";
import { setupEngines } from "./engines.mjs";
import { lint } from "./lint.mjs";
import { setup } from "./setup.mjs";
import { inOrder } from "./steps.mjs";
import { Failure, main, root, run, wasmEnvironment } from "./toolchain.mjs";
import { openDisplay } from "./webdriver.mjs";

const steps = {
  setup,
  build,
  lint,
  native: () => run("cargo", ["test", "--workspace", "--no-fail-fast"]),
  web: () =>
    wasmPack(["--headless", "--chrome", "--chromedriver", browser().env.CHROMEDRIVER], "browser", {
      WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(),
    }),
  firefox: () =>
    wasmPack(["--headless", "--firefox", "--geckodriver", browser().env.GECKODRIVER], "browser", {
      WASM_BINDGEN_TEST_WEBDRIVER_JSON: capabilities(),
    }),
  webkit,
  node: () => wasmPack(["--node"], "node"),
  package: () => nodeTests("package"),
  engines: () => nodeTests("engines"),
  browser: () => nodeTests("browser"),
  types: () => nodeTests("types"),
  docs: () => nodeTests("docs"),
};

/** Steps that run only when they are named. */
const further = {
  elsewhere: () => setupEngines().then(() => nodeTests("elsewhere")),
};

/** The suite in WebKitGTK. wasm-pack knows the drivers of WebKit as Safari's, and passes them no capabilities. */
async function webkit() {
  const display = await openDisplay();
  try {
    const where = ["--headless", "--safari", "--safaridriver", browser().env.WEBKITDRIVER];
    await wasmPack(where, "browser", { DISPLAY: display.name });
  } finally {
    display.close();
  }
}

/** The suite of `tests/web`, compiled to wasm. */
function wasmPack(where, test, env = {}) {
  const args = ["test", ...where, "--mode", "no-install", ".", "--test", test];
  return run("wasm-pack", args, {
    env: { ...wasmEnvironment(), WASM_BINDGEN_TEST_TIMEOUT: "120", ...env },
  });
}

/** webdriver.json, with the browsers that were found. */
function capabilities() {
  const wanted = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"));
  wanted["goog:chromeOptions"].binary = browser().env.CHROME;
  wanted["moz:firefoxOptions"] = { binary: browser().env.FIREFOX, args: ["-headless"] };
  const file = join(root, "target/webdriver.json");
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(file, JSON.stringify(wanted));
  return file;
}

async function nodeTests(folder) {
  const path = join(root, "tests", folder);
  const files = existsSync(path)
    ? readdirSync(path).filter((name) => name.endsWith(".test.mjs"))
    : [];
  if (files.length === 0) return console.log(`no tests in tests/${folder} yet`);
  await run(
    process.execPath,
    ["--test", "--test-timeout=600000", ...files.map((name) => join(path, name))],
    {
      env: browser().env,
    },
  );
}

await main(import.meta.url, (named) => {
  const all = { ...steps, ...further };
  const unknown = named.filter((name) => !(name in all));
  if (unknown.length > 0) {
    throw new Failure(`no step ${unknown.join(", ")}; there are ${Object.keys(all).join(", ")}`);
  }
  // Named steps still need a machine that can run them and a package to run them on.
  const chosen = named.length > 0 ? ["setup", "build", ...named] : Object.keys(steps);
  return inOrder("test", Object.fromEntries(chosen.map((name) => [name, all[name]])));
});
