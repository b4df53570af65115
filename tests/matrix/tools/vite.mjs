// Vite: built and served, and its development server.
const vite = (major) => ({
  name: `vite-${major}`,
  title: "Vite",
  package: "vite",
  packages: { vite: `^${major}.0.0` },
  ways: {
    async build(project, { look }) {
      await project.run("npx", "vite", "build");
      return look("dist");
    },
    async development(project, { visit }) {
      await project.write(
        "development.mjs",
        `import { createServer } from "vite";
         const settings = { server: { host: "127.0.0.1", port: 0 }, logLevel: "error" };
         const server = await (await createServer(settings)).listen();
         console.log("http://127.0.0.1:" + server.httpServer.address().port);`,
      );
      const server = await project.server(process.execPath, "development.mjs");
      try {
        return await visit(server.url);
      } finally {
        await server.stop();
      }
    },
  },
});

export default [5, 6, 7, 8].map(vite);
