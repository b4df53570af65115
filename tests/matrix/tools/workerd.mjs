// Cloudflare's workerd, with Wrangler's development server in front: the Worker asks a sandbox elsewhere.
import { program } from "../program.mjs";

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
      await project.write(
        "worker.js",
        `${calls}
         export default {
           fetch: async () => new Response(await statistics({ baseUrl: "${sandbox.url}" })),
         };`,
      );
      const options = ["--ip", "127.0.0.1", "--port", "0", "--compatibility-date", "2025-01-01"];
      const server = await project.server("npx", "wrangler", "dev", "worker.js", ...options);
      try {
        return await (await fetch(server.url)).text();
      } finally {
        await server.stop();
      }
    },
  },
};
