import process from "node:process";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin, type ProxyOptions } from "vite";
import { code } from "./code.ts";

// The page asks its own origin; the sandbox answers behind it, as the vendor would behind a real proxy.
const sandbox = process.env["BYROBOT_SANDBOX"] ?? "http://127.0.0.1:8787";
// The host stays that of the page, so that links to recordings lead to the page's origin, too.
const behind: ProxyOptions = {
  target: sandbox,
  changeOrigin: false,
  configure(server) {
    // A connection that the sandbox cuts is cut here, too: its fault `network` must not become an answer.
    server.on("error", (error, _, response) => {
      if ("code" in error && error.code === "ECONNRESET") response.destroy();
    });
  },
};
const proxy = { "/openapi": behind, "/recordings": behind, "/sandbox": behind };

/** In development Vite knows the files of `public`, but no folder's index.html. */
const reference: Plugin = {
  name: "reference",
  configureServer({ middlewares }) {
    middlewares.use((request, _, next) => {
      request.url = request.url?.replace(/^\/reference\/(?=$|\?)/, "/reference/index.html");
      next();
    });
  },
};

/** The page asks for the package's WebAssembly while its scripts are still on their way. */
const earlyWasm: Plugin = {
  name: "early wasm",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((name) => name.endsWith(".wasm"))
        .map((name) => ({
          tag: "link",
          attrs: {
            rel: "preload",
            as: "fetch",
            type: "application/wasm",
            href: `./${name}`,
            crossorigin: true,
          },
          injectTo: "head",
        })),
  },
};

export default defineConfig({
  // Relative addresses: the page works below any path of a web host.
  base: "./",
  plugins: [vue(), reference, earlyWasm, code()],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_I18N_LEGACY_API__: false,
  },
  server: { proxy },
  preview: { proxy },
});
