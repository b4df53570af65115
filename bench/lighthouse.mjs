// `node bench/lighthouse.mjs [--runs 3]`: Lighthouse's marks of the dashboard's pages, preset "desktop", on a sandbox: the
// tasks, one task, one call. A mark is the median of the runs.
import { parseArgs } from "node:util";
import { packages } from "./packages.mjs";
import { browser } from "../scripts/browser.mjs";
import { build } from "../scripts/build.mjs";
import { main } from "../scripts/toolchain.mjs";
import { openPage, openSandbox } from "../tests/browser/stage.mjs";

await main(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { runs: { type: "string", default: "3" } } });
  await packages();
  await build();
  // Loaded late: `packages` has just installed them.
  const { default: lighthouse, desktopConfig } = await import("lighthouse");
  const { launch } = await import("chrome-launcher");
  const world = ["--scenario", "campaign", "--seed", "7", "--now", new Date().toISOString()];
  const sandbox = await openSandbox([...world, "--no-live"]);
  const site = await openPage(sandbox.url);
  const chrome = await launch({
    chromePath: browser().env.CHROME,
    chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--lang=zh-CN"],
  });
  try {
    const { list } = await sandbox.ask("getTasks", { companyId: 1, status: 2, pageSize: 1 });
    const [{ callJobId }] = list;
    const calls = { companyId: 1, callJobId, pageNum: 1, pageSize: 1 };
    const [{ callInstanceId }] = (await sandbox.ask("queryDoneTaskPhones", calls, true)).list;
    const paths = ["tasks?p=30d", `tasks/${callJobId}?p=all`, `calls/${callInstanceId}`];
    for (const path of paths) {
      const marks = {};
      const lost = new Set();
      for (let run = 0; run < Number(values.runs); run += 1) {
        const flags = {
          port: chrome.port,
          onlyCategories: ["performance", "accessibility", "best-practices"],
        };
        const { lhr } = await lighthouse(`${site.url}/#/${path}`, flags, desktopConfig);
        for (const { id, score } of Object.values(lhr.categories)) {
          (marks[id] ??= []).push(Math.round(100 * score));
        }
        for (const category of Object.values(lhr.categories)) {
          for (const { id, weight } of category.auditRefs) {
            const { score, displayValue = "" } = lhr.audits[id];
            if (weight > 0 && score !== null && score < 0.9)
              lost.add(`${id} ${displayValue}`.trim());
          }
        }
      }
      const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
      const text = Object.entries(marks).map(([id, all]) => `${id} ${median(all)}`);
      console.log(`/${path.replace(/\d+/, "…")}: ${text.join(", ")}`);
      if (lost.size > 0) console.log(`  marks lost by: ${[...lost].join("; ")}`);
    }
  } finally {
    chrome.kill();
    await site.close();
    await sandbox.stop();
  }
});
