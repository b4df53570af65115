// Node by import and by require.
import process from "node:process";
import { program, required } from "../program.mjs";

export default {
  name: "node-20",
  title: "Node",
  version: () => process.versions.node,
  ways: {
    async import(project, { entry }) {
      await project.write("main.mjs", `${program(entry)}\nconsole.log(await program());`);
      return project.run(process.execPath, "main.mjs");
    },
    async require(project, { entry }) {
      await project.write("main.cjs", `${required(entry)}\nprogram().then(console.log);`);
      return project.run(process.execPath, "--no-experimental-require-module", "main.cjs");
    },
  },
};
