// `diagnose`: runs checks of the set-up and reports why a page gets no data. Not here: the messages (messages.ts),
// the errors of calls (src/client/outcome.rs; the messages of these errors are read here).
import { throwIfAborted } from "../wasm/abort.js";
import { type ByrobotError, invalidArgument, isByrobotError, optionsOf } from "../wasm/errors.js";
import type { FetchFunction } from "./fetch.js";
import { type DiagnosisCheck, type Finding, type Message, messages, ok } from "./messages.js";

import type { Language } from "../generated/codes.js";

/** The result of one check. */
export interface Diagnosis {
  /** The check. */
  check: DiagnosisCheck;
  /** Whether it passed. Only the last result can be `false`: after a failed check the later ones are unknown. */
  ok: boolean;
  /** The finding. It holds nothing private. */
  detail: string;
  /** How to fix it; `null` if the check passed or the fix is unknown. */
  fix: string | null;
}

/** Options of a diagnosis. */
export interface DiagnoseOptions {
  /** A company whose tasks may be read. Default 1; an error of the vendor about company 1 counts as success. */
  companyId?: number | undefined;
  /** The language of the messages. Default: `"zh"` in a Chinese browser, `"en"` elsewhere. */
  language?: Language | undefined;
  /** Aborts the diagnosis; the promise rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/** The part of `ByrobotClient` that the checks use. */
interface CheckedClient {
  baseUrl: string;
  getTasks(
    query: { companyId: number; pageSize: number },
    options: {
      retry: false;
      timeout: number;
      totalTimeout: number;
      signal?: AbortSignal | undefined;
    },
  ): Promise<unknown>;
}

/** Milliseconds until an answer has to arrive; twice as many with the wait for a slot. */
const PATIENCE = 10_000;

/** Milliseconds until the event of a policy arrives in a worker. */
const EVENT_PATIENCE = 250;

const checks: DiagnosisCheck[] = [
  "wasm",
  "csp",
  "mixed-content",
  "connection",
  "cors",
  "base-url",
  "sign-in",
  "clock",
  "signature",
  "answer",
];

/** Sends one request and reports the result of each check. @internal */
export async function runChecks(
  client: () => CheckedClient | Promise<CheckedClient>,
  fetch: FetchFunction | undefined,
  options?: DiagnoseOptions,
): Promise<Diagnosis[]> {
  const { companyId, language: wanted, signal } = optionsOf(options);
  const language = wanted ?? preferred();
  if (language !== "zh" && language !== "en") {
    throw invalidArgument("language", 'expected "zh" or "en"');
  }
  let checked: CheckedClient;
  try {
    checked = await client();
  } catch (error) {
    if (!isByrobotError(error) || error.code !== "internal") throw error;
    const finding = /Content-Security-Policy/.test(error.message) ? "wasmPolicy" : "wasm";
    return report(finding, language, { said: error.message });
  }
  const server = originOf(checked.baseUrl);
  let isForbidden = false;
  let tell = () => {};
  const told = new Promise<void>((resolve) => (tell = resolve));
  const note = (event: Event) => {
    const { effectiveDirective } = event as SecurityPolicyViolationEvent;
    if (!effectiveDirective.startsWith("connect-src")) return;
    isForbidden = true;
    tell();
  };
  // Pages and workers have such events; Node does not.
  globalThis.addEventListener?.("securitypolicyviolation", note);
  try {
    const limits = { timeout: PATIENCE, totalTimeout: 2 * PATIENCE };
    const options = { retry: false, ...limits, signal } as const;
    await checked.getTasks({ companyId: companyId ?? 1, pageSize: 1 }, options);
    return report(null, language);
  } catch (error) {
    if (!isByrobotError(error) || error.code === "invalid_argument") throw error;
    const url = error.url ?? server;
    const found = { server, url, status: String(error.status), said: error.message };
    if (error.code !== "network") {
      return report(findingOf(error, companyId === undefined), language, found);
    }
    // An answer began, so the server is there.
    if (error.status !== null) return report("broken", language, found);
    found.said = codeOf(error);
    // The event comes after the rejection; in a worker of Firefox some milliseconds later.
    const late = new Promise((later) => setTimeout(later, isWorker() ? EVENT_PATIENCE : 0));
    await Promise.race([told, late]);
    const finding = isForbidden ? "policy" : await unreachable(url, fetch, signal);
    const isSilentPolicy = finding === "silent" && forbidsSilently(url);
    return report(isSilentPolicy ? "policy" : finding, language, found);
  } finally {
    globalThis.removeEventListener?.("securitypolicyviolation", note);
  }
}

/**
 * Whether the policy of a worker forbids requests to a URL. WebKit sends workers no event and no report of that, but its
 * `EventSource` throws at once. In WebKit one that is closed at once sends nothing; in Firefox it may send a request, so
 * this is the last question, when a server has not answered.
 */
function forbidsSilently(url: string): boolean {
  const { EventSource } = globalThis;
  if (!isWorker() || EventSource === undefined) return false;
  try {
    new EventSource(url).close();
    return false;
  } catch (error) {
    return (error as { name?: unknown } | null)?.name === "SecurityError";
  }
}

/** Why a server did not answer, as far as a page can know. */
async function unreachable(
  url: string,
  fetch: FetchFunction | undefined,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  if (globalThis.navigator?.onLine === false) return "offline";
  const here = pageOf();
  if (here === undefined) return "silent";
  const there = new URL(url, baseOf(here));
  // Browsers treat http on this machine as secure.
  const own = /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(there.hostname);
  if (here.protocol === "https:" && there.protocol === "http:" && !own) return "mixed";
  if (there.origin === here.origin) return "silent";
  try {
    const ask = (fetch ?? globalThis.fetch) as typeof globalThis.fetch;
    const init = { mode: "no-cors", credentials: "omit", cache: "no-store" } as const;
    // An opaque answer is an answer that the page may not read.
    await ask(there.href, { ...init, signal: signal ?? null });
    return "cors";
  } catch {
    throwIfAborted(signal);
    return "silent";
  }
}

/** What an error of the call says about the set-up; `null`: the set-up works. */
function findingOf(error: ByrobotError, anyCompany: boolean): Finding | null {
  const { code, message, status, vendorCode, vendorMessage } = error;
  switch (code) {
    case "timeout":
      if (/headers function/.test(message)) return "headers";
      // The call waited for its slot, so the attempt says nothing about the server.
      return /totalTimeout/.test(message) ? "queued" : "slow";
    case "fetch":
      return "fetch";
    case "clock_skew":
      return "clock";
    case "headers":
      return "headers";
    case "unauthorized":
      return status === 200 || vendorMessage?.includes("校验") ? "signature" : "stranger";
    case "forbidden":
      return "account";
    case "rejected_parameters":
      // The vendor's answer about the default company.
      return anyCompany && vendorCode !== null ? null : "answer";
    case "not_found":
      if (vendorCode === null) return "nothing";
      return anyCompany ? null : "answer";
    case "server":
      return vendorCode === null && [502, 503, 504].includes(status ?? 0) ? "gateway" : "answer";
    case "not_json":
      if (/login page/.test(message)) return "login";
      return /web page/.test(message) ? "page" : "answer";
    case "unexpected_shape":
      return error.path === "code" ? "other" : "answer";
    default:
      return "answer";
  }
}

/** The results of the checks, up to the one that the finding fails. */
function report(
  finding: Finding | null,
  language: Language,
  found: Record<string, string> = {},
): Diagnosis[] {
  const filled = (text: string) => text.replace(/\{(\w+)\}/g, (_, name) => found[name] ?? "");
  const wrong = finding === null ? undefined : messages[finding];
  const last = wrong === undefined ? checks.length : checks.indexOf(wrong.check);
  const inPage = pageOf() !== undefined;
  const looked = checks.filter(
    (check, at) => at <= last && (inPage || !["csp", "mixed-content", "cors"].includes(check)),
  );
  return looked.map((check) => {
    if (check === wrong?.check || (finding === "wasmPolicy" && check === "wasm")) {
      const [detail, fix]: Message = messages[finding as Finding][language];
      return {
        check,
        ok: false,
        detail: filled(detail),
        fix: fix === undefined ? null : filled(fix),
      };
    }
    return { check, ok: true, detail: ok[language], fix: null };
  });
}

const preferred = (): Language =>
  globalThis.navigator?.language?.toLowerCase().startsWith("zh") ? "zh" : "en";

/** The address of the page or the worker; Node has none. */
const pageOf = (): Location | undefined =>
  typeof globalThis.location === "object" ? globalThis.location : undefined;

const isWorker = () => pageOf() !== undefined && globalThis.document === undefined;

/** The base of a page's relative URLs. */
const baseOf = (page: Location | undefined) => globalThis.document?.baseURI ?? page?.href;

const originOf = (baseUrl: string) => {
  try {
    return new URL(baseUrl, baseOf(pageOf())).origin;
  } catch {
    // A path without a page is no URL; the call reports that.
    return baseUrl;
  }
};

/** ` (ECONNREFUSED)`: Node's code for a failed connection. */
function codeOf({ cause }: ByrobotError): string {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : undefined;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? ` (${code})` : "";
}
