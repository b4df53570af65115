// The dashboard in a browser for the tests of a file, and readers of what it shows. Not here: servers (stage.mjs).
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { eventually, openBrowser, openPage, openSandbox, serveSandbox } from "./stage.mjs";

export const COMPLETED = 2;

/** The time of the sandbox. */
export const NOW = new Date("2024-03-15T10:30:00+08:00");

/**
 * The sandbox, the site, the browser; for each test a context and a page, and the complaints of the browser. A test
 * that causes complaints empties them.
 */
export const view = { complaints: [] };

/** Opens the dashboard for the tests of a file; `world`: the sandbox's options on the command line. */
export function openDashboard(world) {
  before(async () => {
    view.sandbox = await openSandbox(world);
    [view.site, view.browser] = await Promise.all([openPage(view.sandbox.url), openBrowser()]);
  });
  after(async () => {
    await view.browser?.close();
    await view.site?.close();
    await view.sandbox?.stop();
  });
  beforeEach(async () => {
    view.complaints = [];
    await visit();
  });
  afterEach(async () => {
    await view.context.close();
    assert.deepEqual(view.complaints, [], "the browser complained");
  });
}

/** Runs a test on a sandbox of its own, for example with a scenario; it gets the sandbox. */
export async function inScenario(options, run) {
  const sandbox = await serveSandbox(options);
  const { site } = view;
  view.site = await openPage(sandbox.url);
  try {
    await run(sandbox);
  } finally {
    await view.site.close();
    view.site = site;
    await sandbox.stop();
  }
}

/** Opens a context and a page. */
export async function visit(options = {}) {
  view.context = await view.browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    ...options,
  });
  view.context.setDefaultTimeout(8000);
  view.page = await view.context.newPage();
  // The sandbox's clock stands still; the page lives at the same time.
  await view.page.clock.setSystemTime(NOW);
  view.page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) view.complaints.push(message.text());
  });
  view.page.on("pageerror", (error) => view.complaints.push(String(error)));
}

/** Opens a page; the routes stand behind `#`. A new document, also if only the route differs. */
export async function open(path) {
  await view.page.goto("about:blank");
  await view.page.goto(`${view.site.url}/#${path}`);
}
export const heading = () => view.page.getByRole("heading", { level: 1 });
export const button = (name) => view.page.getByRole("button", { name, exact: true });
export const link = (name) => view.page.getByRole("link", { name, exact: true });
export const choice = (name) => view.page.getByRole("combobox", { name, exact: true });
export const parameter = (name) =>
  new URL(view.page.url().replace("/#/", "/")).searchParams.get(name);

/** The texts of a column after the list has loaded. */
export async function column(name) {
  const table = view.page.locator('[aria-busy="false"]').getByRole("table");
  const names = await table.getByRole("columnheader").allInnerTexts();
  const titles = names.map((text) => text.replace(/[ ↑↓]+$/, ""));
  assert.ok(titles.includes(name), `no column ${name} among ${titles}`);
  const cells = table.locator(`tbody:not(.foot) td:nth-child(${titles.indexOf(name) + 1})`);
  return (await cells.allInnerTexts()).map((text) => text.trim());
}
export const columnBecomes = (name, expected) =>
  eventually(async () => assert.deepEqual(await column(name), expected));

export const masked = (phone) => `${phone.slice(0, 3)}****${phone.slice(-4)}`;
export const phones = (rows) => rows.map((row) => row.customerTelephone);
export const firstLines = (texts) => texts.map((text) => text.split("\n")[0]);

export async function completedTask() {
  const { list } = await view.sandbox.ask("getTasks", {
    companyId: 1,
    status: COMPLETED,
    pageSize: 20,
  });
  return list[0];
}
export const doneCalls = async (query) =>
  (await view.sandbox.ask("queryDoneTaskPhones", { pageNum: 1, pageSize: 20, ...query }, true))
    .list;
