// webpack and Rspack, from their command lines, which take main.js and write dist/main.js.
import { page } from "../program.mjs";

const bundled = (name, title, mainPackage, packages, ...command) => ({
  name,
  title,
  package: mainPackage,
  packages,
  ways: Object.fromEntries(
    ["production", "development"].map((mode) => [
      mode,
      async (project, { look }) => {
        await project.run("npx", ...command, "--mode", mode, "--entry", "./main.js");
        const classic = page("./main.js").replace('type="module"', "defer");
        await project.write("dist/index.html", classic);
        return look("dist");
      },
    ]),
  ),
});

export default [
  bundled("webpack", "webpack", "webpack", { webpack: "^5.0.0", "webpack-cli": "*" }, "webpack"),
  bundled(
    "rspack",
    "Rspack",
    "@rspack/core",
    { "@rspack/core": "*", "@rspack/cli": "*" },
    ...["rspack", "build"],
  ),
];
