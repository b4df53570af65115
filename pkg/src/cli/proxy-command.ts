// `byrobot-calls proxy`: the proxy of byrobot-calls/server as its own process, for development and
// behind a server that knows its users. Not here: the proxy itself (server/proxy.ts).
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { defined, messageOf, number, refuseSecrets, UsageError } from "./flags.js";
import { listen } from "./listen.js";
import { createProxy, toNodeHandler, type ProxyOptions } from "../entry/server.js";
import { loopbackOnly, isLoopback } from "../server/local.js";

export const proxyUsage = `byrobot-calls proxy: signs what pages ask, and lets nothing else through

  $BYROBOT_APP_KEY       the key that signs
  $BYROBOT_APP_SECRET    its secret; both are taken from the environment alone
  $BYROBOT_PROXY_TOKEN   if given, requests need the header Authorization: Bearer <token>

  --port N               where to listen (8788; 0: any free port)
  --host ADDRESS         the address to listen at (127.0.0.1); any other needs a token
  --upstream URL         where the vendor is (https://api.byrobot.cn)
  --mask-phones          telephone numbers lose their middle
  --recording-host HOST  let recordings of this host through, such as
                         "bucket.oss-cn-hangzhou.aliyuncs.com"; may be given several times
  --public-path PATH     the path at which pages find it, for links to recordings
  --timeout MS           until an answer has to be there (30000)
  --concurrency N        requests to the vendor at once (16)

Without a token it answers this machine alone. It does not know who your users are: on a server, let
the one in front of it decide, or use createProxy and its authorize.
`;

/** Options of the proxy without a flag: functions, secrets, and limits for a server of one's own. */
type WithoutFlag =
  | "appKey"
  | "appSecret"
  | "authorize"
  | "allowAnswer"
  | "recordingDays"
  | "fetch"
  | "maxRecordings"
  | "onResponse";

/** The address to listen on, and the options of the proxy. */
export interface ProxyServerOptions {
  port: number;
  host?: string;
  token?: string;
  proxy: ProxyOptions;
}

/** Parses the flags; `undefined` for `--help`. */
export function proxyOptions(
  args: string[],
  env: Record<string, string | undefined>,
): ProxyServerOptions | undefined {
  refuseSecrets(args);
  const { values } = parse(args);
  if (values.help) return undefined;
  const {
    BYROBOT_APP_KEY: appKey,
    BYROBOT_APP_SECRET: appSecret,
    BYROBOT_PROXY_TOKEN: token,
  } = env;
  if (!appKey || !appSecret) {
    const missing = appKey ? "BYROBOT_APP_SECRET" : "BYROBOT_APP_KEY";
    throw new UsageError(`${missing} is not in the environment\nSee: byrobot-calls proxy --help`);
  }
  const { host } = values;
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
  const proxy = {
    appKey,
    appSecret,
    authorize: bearerOf(token),
    ...defined({
      upstream: values.upstream,
      maskPhones: values["mask-phones"],
      recordingHosts: values["recording-host"],
      publicPath: values["public-path"],
      timeout: number("timeout", values.timeout),
      maxConcurrency: number("concurrency", values.concurrency),
    } satisfies Required<Omit<ProxyOptions, WithoutFlag>>),
  };
  return { port: number("port", values.port, 65_535) ?? 8788, proxy, ...defined({ host, token }) };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        host: { type: "string" },
        upstream: { type: "string" },
        "mask-phones": { type: "boolean" },
        "recording-host": { type: "string", multiple: true },
        "public-path": { type: "string" },
        timeout: { type: "string" },
        concurrency: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\nSee: byrobot-calls proxy --help`);
  }
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
