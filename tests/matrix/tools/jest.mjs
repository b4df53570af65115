// Jest with its default configuration: CommonJS. Its jsdom has no fetch; projects that send requests use Node's fetch.
import { required } from "../program.mjs";

const environment = `const { TestEnvironment } = require("jest-environment-jsdom");
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Request, Response, Headers, AbortController, AbortSignal });
  }
};
`;

const inEnvironment =
  (name) =>
  async (project, { entry }) => {
    await project.write(
      "program.test.cjs",
      `${required(entry)}
     test("runs", async () => require("node:fs").writeFileSync("outcome.txt", await program()));`,
    );
    await project.write("environment.cjs", environment);
    await project.run("npx", "jest", `--env=${name}`, "--testMatch=**/*.test.cjs");
    return project.read("outcome.txt");
  };

export default {
  name: "jest",
  title: "Jest",
  package: "jest",
  packages: { jest: "*", "jest-environment-jsdom": "*" },
  configuration: (entry, way) => way === "jsdom" && "fetch added",
  ways: { node: inEnvironment("node"), jsdom: inEnvironment("./environment.cjs") },
};
