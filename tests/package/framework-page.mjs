// A page that runs a program with a framework of this checkout and the packed package. Not here: expectations.
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, root, successful } from "./installation.mjs";
import { serveSite } from "./servers.mjs";

/** Builds for development, and what Vue wants to be told. */
const define = {
  "process.env.NODE_ENV": '"development"',
  __VUE_OPTIONS_API__: "true",
  __VUE_PROD_DEVTOOLS__: "false",
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
};

/** An installed package and a browser; `alias` in the options of a program says which version of a framework it gets. */
export async function startPages() {
  const project = await install();
  const site = await serveSite(project.folder);
  const browser = await openBrowser();

  async function bundle(contents, options) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: project.folder },
      bundle: true,
      write: false,
      format: "esm",
      // The libraries are the repository's; the package is the one that was packed.
      nodePaths: [join(root, "node_modules")],
      define,
      logLevel: "error",
      ...options,
    });
    return outputFiles[0].text;
  }

  return {
    project,
    /** Runs a program in a page; gives what it says at its end (`said`), and the warnings and errors of the page. */
    async run(contents, { html = "", ...options } = {}) {
      await project.write("page.js", await bundle(contents, options));
      await project.write(
        "page.html",
        `<!doctype html><link rel="icon" href="data:,"><body><main>${html}</main><script type="module" src="page.js"></script>`,
      );
      const page = await browser.newPage();
      const wrong = [];
      const failed = new Promise((_, reject) => {
        page.on("pageerror", (error) => {
          wrong.push(String(error));
          reject(error);
        });
      });
      failed.catch(() => {});
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) wrong.push(message.text());
      });
      await page.goto(`${site.url}/page.html`);
      const done = page.waitForFunction(() => globalThis.said !== undefined, undefined, {
        timeout: 60_000,
      });
      await Promise.race([done, failed]).catch((error) =>
        assert.fail([error, ...wrong].join("\n")),
      );
      const said = await page.evaluate(() => globalThis.said);
      await page.close();
      return { said, wrong };
    },
    /** Runs a program in Node, where a server renders; gives what it prints. */
    async runInNode(contents, options) {
      const banner = {
        js: `import { createRequire } from "node:module"; const require = createRequire("${project.folder}/");`,
      };
      const text = await bundle(contents, { ...options, platform: "node", banner });
      await project.write("server.mjs", text);
      const run = project.run(process.execPath, [project.path("server.mjs")]);
      return (await successful(run)).stdout;
    },
    async close() {
      await browser.close();
      await site.close();
      await project.remove();
    },
  };
}
