// The proxy as a plugin for Vite's development and preview servers: in development the page calls its own origin,
// without a secret, as in production. Vite itself is not imported.
import { loopbackOnly } from "./local.js";
import { toNodeHandler } from "./node.js";
import { type ProxyOptions, safely } from "./options.js";
import { createProxy } from "./proxy.js";

/** Options of {@link byrobotProxy}: those of `createProxy`, all optional. */
export interface ByrobotProxyOptions extends Partial<ProxyOptions> {
  /** The path at which the page finds the proxy: the client's `baseUrl`. Default `"/byrobot"`. */
  path?: string | undefined;
}

/** A plugin, as Vite's `plugins` accept it. */
export interface VitePlugin {
  /** The name of the plugin. */
  name: string;
  /** Adds the proxy to `vite`. */
  configureServer(server: ViteServer): void;
  /** Adds the proxy to `vite preview`. */
  configurePreviewServer(server: ViteServer): void;
}

/** The parts of Vite's servers that are used. */
interface ViteServer {
  middlewares: {
    use(path: string, handler: (request: unknown, response: unknown) => void): unknown;
  };
}

/**
 * A plugin for Vite: `vite` and `vite preview` answer at `/byrobot` as {@link createProxy} does.
 *
 * ```ts
 * // vite.config.ts
 * import { byrobotProxy } from "byrobot-calls/server";
 * export default { plugins: [byrobotProxy({ maskPhones: true })] };
 * ```
 *
 * The keys come from the environment, `BYROBOT_APP_KEY` and `BYROBOT_APP_SECRET`, unless they are given. (Vite's
 * own `.env` files are not in the environment of its configuration: read them with `loadEnv`. Never name them
 * `VITE_…`, which would put them into the page.) Without `authorize` it answers only this machine, under its
 * own names, and no page of another site.
 *
 * @throws TypeError for a missing key, and for everything that `createProxy` refuses.
 */
export function byrobotProxy(options: ByrobotProxyOptions = {}): VitePlugin {
  const { path = "/byrobot", ...rest } = safely("byrobotProxy: an option", () => ({
    ...options,
  }));
  if (typeof path !== "string" || !/^(?:\/[\w.~-]+)+$/.test(path)) {
    throw new TypeError('byrobotProxy: path has to be a path such as "/byrobot"');
  }
  const install = ({ middlewares }: ViteServer) => {
    const appKey = rest.appKey || fromEnvironment("BYROBOT_APP_KEY", "appKey");
    const appSecret = rest.appSecret || fromEnvironment("BYROBOT_APP_SECRET", "appSecret");
    const handle = toNodeHandler(
      createProxy({ authorize: () => true, ...rest, appKey, appSecret }),
    );
    const isOpen = rest.authorize === undefined;
    middlewares.use(path, isOpen ? loopbackOnly(handle, "it is given authorize") : handle);
  };
  return { name: "byrobot-calls", configureServer: install, configurePreviewServer: install };
}

function fromEnvironment(variable: string, option: string): string {
  const environment: Record<string, string | undefined> = globalThis.process?.env ?? {};
  const { [variable]: value } = environment;
  if (value) return value;
  throw new TypeError(
    `byrobotProxy: ${variable} is not in the environment: set it, or give the option ${option}`,
  );
}
