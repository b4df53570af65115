// The reference as the dashboard serves it: it has a page for every exported name, links from the header, and fits the
// screens of phones. Not here: missing documentation and broken links, which fail its build (scripts/reference.mjs).
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { createServer } from "vite";
import { openBrowser } from "../../scripts/browser.mjs";
import { reference } from "../../scripts/reference.mjs";
import { root } from "../package/installation.mjs";
import { read } from "./documents.mjs";

before(reference);

test("the reference has a page for every exported name", () => {
  const { exports } = JSON.parse(read("pkg/package.json"));
  // Both entry points have the same names.
  const entries = Object.entries(exports).filter(
    ([entry, target]) => target.import && entry !== "./streaming",
  );
  const files = entries.map(([, target]) => join(root, "pkg", target.import.types));
  const program = ts.createProgram(files, { types: [] });
  const checker = program.getTypeChecker();
  const kinds = ["classes", "functions", "interfaces", "types", "variables"];
  // What several entry points export has its page at the first one.
  const documented = new Set();
  const missing = entries.flatMap(([entry], index) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(files[index]));
    const symbols = checker.getExportsOfModule(module);
    assert.ok(symbols.length > 0);
    const page = entry.replace(/^\./, "byrobot-calls").replaceAll("/", "_");
    return symbols.flatMap((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const meant = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      if (documented.has(meant)) return [];
      documented.add(meant);
      const exists = (kind) =>
        existsSync(join(root, `www/public/reference/${kind}/${page}.${symbol.name}.html`));
      return kinds.some(exists) ? [] : [symbol.name];
    });
  });
  assert.deepEqual(missing, []);
});

describe("in the dashboard", () => {
  let server, browser, site;
  before(async () => {
    server = await createServer({
      root: join(root, "www"),
      configFile: join(root, "www/vite.config.ts"),
      logLevel: "silent", // there is no sandbox behind it
      server: { host: "127.0.0.1", port: 0 },
    });
    await server.listen();
    site = `http://127.0.0.1:${server.httpServer.address().port}`;
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const width of [390, 1440]) {
    test(`the header leads to a guide and a name, ${width} wide`, async () => {
      const viewport = { width, height: 900 };
      const context = await browser.newContext({ viewport, locale: "en" });
      try {
        const page = await context.newPage();
        await page.goto(site);
        // On a phone it is among the settings.
        if (width < 800) await page.getByRole("link", { name: "Settings" }).click();
        await page.getByRole("link", { name: "API reference" }).click();
        await page.getByRole("heading", { name: "Every call, exactly once" }).waitFor();
        await page.getByRole("link", { name: "analytics", exact: true }).click();
        await page.getByRole("heading", { name: "Every number" }).waitFor();
        await page.goto(`${site}/reference/classes/byrobot-calls.ByrobotClient.html`);
        await page.getByText("Vendor: GET getTaskDetail.").waitFor();
      } finally {
        await context.close();
      }
    });
  }

  test("no page is wider than a phone", async () => {
    const folder = join(root, "www/public/reference");
    const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".html"));
    const context = await browser.newContext({ viewport: { width: 390, height: 900 } });
    const page = await context.newPage();
    const wide = [];
    for (const name of pages) {
      await page.goto(pathToFileURL(join(folder, name)).href, { waitUntil: "domcontentloaded" });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 390) wide.push(`${name}: ${width}`);
    }
    await context.close();
    assert.deepEqual(wide, []);
  });

  test("llms.txt and the documents that it links are there as text", async () => {
    const text = await (await fetch(`${site}/llms.txt`)).text();
    assert.equal(text, read("pkg/llms.txt"));
    for (const [, link] of text.matchAll(/\]\(([^)]+)\)/g)) {
      assert.equal(await (await fetch(`${site}/${link}`)).text(), read(`pkg/${link}`), link);
    }
  });
});
