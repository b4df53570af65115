// What every page owes to everybody: no serious fault that axe finds, in both languages and themes, and on a phone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { view, openDashboard, visit, open, completedTask, doneCalls } from "./dashboard.mjs";

openDashboard();

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The serious faults, as rule and place. */
async function faults() {
  await view.page.evaluate(axe);
  const { violations } = await view.page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    standards,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
}

for (const [locale, colorScheme, width] of [
  ["zh-CN", "light", 1440],
  ["en-US", "dark", 1440],
  ["zh-CN", "dark", 390],
  ["en-US", "light", 390],
]) {
  test(`axe finds no serious fault: ${locale}, ${colorScheme}, ${width} px`, async () => {
    const { callJobId } = await completedTask();
    const [call] = await doneCalls({ callJobId, finishStatus: 0 });
    await view.context.close();
    await visit({ locale, colorScheme, viewport: { width, height: 900 }, hasTouch: width < 500 });
    for (const path of [
      "/today",
      "/today?p=all",
      "/tasks?p=all",
      "/lines?p=all",
      "/scripts?p=all",
      "/tasks?name=nothing",
      `/tasks/${callJobId}?p=all&o=0`,
      `/tasks/${callJobId}?p=all&tab=waiting`,
      `/tasks/${callJobId}?p=all&tab=vendor`,
      `/calls/${call.callInstanceId}`,
      "/settings",
      "/tasks?dev=sandbox",
      "/tasks?dev=faults",
      "/tasks?dev=diagnosis",
      "/calls?p=all&o=0",
      "/calls?p=all&tab=compliance",
      "/wall?cycle=30",
      "/nowhere",
    ]) {
      await open(path);
      await view.page.waitForLoadState("networkidle");
      assert.deepEqual(await faults(), [], path);
    }
  });
}
