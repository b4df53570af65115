// A site for the examples: an empty page at /blank, the files of a project, and a sandbox at /byrobot.
import { createServer } from "vite";

/** Serves a project; resolves to the address of the site and what closes it. */
export async function serveSite(project, sandbox) {
  const page = '<!doctype html><link rel="icon" href="data:,"><main></main>';
  const blank = {
    name: "blank",
    configureServer: ({ middlewares }) =>
      void middlewares.use("/blank", (_, response) => {
        response.setHeader("content-type", "text/html");
        response.end(page);
      }),
  };
  const server = await createServer({
    root: project.folder,
    configFile: false,
    logLevel: "error",
    plugins: [blank],
    // Nothing is made ready in the middle, so that no page is reloaded.
    optimizeDeps: { noDiscovery: true },
    server: {
      host: "127.0.0.1",
      port: 0,
      hmr: false,
      ws: false,
      watch: null,
      proxy: {
        "/byrobot": { target: sandbox.url, rewrite: (path) => path.slice("/byrobot".length) },
      },
    },
  });
  await server.listen();
  return {
    url: `http://127.0.0.1:${server.httpServer.address().port}`,
    close: () => server.close(),
  };
}
