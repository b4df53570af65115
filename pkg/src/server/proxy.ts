// The proxy: a page's request in, an answer out; between them a request to the vendor that is signed
// and made anew. Not here: what may be asked (endpoints.ts), what becomes of an answer (answer.ts).
import { forPage } from "./answer.js";
import { readText } from "./body.js";
import { Refusal, routeOf, vendorRequest, type Route } from "./endpoints.js";
import { Limit } from "./limit.js";
import type { ProxyOptions } from "./options.js";
import { parsed, Seal } from "./recordings.js";
import { settingsOf, type Settings } from "./settings.js";
import { signer, VendorClock, type Signature } from "./sign.js";

export type { ProxyEvent, ProxyOptions } from "./options.js";

/** No request of these is near that long. */
const longestRequest = 64 * 1024;
/** No page of fifty rows, and no transcript either. */
const longestAnswer = 32 * 1024 * 1024;

/** A date as HTTP headers have it. */
const httpDate = /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;

/** The vendor's `code` for a signed date that is more than three minutes off. */
const clockSkew = 408;

/**
 * A proxy that signs: it lets the five operations of this package and recordings through, and nothing else.
 * Give its address to the client as `baseUrl`.
 *
 * ```ts
 * const proxy = createProxy({
 *   appKey: process.env.BYROBOT_APP_KEY!,
 *   appSecret: process.env.BYROBOT_APP_SECRET!,
 *   authorize: (request) => /\bsession=\w/.test(request.headers.get("cookie") ?? ""), // look it up!
 * });
 * const response = await proxy(new Request("https://dashboard.example/byrobot/health"));
 * ```
 *
 * It looks at the end of the path only, so that it can be served at any: `…/openapi/v1/task/getTasks` and
 * so on, `…/recordings/…`, and `…/health`, which answers without asking the vendor or `authorize`.
 * Refusals have the vendor's envelope, so that the client's errors are what they would be without it.
 *
 * @throws TypeError for an option that is missing, wrong or unknown.
 */
export function createProxy(options: ProxyOptions): (request: Request) => Promise<Response> {
  const settings = settingsOf(options);
  const proxy = new SigningProxy(settings, options.appKey, options.appSecret);
  return (request) => proxy.handle(request);
}

/** A request on its way. */
interface Visit {
  request: Request;
  id: string;
  mount: string;
  /** The page has gone, or time is up. */
  signal: AbortSignal;
}

class SigningProxy {
  #settings: Settings;
  #sign: (date: Date) => Promise<Signature>;
  #clock = new VendorClock();
  #seal: Seal;
  #limit: Limit;
  #key: string;

  constructor(settings: Settings, appKey: string, appSecret: string) {
    this.#settings = settings;
    this.#sign = signer(appKey, appSecret);
    this.#seal = new Seal(appSecret);
    this.#limit = new Limit(settings.maxConcurrency);
    this.#key = appKey;
  }

  async handle(request: Request): Promise<Response> {
    const started = performance.now();
    const given = request.headers.get("x-request-id") ?? "";
    const id = /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID();
    const url = new URL(request.url);
    const found = routeOf(url.pathname);
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Refusal(504, "the vendor has not answered in time")),
      this.#settings.timeout,
    );
    let response: Response;
    let error: unknown = null;
    try {
      // Some Workers have no signal for a page that goes.
      const signals = [request.signal, late.signal].filter((signal) => signal !== undefined);
      const signal = AbortSignal.any(signals);
      const visit: Visit = { request, id, mount: found?.mount ?? "", signal };
      response = await this.#answer(visit, url, found?.route);
    } catch (thrown) {
      const refusal = thrown instanceof Refusal ? thrown : unexpected(request, thrown);
      error = refusal.cause ?? null;
      response = refused(refusal, id);
    } finally {
      clearTimeout(timer);
    }
    const { status } = response;
    const endpoint =
      found?.route.kind === "endpoint" ? found.route.name : (found?.route.kind ?? null);
    try {
      const durationMs = Math.round(performance.now() - started);
      this.#settings.onResponse?.({ requestId: id, endpoint, status, durationMs, error });
    } catch {
      // A log that fails must not fail the page.
    }
    return response;
  }

  async #answer(visit: Visit, url: URL, route: Route | undefined): Promise<Response> {
    if (!route) throw new Refusal(404, "the proxy has no such operation");
    const allowed = route.kind === "endpoint" ? [route.method] : ["GET", "HEAD"];
    if (!allowed.includes(visit.request.method)) {
      throw new Refusal(405, `this is asked by ${allowed[0]}`, { allow: allowed.join(", ") });
    }
    if (route.kind === "health") {
      return said(200, { code: 200, data: { proxy: "byrobot-calls" }, resultMsg: "ok" }, visit.id);
    }
    await this.#authorized(visit);
    return route.kind === "recording"
      ? this.#recording(visit, route.token)
      : this.#operation(visit, url, route.name);
  }

  async #authorized({ request, signal }: Visit): Promise<void> {
    let allowed: boolean;
    // It may read the body; so may we.
    const shown = request.clone();
    try {
      allowed = await settledBefore(signal, this.#settings.authorize(shown));
      if (!shown.bodyUsed) void shown.body?.cancel().catch(() => {});
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw new Refusal(500, "the proxy could not tell whether this is allowed", {}, cause);
    }
    if (allowed !== true)
      throw new Refusal(401, "not signed in, or not allowed to see these calls");
  }

  async #operation(visit: Visit, url: URL, name: string): Promise<Response> {
    const { request } = visit;
    let body: string | undefined;
    if (request.method === "POST") {
      const type = request.headers.get("content-type") ?? "";
      if (!/^application\/json(?:\s*;|$)/i.test(type)) {
        throw new Refusal(415, "the body has to be application/json");
      }
      body = await settledBefore(visit.signal, readText(request, longestRequest));
      if (body === undefined) throw new Refusal(413, "the body is too long, or not UTF-8");
    }
    const asked = vendorRequest(name, url.searchParams, body);
    const release = await this.#limit.place(visit.signal);
    try {
      const first = await this.#ask(asked, visit.signal);
      const isSkewed = first.code === clockSkew && this.#clock.correct(first.date);
      const last = isSkewed ? await this.#ask(asked, visit.signal) : first;
      const { maskPhones, recordingHosts, publicPath } = this.#settings;
      const mount = publicPath ?? visit.mount;
      const hidden = [last.signature.sign, this.#key];
      const options = { maskPhones, recordingHosts, seal: this.#seal, mount, private: hidden };
      const page = await forPage(last.text, options);
      return answered(last.status, page, visit.id, last.headers);
    } finally {
      release();
    }
  }

  /** Asks the vendor once. */
  async #ask({ path, body }: { path: string; body?: string }, signal: AbortSignal) {
    const signature = await this.#sign(this.#clock.now());
    const response = await this.#fetch(this.#settings.upstream + path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...signature,
      },
      body: body ?? null,
      signal,
    });
    const text = await readText(response, longestAnswer).catch((cause: unknown) => {
      throw signal.aborted ? signal.reason : unreachable(cause);
    });
    if (text === undefined) throw new Refusal(502, "the vendor's answer is too long, or not UTF-8");
    let envelope: unknown;
    try {
      envelope = JSON.parse(text);
    } catch {
      const { status } = response;
      throw new Refusal(502, `the vendor's answer is not JSON (HTTP ${status}): check upstream`);
    }
    const code = Number((envelope as { code?: unknown } | null)?.code);
    const wait = response.headers.get("retry-after") ?? "";
    const isWait = /^\d{1,6}$/.test(wait) || httpDate.test(wait);
    const headers: Record<string, string> = isWait ? { "retry-after": wait } : {};
    const date = response.headers.get("date");
    return { status: response.status, headers, text, code, date, signature };
  }

  async #recording(visit: Visit, token: string): Promise<Response> {
    const url = parsed((await this.#seal.open(token)) ?? "");
    if (!url || !this.#settings.recordingHosts.has(url)) {
      throw new Refusal(404, "there is no such recording");
    }
    const { request, signal } = visit;
    const range = request.headers.get("range");
    const headers: Record<string, string> = { accept: "audio/*", "accept-encoding": "identity" };
    // What else a range may be is answered with everything.
    if (range !== null && /^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range))
      headers["range"] = range;
    const release = await this.#limit.place(signal);
    try {
      const response = await this.#fetch(url.href, { method: request.method, headers, signal });
      return await recordingOf(response, visit.id);
    } finally {
      release();
    }
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#settings;
    const signal = init.signal!;
    let response: Response;
    try {
      // Where a redirect leads is not ours to say, and it would take the signature there.
      response = await fetch(url, { ...init, redirect: "manual" });
    } catch (cause) {
      throw signal.aborted ? signal.reason : unreachable(cause);
    }
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      throw new Refusal(502, "the server behind the proxy redirects: check upstream");
    }
    return response;
  }
}

/** Headers of a recording that a player needs, and what they look like: a file's name is none of it. */
const recordingHeaders = {
  "content-length": /^\d+$/,
  "content-range": /^bytes (?:\d+-\d+|\*)\/(?:\d+|\*)$/,
  "accept-ranges": /^(?:bytes|none)$/,
  "last-modified": httpDate,
};

/** What a page gets of an answer with a recording. */
async function recordingOf(response: Response, id: string): Promise<Response> {
  const { status } = response;
  const type = response.headers.get("content-type") ?? "application/octet-stream";
  const isSound = /^(?:audio\/[\w.+-]+|application\/octet-stream)(?:\s*;|$)/i.test(type);
  if (![200, 206, 416].includes(status) || (status < 300 && !isSound)) {
    await response.body?.cancel();
    throw [403, 404, 410].includes(status)
      ? new Refusal(404, "this recording is no longer kept")
      : new Refusal(502, `the recording cannot be had (HTTP ${status})`);
  }
  const headers = ours(id);
  for (const [name, form] of Object.entries(recordingHeaders)) {
    const value = response.headers.get(name);
    if (value !== null && form.test(value)) headers[name] = value;
  }
  // Its parameters may be the file's name, which has the customer's number in it.
  if (status < 300) headers["content-type"] = type.replace(/\s*;.*$/, "");
  return new Response(response.body, { status, headers });
}

const ours = (id: string): Record<string, string> => ({
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-request-id": id,
});

const answered = (status: number, body: string, id: string, more: Record<string, string> = {}) =>
  new Response(body, {
    status,
    headers: { ...more, ...ours(id), "content-type": "application/json;charset=UTF-8" },
  });

const said = (status: number, envelope: object, id: string, more?: Record<string, string>) =>
  answered(status, JSON.stringify({ ...envelope, errorStackTrace: null, requestId: id }), id, more);

const refused = ({ status, message, headers }: Refusal, id: string) =>
  said(
    status,
    { code: status, data: null, resultMsg: `byrobot-calls proxy: ${message}` },
    id,
    headers,
  );

const unreachable = (cause: unknown) =>
  new Refusal(502, "the server behind the proxy cannot be reached", {}, cause);

/** What was thrown that is no refusal. The page has gone, or it is our fault. */
const unexpected = (request: Request, thrown: unknown) =>
  request.signal?.aborted
    ? new Refusal(499, "the request was cancelled")
    : new Refusal(500, "the proxy failed", {}, thrown);

/** What a promise comes to, unless the signal is aborted before. */
async function settledBefore<T>(signal: AbortSignal, value: T | Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let leave: () => void;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener("abort", leave!);
  }
}
