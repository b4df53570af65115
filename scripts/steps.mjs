// Runs named steps in sequence, continues after a failed step, and prints a summary. The seconds of each step are in
// `target/seconds-<title>.json` afterwards.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "./toolchain.mjs";

/** `steps` maps a step's name to its action; fails at the end when any of them failed. */
export async function inOrder(title, steps) {
  const lines = [];
  const spent = {};
  let failures = 0;
  for (const [name, action] of Object.entries(steps)) {
    console.log(`\n── ${title}: ${name}`);
    const started = Date.now();
    let mark = "✓";
    try {
      await action();
    } catch (error) {
      failures += 1;
      mark = "✗";
      console.error(`✗ ${error instanceof Failure ? error.message : error.stack}`);
    }
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    lines.push(`${mark} ${name.padEnd(12)} ${seconds.padStart(7)} s`);
    spent[name] = Number(seconds);
  }
  mkdirSync(join(root, "target"), { recursive: true });
  writeFileSync(join(root, `target/seconds-${title}.json`), `${JSON.stringify(spent)}\n`);
  console.log(`\n── ${title}: summary\n${lines.join("\n")}`);
  if (failures > 0) throw new Failure(`${title}: ${failures} of ${lines.length} steps failed`);
}
