// The options of a proxy, and the types of its hooks. Not here: how options are validated (settings.ts).
import type { Queries } from "../generated/parameters.js";

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
