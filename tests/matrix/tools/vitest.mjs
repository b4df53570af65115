// Vitest in its three environments.
const inEnvironment = (environment) => async (project) => {
  await project.write(
    "program.test.js",
    `import { writeFileSync } from "node:fs";
     import { test } from "vitest";
     import { program } from "./program.js";
     test("runs", async () => writeFileSync("outcome.txt", await program()));`,
  );
  await project.run("npx", "vitest", "run", `--environment=${environment}`);
  return project.read("outcome.txt");
};

export default {
  name: "vitest",
  title: "Vitest",
  package: "vitest",
  packages: { vitest: "*", jsdom: "*", "happy-dom": "*" },
  ways: Object.fromEntries(
    ["node", "jsdom", "happy-dom"].map((name) => [name, inEnvironment(name)]),
  ),
};
