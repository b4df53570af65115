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
      const files = { "byrobot-calls": "inlined", "byrobot-calls/streaming": "streaming" };
      const code = program(entry)
        .replace(`"${entry}"`, `"${dist}/${files[entry]}.js"`)
        .replace('"byrobot-calls/sandbox"', `"${dist}/sandbox.js"`);
      await project.write("program.js", code);
      return look(".", { "content-security-policy": policy });
    },
  },
};
