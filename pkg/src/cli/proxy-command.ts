// `byrobot-calls proxy`: the proxy of byrobot-calls/server as its own process, for development and
// behind a server that knows its users. Not here: the proxy itself (server/proxy.ts).
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { helpOf, messageOf, parse, UsageError } from "./flags.js";
import { listen } from "./listen.js";
import { createProxy, toNodeHandler, type ProxyOptions } from "../entry/server.js";
import { loopbackOnly, isLoopback } from "../server/local.js";
import { flags as ofOptions } from "../server/options.js";

const flags = {
  port: {
    usage: "--port N",
    kind: "number",
    help: "where to listen (8788; 0: any free port)",
    most: 65_535,
  },
  host: {
    usage: "--host ADDRESS",
    kind: "text",
    help: "the address to listen at (127.0.0.1); any other needs a token",
  },
  ...ofOptions,
} as const;

const variables = [
  { usage: "$BYROBOT_APP_KEY", help: "the key that signs" },
  { usage: "$BYROBOT_APP_SECRET", help: "its secret; both are taken from the environment alone" },
  {
    usage: "$BYROBOT_PROXY_TOKEN",
    help: "if given, requests need the header Authorization: Bearer <token>",
  },
];

export const proxyUsage = `byrobot-calls proxy: signs what pages ask, and lets nothing else through

${helpOf([...variables, ...Object.values(flags)])}

Without a token it answers this machine alone. It does not know who your users are: on a server, let
the one in front of it decide, or use createProxy and its authorize.
`;

/** The address to listen on, and the options of the proxy. */
export interface ProxyServerOptions {
  port: number;
  host: string | undefined;
  token: string | undefined;
  proxy: ProxyOptions;
}

/** Parses the flags; `undefined` for `--help`. */
export function proxyOptions(
  args: string[],
  env: Record<string, string | undefined>,
): ProxyServerOptions | undefined {
  const values = parse("proxy", args, flags);
  if (values === undefined) return undefined;
  const {
    BYROBOT_APP_KEY: appKey,
    BYROBOT_APP_SECRET: appSecret,
    BYROBOT_PROXY_TOKEN: token,
  } = env;
  if (!appKey || !appSecret) {
    const missing = appKey ? "BYROBOT_APP_SECRET" : "BYROBOT_APP_KEY";
    throw new UsageError(`${missing} is not in the environment\nSee: byrobot-calls proxy --help`);
  }
  const { port = 8788, host, ...options } = values;
  if (token !== undefined && token.length < 16) {
    throw new UsageError(
      "BYROBOT_PROXY_TOKEN is too short to be a secret: take 16 characters or more",
    );
  }
  if (host !== undefined && !isLoopback(host) && token === undefined) {
    throw new UsageError(
      `--host ${host} can be reached by others: give them a token in BYROBOT_PROXY_TOKEN`,
    );
  }
  const proxy = { appKey, appSecret, authorize: bearerOf(token), ...options };
  return { port, host, token, proxy };
}

/** Whether a request has the token; true if no token is set. */
function bearerOf(token: string | undefined): (request: Request) => boolean {
  if (token === undefined) return () => true;
  // The digests have equal lengths, so the comparison takes the same time for every input.
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const wanted = digest(`Bearer ${token}`);
  return ({ headers }) => timingSafeEqual(digest(headers.get("authorization") ?? ""), wanted);
}

/** Starts the proxy; rejects if an option is wrong or the port is in use. */
export async function listenProxy({
  port,
  host = "127.0.0.1",
  token,
  proxy,
}: ProxyServerOptions): Promise<{ url: string; close(): void }> {
  let handle: ReturnType<typeof toNodeHandler>;
  try {
    handle = toNodeHandler(createProxy(proxy));
  } catch (error) {
    throw new UsageError(messageOf(error).replace(/^\w+(?:-\w+)?: /, ""));
  }
  const isOpen = token === undefined;
  const server = createServer(isOpen ? loopbackOnly(handle, "there is a token") : handle);
  const { url } = await listen(server, port, host);
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
