// What a proxy is made with, and what it tells. How it is checked: settings.ts.
import type { Queries } from "../generated/parameters.js";

/** The companies that a user may see. */
export interface Tenant {
  /** Ids of companies; with none of them nothing may be seen. */
  companyIds: readonly number[];
}

/** A result of `authorize` that lets a request pass. */
export interface Access {
  /** Lets the request in. */
  allow: true;
  /**
   * Keeps the user to these companies. Without this key all companies of the AppKey may be seen. A value that
   * is `undefined` is a mistake and lets nobody pass.
   */
  tenant?: Tenant;
  /**
   * Whose request it is, such as a user's id: one caller's requests do not keep others waiting. Default
   * what the request has as `Cookie` and `Authorization`, which a caller can vary.
   */
  limitKey?: string | undefined;
}

/**
 * What `authorize` answers, or a promise of it: `true`, all companies; an {@link Access}; `false`, HTTP 401; a
 * `Response`, whose status is taken if it is one of 400 to 599, else 401. Everything else is 401.
 */
export type AuthorizeResult = boolean | Access | Response | null | undefined;

/** A recording that is asked for. */
export interface RecordingContext {
  /** The vendor's link. It may contain the customer's number. */
  url: string;
  /** The company that it was given to a tenant for; null, where it was given to a user of all companies. */
  companyId: number | null;
  /** When the link ends; null without `recordingDays`. */
  expires: Date | null;
}

/** What a request asks for, read and checked: an operation with its parameters, or a recording. */
export type AuthorizeContext =
  | {
      [Name in keyof Queries]: {
        /** The vendor's name of the operation. */
        operation: Name;
        /** As they are sent to the vendor. */
        parameters: Readonly<Queries[Name]>;
        /** Only a request for a recording has one. */
        recording: null;
      };
    }[keyof Queries]
  | {
      /** A recording is asked for. */
      operation: "recording";
      /** A recording has no parameters. */
      parameters: Readonly<Record<string, never>>;
      /** The recording. */
      recording: RecordingContext;
    };

/** What was asked for, and for whom. */
export type AnswerContext = AuthorizeContext & {
  /** As `authorize` gave it; null, where it gave none. */
  tenant: Tenant | null;
};

/** What became of a request, for a log. Nothing private is in it. */
export interface ProxyEvent {
  /** Also in the answer's `x-request-id`. */
  requestId: string;
  /** The vendor's name of the endpoint, `"recording"`, `"health"`; null for what is none of these. */
  endpoint: string | null;
  /** HTTP status of the answer to the page. */
  status: number;
  /** From the page's request to the answer, milliseconds. */
  durationMs: number;
  /**
   * What `authorize` has thrown, as it is; an `Error` with the name, `code` and stack of what `fetch` has thrown, whose
   * message may have an address in it; null where nothing was thrown.
   */
  error: unknown;
}

/** Options of {@link createProxy}. */
export interface ProxyOptions {
  /** Where the vendor is. Default `"https://api.byrobot.cn"`. */
  upstream?: string | undefined;
  /** From your server's environment. */
  appKey: string;
  /** From your server's environment; it is used for signing and never sent anywhere. */
  appSecret: string;
  /**
   * Says whether the sender of a request may have what it asks for: look at its cookie or token. `true` lets
   * the request pass, and so does `{ allow: true, tenant, limitKey }`; nothing else does. `false` is answered
   * with 401, a `Response` that is returned or thrown with its status. Is also asked for recordings, where a
   * player sends cookies but no headers. What is malformed is refused before it is asked.
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
   * A rule of your own about answers that have data: only `true` lets one pass, everything else is answered
   * with 403, or with the status of a `Response`. Gets the vendor's envelope as it came, before masks.
   */
  allowAnswer?:
    | ((
        answer: unknown,
        context: AnswerContext,
      ) => boolean | Response | Promise<boolean | Response>)
    | undefined;
  /** Whether telephone numbers lose their middle, `139****1234`, wherever they are. Default `false`. */
  maskPhones?: boolean | undefined;
  /**
   * Servers from which recordings may be fetched for a page: `"recordings.example.com"`,
   * `"bucket.oss-cn-hangzhou.aliyuncs.com"`, `"*.recordings.example.com"`, `"http://10.0.0.5:8080"`. The two fields
   * of recordings lead through the proxy then. A star over a domain in which everybody may have a bucket is refused.
   * Default none: links stay as they are, or are null with `maskPhones`, since they contain the number.
   */
  recordingHosts?: readonly string[] | undefined;
  /**
   * Whole days after which a link to a recording ends, from 1 to 365. Default: a link does not end. After
   * that `phoneLogInfo` gives a new one.
   */
  recordingDays?: number | undefined;
  /**
   * The path at which pages find the proxy, for links to recordings: `"/byrobot"`. Default the path at which
   * the request came; say it where something in front of this server cuts the path.
   */
  publicPath?: string | undefined;
  /** Takes the place of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * Milliseconds until an answer has to be there, waiting for a permit included; of a recording, without a byte of it.
   * Default 30,000.
   */
  timeout?: number | undefined;
  /** Requests to the vendor at once. Default 16. Eight times as many may wait; more get 503. */
  maxConcurrency?: number | undefined;
  /** Recordings that are sent at once, apart from requests. Default 64. Eight times as many may wait. */
  maxRecordings?: number | undefined;
  /** Told of every answer, for a log. What it throws is ignored. */
  onResponse?: ((event: ProxyEvent) => void) | undefined;
}
