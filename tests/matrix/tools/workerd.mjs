// Cloudflare's workerd by Wrangler's development server: the Worker sends requests to a sandbox in another process.
import { unreachable } from "../../package/servers.mjs";
import { lost, program } from "../program.mjs";

/** The second knows the option `cache` of a request, the first throws at it. */
const dates = ["2024-09-23", "2025-01-01"];

export default {
  name: "workerd",
  title: "workerd (Wrangler)",
  package: "workerd",
  packages: { wrangler: "*", workerd: "*" },
  ways: {
    async development(project, { entry, sandbox }) {
      const calls = program(entry)
        .replace(/import .*sandbox";\n/, "")
        .replace(/export async function program[^]*?\n}\n/, "");
      const { urls, close } = await unreachable();
      await project.write(
        "worker.js",
        `${calls}${lost}
         const options = { baseUrl: "${sandbox.url}" };
         export default {
           async fetch() {
             const said = await statistics(options);
             const again = await statistics({ ...options, fetch: (...request) => fetch(...request) });
             await lost(${JSON.stringify(urls)});
             return new Response(said === again ? said : again);
           },
         };`,
      );
      let said;
      for (const date of dates) {
        const options = ["--ip", "127.0.0.1", "--port", "0", "--compatibility-date", date];
        const server = await project.server("npx", "wrangler", "dev", "worker.js", ...options);
        try {
          const answer = await fetch(server.url);
          if (!answer.ok) throw new Error(`${date}: ${await answer.text()}`);
          said = await answer.text();
        } finally {
          await server.stop();
        }
      }
      await close();
      return said;
    },
  },
};
