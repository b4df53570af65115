// The options of a proxy: their declaration, checks, defaults, and flags of the command. And the types of its hooks.
import type { Queries } from "../generated/parameters.js";
import { isLoopback } from "./local.js";
import { RecordingHosts } from "./recordings.js";
import { credential } from "./sign.js";

/** The companies that a user may see. */
export interface Tenant {
  /** Ids of companies; an empty list allows no company. */
  companyIds: readonly number[];
}

/** A result of `authorize` that lets a request pass. */
export interface Access {
  /** Allows the request. */
  allow: true;
  /**
   * Restricts the user to these companies. Without this key, all companies of the AppKey can be seen. A value
   * of `undefined` is a mistake, and the request is refused.
   */
  tenant?: Tenant;
  /**
   * Identifies the caller, such as a user's id: one caller's requests do not keep other callers waiting. Default
   * the request's `Cookie` and `Authorization` headers, which a caller can vary.
   */
  limitKey?: string | undefined;
}

/**
 * The result of `authorize`, or a promise of it: `true` allows all companies; an {@link Access}; `false` is HTTP 401;
 * a `Response` gives its status if that is 400 to 599, else 401. Every other value is 401.
 */
export type AuthorizeResult = boolean | Access | Response | null | undefined;

/** The requested recording. */
export interface RecordingContext {
  /** The vendor's link. It may contain the customer's number. */
  url: string;
  /** The tenant's company that the link was given for; null if it was given to a user of all companies. */
  companyId: number | null;
  /** The time when the link expires; null without `recordingDays`. */
  expires: Date | null;
}

/** A checked request: an operation with its parameters, or a recording. */
export type AuthorizeContext =
  | {
      [Name in keyof Queries]: {
        /** The vendor's name of the operation. */
        operation: Name;
        /** The parameters for the vendor. */
        parameters: Readonly<Queries[Name]>;
        /** Only a request for a recording has a recording. */
        recording: null;
      };
    }[keyof Queries]
  | {
      /** A request for a recording. */
      operation: "recording";
      /** A recording has no parameters. */
      parameters: Readonly<Record<string, never>>;
      /** The recording. */
      recording: RecordingContext;
    };

/** The request and its tenant. */
export type AnswerContext = AuthorizeContext & {
  /** The tenant that `authorize` named; null if it named no tenant. */
  tenant: Tenant | null;
};

/** One answered request, for a log. It contains nothing private. */
export interface ProxyEvent {
  /** Also in the answer's `x-request-id`. */
  requestId: string;
  /** The vendor's name of the endpoint, `"recording"` or `"health"`; null for every other path. */
  endpoint: string | null;
  /** HTTP status of the answer to the page. */
  status: number;
  /** Milliseconds from the page's request to the answer. */
  durationMs: number;
  /**
   * The error that `authorize` threw, as it is; for an error that `fetch` threw, an `Error` with its name, `code` and
   * stack, since its message may contain an address; null if nothing was thrown.
   */
  error: unknown;
}

/** Options of {@link createProxy}. */
export interface ProxyOptions {
  /** The vendor's address. Default `"https://api.byrobot.cn"`. */
  upstream?: string | undefined;
  /** From your server's environment. */
  appKey: string;
  /** From your server's environment; it is used for signing and never sent anywhere. */
  appSecret: string;
  /**
   * Decides whether the sender of a request may have the answer: check its cookie or token. `true` lets
   * the request pass, and so does `{ allow: true, tenant, limitKey }`; nothing else does. `false` is answered
   * with 401, a returned or thrown `Response` with its status. It is also called for recordings, for which a
   * player sends cookies but no headers. Malformed requests are refused before it is called.
   *
   * ```ts
   * import { createProxy } from "byrobot-calls/server";
   *
   * const users = new Map([["session=7", { id: "7", companyId: 1 }]]); // yours
   * createProxy({
   *   appKey: "DemoAppKey000000",
   *   appSecret: "DemoAppSecret0000000000000000",
   *   authorize(request, { operation }) {
   *     const user = users.get(request.headers.get("cookie") ?? "");
   *     if (!user) return false;
   *     if (operation === "getTaskDetail") return new Response(null, { status: 403 });
   *     return { allow: true, tenant: { companyIds: [user.companyId] }, limitKey: user.id };
   *   },
   * });
   * ```
   */
  authorize: (
    request: Request,
    context: AuthorizeContext,
  ) => AuthorizeResult | Promise<AuthorizeResult>;
  /**
   * Your own rule about answers that have data: only `true` lets an answer pass; everything else is answered
   * with 403, or with the status of a `Response`. It receives the vendor's envelope as it came, before masks.
   */
  allowAnswer?:
    | ((
        answer: unknown,
        context: AnswerContext,
      ) => boolean | Response | Promise<boolean | Response>)
    | undefined;
  /** Whether telephone numbers lose their middle everywhere: `139****1234`. Default `false`. */
  maskPhones?: boolean | undefined;
  /**
   * Servers from which recordings may be fetched for a page: `"recordings.example.com"`,
   * `"bucket.oss-cn-hangzhou.aliyuncs.com"`, `"*.recordings.example.com"`, `"http://10.0.0.5:8080"`. The two recording
   * fields then contain links through the proxy. A star over a domain in which everybody can rent a bucket is refused.
   * Default none: links stay as they are, or are null with `maskPhones`, since they contain the number.
   */
  recordingHosts?: readonly string[] | undefined;
  /**
   * Whole days after which a link to a recording expires, from 1 to 365. Default: links do not expire. After
   * that, `phoneLogInfo` gives a new link.
   */
  recordingDays?: number | undefined;
  /**
   * The path at which pages find the proxy, for links to recordings: `"/byrobot"`. Default the path of the
   * request; set it if something in front of this server removes the path.
   */
  publicPath?: string | undefined;
  /** Replaces the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * Milliseconds until an answer must be there, including the wait for a permit; for a recording, without a byte of it.
   * Default 30,000.
   */
  timeout?: number | undefined;
  /** Concurrent requests to the vendor. Default 16. Eight times as many may wait; more get 503. */
  maxConcurrency?: number | undefined;
  /** Concurrent recordings, counted apart from requests. Default 64. Eight times as many may wait. */
  maxRecordings?: number | undefined;
  /** Called for every answer, for a log. Errors that it throws are ignored. */
  onResponse?: ((event: ProxyEvent) => void) | undefined;
}

/** The value of an option that the proxy works with. */
type Checked<Name extends keyof ProxyOptions> = Name extends "recordingHosts"
  ? RecordingHosts
  : ProxyOptions[Name];

const wrong = (message: string) => new TypeError(`createProxy: ${message}`);

/** The check of each option. Returns the value, or the default for `undefined`. A mistake here is a security hole. */
const checks = {
  upstream(given = "https://api.byrobot.cn") {
    const [address] = (isText(given) && /^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/.exec(given)) || [];
    if (address === undefined || !URL.canParse(address)) {
      throw wrong('upstream has to be an address such as "https://api.byrobot.cn"');
    }
    const { protocol, hostname } = new URL(address);
    if (protocol === "http:" && !isLoopback(hostname)) {
      console.warn(
        "byrobot-calls: upstream is not encrypted: others on the network can read and change answers, and signatures, " +
          'each of which is good for every request for some minutes. Write it with "https://".',
      );
    }
    return address.replace(/\/+$/, "");
  },
  appKey: credential,
  appSecret: credential,
  authorize(given) {
    if (typeof given === "function") return given as ProxyOptions["authorize"];
    throw wrong(
      "authorize is required: a function that says whether the sender of a request may see your " +
        "company's calls. Without it everybody could.",
    );
  },
  allowAnswer: callable<"allowAnswer">,
  maskPhones(given = false, name) {
    // "false" from an environment variable would be true.
    if (typeof given !== "boolean") throw wrong(`${name} has to be true or false`);
    return given;
  },
  recordingHosts(given = [], name) {
    // An array may claim any length.
    if (Array.isArray(given) && given.length <= 1000 && given.every(isText)) {
      return new RecordingHosts(given);
    }
    throw wrong(`${name} has to be a list of hosts`);
  },
  recordingDays: (given, name) => (given === undefined ? given : wholeNumber(given, name, 365)),
  publicPath(given, name) {
    if (given === undefined) return given;
    if (isText(given) && /^(?:\/[\w.~-]+)*\/?$/.test(given)) return given.replace(/\/$/, "");
    throw wrong(`${name} has to be a path such as "/byrobot"`);
  },
  fetch: callable<"fetch">,
  timeout: (given = 30_000, name) => wholeNumber(given, name, 2 ** 31 - 1),
  maxConcurrency: (given = 16, name) => wholeNumber(given, name, 10_000),
  maxRecordings: (given = 64, name) => wholeNumber(given, name, 10_000),
  onResponse: callable<"onResponse">,
} satisfies {
  [Name in keyof ProxyOptions]-?: (given: unknown, name: string) => Checked<Name>;
};

/** Checked options, with their defaults. @internal */
export type Settings = {
  [Name in keyof ProxyOptions]-?: ReturnType<(typeof checks)[Name]>;
};

/**
 * Checks options.
 *
 * @internal
 * @throws TypeError for an option that is missing, wrong or unknown.
 */
export const settingsOf = (options: ProxyOptions): Settings =>
  safely("createProxy: an option", () => checkedOptions(options));

/** The result of `read`, which reads values of the caller; a getter or a Proxy may throw anything. @internal */
export function safely<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof TypeError ? cause : new TypeError(`${name} cannot be read`, { cause });
  }
}

function checkedOptions(options: ProxyOptions): Settings {
  if (typeof options !== "object" || options === null) throw wrong("expected options");
  for (const name of Object.keys(options)) {
    if (!Object.prototype.hasOwnProperty.call(checks, name))
      throw wrong(`there is no option ${name}; there are ${Object.keys(checks).join(", ")}`);
  }
  const given = options as unknown as Record<string, unknown>;
  const checked = Object.entries(checks).map(([name, check]) => [name, check(given[name], name)]);
  return Object.fromEntries(checked) as Settings;
}

const isText = (given: unknown): given is string => typeof given === "string";

function callable<Name extends keyof ProxyOptions>(given: unknown, name: string) {
  if (given !== undefined && typeof given !== "function")
    throw wrong(`${name} has to be a function`);
  return given as ProxyOptions[Name];
}

function wholeNumber(given: unknown, name: string, most: number): number {
  if (Number.isInteger(given) && (given as number) >= 1 && (given as number) <= most)
    return given as number;
  throw wrong(`${name} has to be a whole number from 1 to ${most}`);
}

/** The kind of a flag, by the type of its option. */
type FlagKind<Value> = Value extends boolean
  ? "switch"
  : Value extends number
    ? "number"
    : Value extends string
      ? "text"
      : Value extends readonly string[]
        ? "list"
        : never;

/**
 * The flag of `byrobot-calls proxy` for each option; null for functions, secrets, and options of a server that knows
 * its users. Only the command imports this table.
 *
 * @internal
 */
export const flags = {
  upstream: {
    usage: "--upstream URL",
    kind: "text",
    help: "where the vendor is (https://api.byrobot.cn)",
  },
  appKey: null,
  appSecret: null,
  authorize: null,
  allowAnswer: null,
  maskPhones: {
    usage: "--mask-phones",
    kind: "switch",
    help: "telephone numbers lose their middle",
  },
  recordingHosts: {
    usage: "--recording-host HOST",
    kind: "list",
    help: 'let recordings of this host through, such as\n"bucket.oss-cn-hangzhou.aliyuncs.com"; may be given several times',
  },
  recordingDays: null,
  publicPath: {
    usage: "--public-path PATH",
    kind: "text",
    help: "the path at which pages find it, for links to recordings",
  },
  fetch: null,
  timeout: {
    usage: "--timeout MS",
    kind: "number",
    help: "until an answer has to be there (30000)",
  },
  maxConcurrency: {
    usage: "--concurrency N",
    kind: "number",
    help: "requests to the vendor at once (16)",
  },
  maxRecordings: null,
  onResponse: null,
} satisfies {
  [Name in keyof ProxyOptions]-?: {
    usage: string;
    kind: FlagKind<NonNullable<ProxyOptions[Name]>>;
    help: string;
  } | null;
};
