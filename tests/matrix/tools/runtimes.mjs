// Deno and Bun, which run the files of the project as they are.
import { program } from "../program.mjs";

const runtime = (title, ...command) => ({
  name: title.toLowerCase(),
  title,
  package: title.toLowerCase(),
  packages: { [title.toLowerCase()]: "*" },
  ways: {
    async run(project, { entry }) {
      await project.write("main.mjs", `${program(entry)}\nconsole.log(await program());`);
      return project.run("npx", ...command, "main.mjs");
    },
  },
});

export default [runtime("Deno", "deno", "run", "--allow-read"), runtime("Bun", "bun", "run")];
