// The proxy inside Vite's development and preview servers, so that a page is developed as it will run:
// against its own origin, without a secret. Vite itself is not imported.
import { loopbackOnly } from "./local.js";
import { toNodeHandler } from "./node.js";
import type { ProxyOptions } from "./options.js";
import { createProxy } from "./proxy.js";

/** Options of {@link byrobotProxy}: those of `createProxy`, of which none has to be given. */
export interface ByrobotProxyOptions extends Partial<ProxyOptions> {
  /** The path at which the page finds the proxy, its client's `baseUrl`. Default `"/byrobot"`. */
  path?: string | undefined;
}

/** What Vite's `plugins` take. */
export interface VitePlugin {
  /** By which Vite tells it from others. */
  name: string;
  /** Puts the proxy into `vite`. */
  configureServer(server: ViteServer): void;
  /** Puts the proxy into `vite preview`. */
  configurePreviewServer(server: ViteServer): void;
}

/** What there is of Vite's servers. */
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
 * The keys come from the environment, `BYROBOT_APP_KEY` and `BYROBOT_APP_SECRET`, unless they are given (Vite's
 * own `.env` files do not reach the environment of its configuration: `loadEnv` reads them; never name them
 * `VITE_…`, which would put them into the page). Without `authorize` it answers this machine only, under its
 * own names, and no page of another site.
 *
 * @throws TypeError for a key that is missing, and whatever else `createProxy` refuses.
 */
export function byrobotProxy(options: ByrobotProxyOptions = {}): VitePlugin {
  const { path = "/byrobot", ...rest } = options;
  if (!/^(?:\/[\w.~-]+)+$/.test(path)) {
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
