// What a proxy is made with, and what it tells. How it is checked: settings.ts.

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
  /** What was thrown, by `authorize` or `fetch`; null where nothing was. */
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
   * Whether whoever sends a request may see your company's calls: look at its cookie or token. Only `true`
   * lets it pass; anything else is answered with 401. Is asked for recordings, too, where a player sends
   * cookies but no headers.
   */
  authorize: (request: Request) => boolean | Promise<boolean>;
  /** Whether telephone numbers lose their middle, `139****1234`, wherever they are. Default `false`. */
  maskPhones?: boolean | undefined;
  /**
   * Servers from which recordings may be fetched for a page: `"recordings.example.com"`,
   * `"*.oss-cn-hangzhou.aliyuncs.com"`, `"http://10.0.0.5:8080"`. Links to these lead through the proxy.
   * Default none: links stay as they are, or are null with `maskPhones`, since they contain the number.
   */
  recordingHosts?: readonly string[] | undefined;
  /**
   * The path at which pages find the proxy, for links to recordings: `"/byrobot"`. Default the path at which
   * the request came; say it where something in front of this server cuts the path.
   */
  publicPath?: string | undefined;
  /** Takes the place of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds until an answer has to be there, waiting for a place included. Default 30,000. */
  timeout?: number | undefined;
  /** Requests to the vendor at once. Default 16. Eight times as many may wait; more get 503. */
  maxConcurrency?: number | undefined;
  /** Told of every answer, for a log. What it throws is ignored. */
  onResponse?: ((event: ProxyEvent) => void) | undefined;
}
