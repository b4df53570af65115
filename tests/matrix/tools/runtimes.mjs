// Deno and Bun, which run the files of the project directly.
import { unreachable } from "../../package/servers.mjs";
import { lost, program } from "../program.mjs";

const runtime = (title, ...command) => ({
  name: title.toLowerCase(),
  title,
  package: title.toLowerCase(),
  packages: { [title.toLowerCase()]: "*" },
  ways: {
    async run(project, { entry }) {
      const { urls, close } = await unreachable();
      const main = `const said = await program();\nawait lost(${JSON.stringify(urls)});\nconsole.log(said);`;
      await project.write("main.mjs", `${program(entry)}${lost}${main}`);
      try {
        return await project.run("npx", ...command, "main.mjs");
      } finally {
        await close();
      }
    },
  },
});

export default [
  runtime("Deno", "deno", "run", "--allow-read", "--allow-net"),
  runtime("Bun", "bun", "run"),
];
