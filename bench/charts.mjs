// `node bench/charts.mjs`: what a step of a brush costs with six charts in view, by the library that draws them.
import { join } from "node:path";
import { openBrowser } from "../scripts/browser.mjs";
import { main } from "../scripts/toolchain.mjs";
import { packages } from "./packages.mjs";

await main(import.meta.url, async () => {
  await packages();
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "charts-page.mjs")],
    bundle: true,
    minify: true,
    write: false,
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent("<body></body>");
    await page.addScriptTag({ content: outputFiles[0].text });
    const names = await page.evaluate(() => globalThis.contestants);
    const rounds = [];
    // Each in turn, so that a busy moment of the machine meets them all.
    for (let round = 0; round < 3; round += 1) {
      for (const name of names) {
        const times = await page.evaluate((name) => globalThis.measure(name, 80), name);
        rounds.push({ name, ...times });
      }
    }
    const middle = (name, key) =>
      rounds
        .filter((round) => round.name === name)
        .map((round) => round[key])
        .sort((a, b) => a - b)[1];
    const base = middle("SVG by Vue", "median");
    for (const name of names) {
      const [median, late, layout] = ["median", "late", "layout"].map((key) => middle(name, key));
      console.log(
        `${name.padEnd(32)} ${median.toFixed(1)} ms (${(median / base).toFixed(1)} ×), 95 %: ${late.toFixed(1)} ms, layout: ${layout.toFixed(1)} ms`,
      );
    }
  } finally {
    await browser.close();
  }
});
