// The proxy: takes a page's request, sends a new, signed request to the vendor, and returns the answer. Not here:
// the allowed requests (endpoints.ts), authorization (access.ts) and tenants (tenants.ts), the changes of an
// answer (answer.ts).
import { accessOf, denied, refusalIn, type Admission } from "./access.js";
import { forPage } from "./answer.js";
import { Deadline, settledBefore } from "./deadline.js";
import { pageRequest, Refusal, routeOf, vendorRequest, type Route } from "./endpoints.js";
import { safely, settingsOf } from "./options.js";
import type {
  AnswerContext,
  AuthorizeContext,
  ProxyEvent,
  ProxyOptions,
  Settings,
} from "./options.js";
import { withoutDetails } from "./failure.js";
import { RecordingLinks } from "./links.js";
import { answers, bodyOf, pageOf, textIn, type PageRequest } from "./page.js";
import { recordingOf } from "./recordings.js";
import { ours, refused, reply, responseOf, said, type Reply } from "./reply.js";
import { busy, Semaphore, type Slot } from "./semaphore.js";
import { foreign, Tenants } from "./tenants.js";
import { fetchOnce, Upstream, type VendorAnswer } from "./upstream.js";

export type {
  Access,
  AnswerContext,
  AuthorizeContext,
  AuthorizeResult,
  ProxyEvent,
  ProxyOptions,
  RecordingContext,
  Tenant,
} from "./options.js";

/**
 * Creates a proxy that signs requests. It passes on the five operations of this package and recordings, nothing else.
 * The client's `baseUrl` is its address.
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
 * It reads only the end of the path, so that it can be mounted at any path: `…/openapi/v1/task/getTasks` and
 * so on, `…/recordings/…`, and `…/health`, which is answered without calling the vendor or `authorize`.
 * Refusals have the vendor's envelope, so that the client's errors are the same as without a proxy.
 *
 * @throws TypeError for an option that is missing, wrong or unknown.
 */
export function createProxy(options: ProxyOptions): (request: Request) => Promise<Response> {
  const proxy = new SigningProxy(settingsOf(options));
  const answer = (page: PageRequest) => proxy.answer(page);
  const handle = async (request: Request) => {
    const page = safely("createProxy: the request", () => pageOf(request));
    return responseOf(await answer(page));
  };
  answers.set(handle, answer);
  return handle;
}

/** The meaning of a path, and the mount path of the proxy. */
type Found = NonNullable<ReturnType<typeof routeOf>>;

/** A page's request that is being answered. */
interface RequestContext {
  page: PageRequest;
  id: string;
  mount: string;
  deadline: Deadline;
}

/** The average delay of a refusal for too many requests, in milliseconds, and the limit of delayed refusals. */
const [holdBack, mostHeldBack] = [1000, 1000];

/** The largest number of callers whose key is remembered by their headers. */
const mostCallers = 1000;

class SigningProxy {
  #settings: Settings;
  #upstream: Upstream;
  #links: RecordingLinks;
  #requests: Semaphore;
  #recordings: Semaphore;
  /** Callers → the key that `authorize` gave last. It affects only the order of turns. */
  #callers = new Map<string, string>();
  #tenants: Tenants;
  /** Delayed refusals. */
  #heldBack = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#upstream = new Upstream(settings);
    this.#links = new RecordingLinks(settings);
    this.#requests = new Semaphore(settings.maxConcurrency);
    this.#recordings = new Semaphore(settings.maxRecordings);
    this.#tenants = new Tenants((name, parameters) => this.#list(name, parameters));
  }

  /** Answers a page's request. Never rejects. */
  async answer(page: PageRequest): Promise<Reply> {
    const started = performance.now();
    const id = idOf(page);
    const found = routeOf(page.url.pathname);
    let reply: Reply;
    let error: unknown = null;
    try {
      reply = await this.#answer(page, id, found);
    } catch (thrown) {
      const refusal =
        thrown instanceof Refusal
          ? thrown
          : new Refusal(500, "the proxy failed", {}, withoutDetails(thrown));
      error = refusal.cause ?? null;
      reply = refused(refusal, id);
    }
    this.#tell(found, id, reply.status, started, error);
    return reply;
  }

  /** An error of the log hook, thrown or rejected, must not fail the request, and must not end the process. */
  #tell(
    found: Found | undefined,
    requestId: string,
    status: number,
    started: number,
    error: unknown,
  ) {
    const endpoint =
      found?.route.kind === "endpoint" ? found.route.name : (found?.route.kind ?? null);
    const durationMs = Math.round(performance.now() - started);
    const event: ProxyEvent = { requestId, endpoint, status, durationMs, error };
    void (async () => this.#settings.onResponse?.(event))().catch(() => {});
  }

  async #answer(page: PageRequest, id: string, found: Found | undefined): Promise<Reply> {
    const refusal = refusalOf(page, found);
    if (refusal) throw refusal;
    const { route, mount } = found!;
    if (route.kind === "health") {
      const envelope = { code: 200, data: { proxy: "byrobot-calls" }, resultMsg: "ok" };
      return said(200, envelope, id);
    }
    // Takes a slot before anything is read or made, so that too many requests cost little.
    const semaphore = route.kind === "recording" ? this.#recordings : this.#requests;
    const caller = callerOf(page);
    const key = this.#callers.get(caller) ?? caller;
    if (!semaphore.hasSlot(key)) {
      await this.#holdBack();
      throw busy;
    }
    const deadline = new Deadline(page.whenGone, this.#settings.timeout);
    const slot = semaphore.enter(key, deadline.end);
    let leave = () => (slot.leave(), deadline.close());
    const context = { page, id, mount, deadline };
    try {
      if (route.kind === "endpoint") return await this.#operation(context, route.name, slot);
      // A recording keeps its permit until its last byte.
      const recording = await this.#recording(context, route.token, slot, leave);
      deadline.stop();
      leave = () => {};
      return recording;
    } finally {
      leave();
    }
  }

  /** Delays a refusal: a caller that retries at once would keep the process busy with refusals. */
  async #holdBack(): Promise<void> {
    if (this.#heldBack >= mostHeldBack) return;
    this.#heldBack += 1;
    await new Promise((resolve) => setTimeout(resolve, holdBack * (0.5 + Math.random())));
    this.#heldBack -= 1;
  }

  /** Calls `authorize`, and takes a permit under the caller's key. */
  async #admit(
    { page, deadline }: RequestContext,
    body: Uint8Array<ArrayBuffer> | undefined,
    asked: AuthorizeContext,
    slot: Slot,
  ): Promise<Admission> {
    const { signal } = deadline;
    deadline.stage = "authorize";
    signal.throwIfAborted();
    let access: Admission;
    try {
      const verdict = this.#settings.authorize(page.standard(body, signal), asked);
      access = accessOf(await settledBefore(signal, verdict));
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      const message = "the proxy could not tell whether this is allowed";
      throw refusalIn(cause, denied) ?? new Refusal(500, message, {}, cause);
    }
    if (access.limitKey !== undefined) {
      const key = `key ${access.limitKey}`;
      this.#remember(callerOf(page), key);
      slot.rename(key);
    }
    deadline.stage = "permit";
    await slot.permit(signal);
    deadline.stage = "vendor";
    return access;
  }

  #remember(caller: string, key: string): void {
    if (caller === anonymous || caller.length > 4096) return;
    this.#callers.delete(caller);
    this.#callers.set(caller, key);
    const [oldest] = this.#callers.keys();
    if (this.#callers.size > mostCallers) this.#callers.delete(oldest!);
  }

  async #operation(context: RequestContext, name: string, slot: Slot): Promise<Reply> {
    const { page, deadline, id } = context;
    const { signal } = deadline;
    const body = await bodyOf(page, signal);
    const asked = pageRequest(name, page.url.searchParams, body && textIn(body));
    const { parameters } = asked;
    const shown = { operation: name, parameters, recording: null } as AuthorizeContext;
    const { tenant } = await this.#admit(context, body, shown, slot);
    let companyId = tenant && (await this.#tenants.companyOf(asked, tenant, signal));
    const answer = await this.#upstream.ask(asked, signal);
    const data = dataOf(answer);
    if (tenant && companyId === undefined) {
      // An answer without data may be about another company, too.
      if (data === undefined) throw withoutData(answer, "the vendor has no answer about this call");
      companyId = await this.#tenants.companyIn(data, tenant, signal);
    }
    if (data !== undefined) {
      await this.#allowed(answer.envelope, { ...shown, tenant: tenant ?? null }, signal);
    }
    const { maskPhones, recordingHosts, publicPath } = this.#settings;
    const mount = publicPath ?? context.mount;
    const pathOf = (link: string) => this.#links.pathOf(mount, link, companyId);
    const { status, headers, bytes, text, secrets } = answer;
    const shownText = await forPage(text, { maskPhones, recordingHosts, pathOf, secrets });
    return reply(status, shownText === text ? bytes : shownText, id, headers);
  }

  /** Calls `allowAnswer`. */
  async #allowed(answer: unknown, context: AnswerContext, signal: AbortSignal): Promise<void> {
    const { allowAnswer } = this.#settings;
    if (!allowAnswer) return;
    const hidden = () => new Refusal(403, "this is not for you to see");
    let allowed: unknown;
    try {
      allowed = await settledBefore(signal, allowAnswer(answer, context));
    } catch (cause) {
      if (cause instanceof Refusal) throw cause;
      const message = "the proxy could not tell whether this answer is allowed";
      throw refusalIn(cause, hidden) ?? new Refusal(500, message, {}, cause);
    }
    if (allowed !== true) throw refusalIn(allowed, hidden) ?? hidden();
  }

  /** The `data` of an answer that the proxy needs for itself. */
  async #list(name: string, parameters: Record<string, unknown>): Promise<unknown> {
    // Several requests may wait for this answer, so it does not end with one of them.
    const deadline = new Deadline(undefined, this.#settings.timeout);
    deadline.stage = "vendor";
    const asked = vendorRequest(name, parameters);
    const list = this.#upstream.ask(asked, deadline.signal).finally(() => deadline.close());
    const answer = await list;
    const data = dataOf(answer);
    if (codeOf(answer) === 200 && data !== undefined) return data;
    throw withoutData(answer, "the vendor does not list the tasks of this company");
  }

  /** Sends a recording. Calls `ended` when the recording ends, unless this method throws. */
  async #recording(
    context: RequestContext,
    token: string,
    slot: Slot,
    ended: () => void,
  ): Promise<Reply> {
    const { page, deadline, id } = context;
    const recording = await this.#links.open(token, page.url.searchParams.get("until"));
    if (!recording) throw new Refusal(404, "there is no such recording, or its link has ended");
    const shown = { operation: "recording", parameters: {}, recording } as const;
    const { tenant } = await this.#admit(context, undefined, shown, slot);
    if (tenant && !tenant.companyIds.some((id) => id === recording.companyId)) throw foreign();
    const { method } = page;
    const { signal } = deadline;
    const range = page.header("range");
    const headers: Record<string, string> = { accept: "audio/*", "accept-encoding": "identity" };
    // Every other form of range is ignored: the answer is the whole recording.
    const isRange = range !== null && /^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$/.test(range);
    if (isRange) headers["range"] = range;
    const response = await fetchOnce(this.#settings, new URL(recording.url).href, {
      method,
      headers,
      signal,
    });
    const idle = this.#settings.timeout;
    return recordingOf(response, method === "HEAD", { isRange, headers: ours(id), idle, ended });
  }
}

/** The page's request id, or a new id. */
function idOf({ header }: PageRequest): string {
  const given = header("x-request-id") ?? "";
  return /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID();
}

/** The refusal that the path and method of a request already call for. */
function refusalOf({ method, header }: PageRequest, found: Found | undefined): Refusal | undefined {
  if (header("sec-fetch-site") === "cross-site") {
    return new Refusal(403, "pages of other sites are not answered");
  }
  if (!found) return new Refusal(404, "the proxy has no such operation");
  const allowed = found.route.kind === "endpoint" ? [found.route.method] : ["GET", "HEAD"];
  if (allowed.includes(method)) return undefined;
  return new Refusal(405, `this is asked by ${allowed[0]}`, { allow: allowed.join(", ") });
}

/** Identifies the caller before `authorize` is called. */
const callerOf = ({ header }: PageRequest): string =>
  `sent ${header("cookie") ?? ""} ${header("authorization") ?? ""}`;

/** The key of callers who send neither header. */
const anonymous = "sent  ";

/** The `data` of an answer; `undefined` if it has none. */
const dataOf = ({ envelope }: VendorAnswer): unknown =>
  (Object(envelope) as { data?: unknown }).data ?? undefined;

const codeOf = ({ envelope }: VendorAnswer): number =>
  Number((Object(envelope) as { code?: unknown }).code);

/** The refusal that replaces an answer without data. */
const withoutData = (answer: VendorAnswer, message: string): Refusal => {
  const codes = [codeOf(answer), answer.status];
  return new Refusal(codes.find((one) => one >= 400 && one < 600) ?? 502, message, answer.headers);
};
