// The vendor behind the proxy: requests are signed by its clock, answers read up to a length. Not here: which
// requests there are (endpoints.ts), what a page gets of an answer (answer.ts).
import { discard, readBytes, textOf } from "./body.js";
import { instantOf, VendorClock } from "./clock.js";
import { Refusal, type VendorRequest } from "./endpoints.js";
import { withoutDetails } from "./failure.js";
import type { Settings } from "./settings.js";
import { signer, type Signature } from "./sign.js";

/** No page of fifty rows, and no transcript either, is longer. In bytes. */
const longestAnswer = 32 * 1024 * 1024;

/** The vendor's `code` for a signed date that is more than three minutes off. */
const clockSkew = 408;

/** What the vendor answered. */
export interface VendorAnswer {
  status: number;
  /** What a page gets of the headers. */
  headers: Record<string, string>;
  /** The body. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The same as text, which is JSON. */
  text: string;
  /** The same, parsed. */
  envelope: unknown;
  /** What was sent along and must not be in an answer: a server that repeats it would give it away. */
  secrets: string[];
}

type Fetch = Pick<Settings, "fetch">;

export class Upstream {
  #settings: Settings;
  #key: string;
  #sign: (date: Date) => Promise<Signature>;
  #clock = new VendorClock();

  constructor(settings: Settings, appKey: string, appSecret: string) {
    this.#settings = settings;
    this.#key = appKey;
    this.#sign = signer(appKey, appSecret);
  }

  /**
   * Asks the vendor. A request whose date it refuses is sent once more if its clock is another one by then,
   * by this answer or by that to another request.
   *
   * @throws Refusal where no answer of JSON comes; the signal's reason when it is aborted.
   */
  async ask(request: VendorRequest, signal: AbortSignal): Promise<VendorAnswer> {
    const { ahead } = this.#clock;
    const first = await this.#send(request, signal);
    const { code } = (first.envelope ?? {}) as { code?: unknown };
    if (Number(code) !== clockSkew) return first;
    this.#clock.correct(first.date);
    if (this.#clock.ahead === ahead) return first;
    const second = await this.#send(request, signal);
    return { ...second, secrets: [...first.secrets, ...second.secrets] };
  }

  async #send({ path, body }: VendorRequest, signal: AbortSignal) {
    const signature = await this.#sign(this.#clock.now());
    const response = await fetchOnce(this.#settings, this.#settings.upstream + path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...signature,
      },
      body: body ?? null,
      signal,
    });
    let bytes = await readBytes(response, longestAnswer).catch((cause: unknown) => {
      throw signal.aborted ? signal.reason : unreachable(cause);
    });
    // A byte order mark, which JSON does not have.
    if (bytes?.[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    const text = bytes && textOf(bytes);
    if (bytes === undefined || text === undefined)
      throw new Refusal(502, "the vendor's answer is too long, or not UTF-8");
    let envelope: unknown;
    try {
      envelope = JSON.parse(text);
    } catch {
      const { status } = response;
      throw new Refusal(502, `the vendor's answer is not JSON (HTTP ${status}): check upstream`);
    }
    const wait = response.headers.get("retry-after");
    const isWait = /^\d{1,6}$/.test(wait ?? "") || instantOf(wait) !== undefined;
    return {
      status: response.status,
      headers: isWait ? { "retry-after": wait! } : {},
      bytes,
      text,
      envelope,
      secrets: [signature.sign, this.#key],
      date: response.headers.get("date"),
    };
  }
}

/**
 * Fetches without following a redirect: where it leads is not ours to say, and it would take the signature there.
 *
 * @throws Refusal where nothing comes; the signal's reason when it is aborted.
 */
export async function fetchOnce(
  { fetch = globalThis.fetch }: Fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, redirect: "manual" });
  } catch (cause) {
    throw init.signal.aborted ? init.signal.reason : unreachable(cause);
  }
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    discard(response);
    throw new Refusal(502, "the server behind the proxy redirects: check upstream");
  }
  return response;
}

const unreachable = (cause: unknown) =>
  new Refusal(502, "the server behind the proxy cannot be reached", {}, withoutDetails(cause));
