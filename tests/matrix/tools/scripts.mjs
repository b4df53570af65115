// Bundlers that write a script and copy no other file: esbuild, Rollup, Rolldown.
import { page } from "../program.mjs";

const bundled = (name, packages, configuration, ...command) => ({
  name: name.toLowerCase(),
  title: name,
  package: name.toLowerCase(),
  packages,
  configuration: (entry) =>
    [configuration, entry.endsWith("/streaming") && "file copied"].filter(Boolean).join(", "),
  ways: {
    async build(project, { look, entry }) {
      await project.run("npx", ...command);
      await project.write("dist/index.html", page("./main.js"));
      if (entry.endsWith("/streaming")) {
        const file = "byrobot_calls.wasm";
        await project.copy(`node_modules/byrobot-calls/dist/${file}`, `dist/${file}`);
      }
      return look("dist");
    },
  },
});

export default [
  bundled(
    "esbuild",
    { esbuild: "*" },
    "",
    ...["esbuild", "main.js", "--bundle", "--format=esm", "--outdir=dist"],
  ),
  bundled(
    "Rollup",
    { rollup: "*", "@rollup/plugin-node-resolve": "*" },
    "node-resolve",
    ...["rollup", "main.js", "-p", "@rollup/plugin-node-resolve", "-d", "dist", "-f", "es"],
  ),
  bundled("Rolldown", { rolldown: "*" }, "", ..."rolldown main.js -d dist -f es".split(" ")),
];
