// Why a page gets no data, found step by step, in words for who has to mend it (findings.ts).
// Not here: how calls fail (errors.ts, and src/client/outcome.rs, whose messages are read here).
import { throwIfAborted } from "../wasm/abort.js";
import { type ByrobotError, isByrobotError } from "../wasm/errors.js";
import type { FetchFunction } from "./fetch.js";
import { type DiagnosisCheck, type Finding, type Message, messages, ok } from "./messages.js";

import type { Language } from "../generated/codes.js";

/** One thing that was looked at. */
export interface Diagnosis {
  /** What was looked at. */
  check: DiagnosisCheck;
  /** Whether it works. `false` in the last entry only: what comes after it cannot be known. */
  ok: boolean;
  /** What was found. Nothing in it is private. */
  detail: string;
  /** How to mend it; `null` where nothing is wrong, or nobody can say. */
  fix: string | null;
}

/** What to ask for, and in which language to say what was found. */
export interface DiagnoseOptions {
  /** A company whose tasks may be read. Default 1: a server that does not know that one is taken to work. */
  companyId?: number | undefined;
  /** Default: the browser's, as far as it is one of them; `"en"` otherwise. */
  language?: Language | undefined;
  /** Aborts it; the promise rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/** What is asked: `ByrobotClient`. */
interface Asked {
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

/** Milliseconds that are waited for an answer; twice as many for a turn and the answer. */
const PATIENCE = 10_000;

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

/** Asks once, and says what is right and what is wrong. @internal */
export async function runChecks(
  client: () => Asked | Promise<Asked>,
  fetch: FetchFunction | undefined,
  { companyId, language = preferred(), signal }: DiagnoseOptions = {},
): Promise<Diagnosis[]> {
  let asked: Asked;
  try {
    asked = await client();
  } catch (error) {
    if (!isByrobotError(error) || error.code !== "internal") throw error;
    const finding = /Content-Security-Policy/.test(error.message) ? "wasmPolicy" : "wasm";
    return report(finding, language, { said: error.message });
  }
  const server = originOf(asked.baseUrl);
  const forbidden: string[] = [];
  const note = (event: Event) => {
    forbidden.push((event as SecurityPolicyViolationEvent).effectiveDirective);
  };
  // Of a page or a worker; Node has no such events.
  globalThis.addEventListener?.("securitypolicyviolation", note);
  try {
    const limits = { timeout: PATIENCE, totalTimeout: 2 * PATIENCE };
    const options = { retry: false, ...limits, signal } as const;
    await asked.getTasks({ companyId: companyId ?? 1, pageSize: 1 }, options);
    return report(null, language);
  } catch (error) {
    if (!isByrobotError(error) || error.code === "invalid_argument") throw error;
    const url = error.url ?? server;
    const found = { server, url, status: String(error.status), said: error.message };
    if (error.code !== "network") {
      return report(findingOf(error, companyId === undefined), language, found);
    }
    found.said = codeOf(error);
    const policy = () => forbidden.some((directive) => directive.startsWith("connect-src"));
    // The event comes after the rejection.
    await new Promise((later) => setTimeout(later));
    const finding = policy() ? "policy" : await unreachable(url, fetch, signal);
    return report(finding, language, found);
  } finally {
    globalThis.removeEventListener?.("securitypolicyviolation", note);
  }
}

/** Why a server did not answer, as far as a page is told. */
async function unreachable(
  url: string,
  fetch: FetchFunction | undefined,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  if (globalThis.navigator?.onLine === false) return "offline";
  const here = pageOf();
  if (here === undefined) return "silent";
  const there = new URL(url, baseOf(here));
  // Browsers take http on the very machine for safe.
  const own = /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(there.hostname);
  if (here.protocol === "https:" && there.protocol === "http:" && !own) return "mixed";
  if (there.origin === here.origin) return "silent";
  try {
    const ask = (fetch ?? globalThis.fetch) as typeof globalThis.fetch;
    const init = { mode: "no-cors", credentials: "omit", cache: "no-store" } as const;
    // An answer that the page may not read is one.
    await ask(there.href, { ...init, signal: signal ?? null });
    return "cors";
  } catch {
    throwIfAborted(signal);
    return "silent";
  }
}

/** What an answer that is no data says of the set-up; `null` for nothing wrong with it. */
function findingOf(error: ByrobotError, anyCompany: boolean): Finding | null {
  const { code, message, status, vendorCode, vendorMessage } = error;
  switch (code) {
    case "timeout":
      if (/headers function/.test(message)) return "headers";
      // Its turn came late or never: what there was of an attempt says nothing of the server.
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
      // The vendor's answer about a company that was made up.
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

/** What was looked at up to the finding, which is the last. */
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

/** What a page resolves its URLs with. */
const baseOf = (page: Location | undefined) => globalThis.document?.baseURI ?? page?.href;

const originOf = (baseUrl: string) => {
  try {
    return new URL(baseUrl, baseOf(pageOf())).origin;
  } catch {
    // Without a page a path leads nowhere, and the call says so.
    return baseUrl;
  }
};

/** ` (ECONNREFUSED)`: what Node says of a connection. */
function codeOf({ cause }: ByrobotError): string {
  const inner = cause instanceof Error ? (cause.cause ?? cause) : undefined;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? ` (${code})` : "";
}
