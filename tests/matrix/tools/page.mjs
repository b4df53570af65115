// No tool: a page with a strict Content-Security-Policy imports the files of the package.
import { program } from "../program.mjs";

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";

export default {
  name: "page",
  title: "plain page, strict CSP",
  version: () => "–",
  ways: {
    async "type=module"(project, { entry, look }) {
      const dist = "./node_modules/byrobot-calls/dist";
      const file = (_, name = "inlined") => `"${dist}/${name}.js"`;
      const code = program(entry).replace(/"byrobot-calls(?:\/(\w+))?"/g, file);
      await project.write("program.js", code);
      return look(".", { "content-security-policy": policy });
    },
  },
};
