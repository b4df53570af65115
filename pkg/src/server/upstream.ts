// The connection to the vendor: signs requests by the vendor's clock, and reads answers up to a length. Not here: the
// requests (endpoints.ts), the changes of an answer for the page (answer.ts).
import { discard, readBytes, textOf } from "./body.js";
import { instantOf, VendorClock } from "./clock.js";
import { Refusal, type VendorRequest } from "./endpoints.js";
import { withoutDetails } from "./failure.js";
import type { Settings } from "./options.js";
import { signer, type Signature } from "./sign.js";

/** Longer than any page of fifty rows, and any transcript. In bytes. */
const longestAnswer = 32 * 1024 * 1024;

/** The vendor's `code` for a signed date that is more than three minutes off. */
const clockSkew = 408;

/** The vendor's answer. */
export interface VendorAnswer {
  status: number;
  /** The headers that the page receives. */
  headers: Record<string, string>;
  /** The body. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The body as text, which is JSON. */
  text: string;
  /** The body, parsed. */
  envelope: unknown;
  /** Secrets of the request that must not be in an answer. A server that repeats its request would disclose them. */
  secrets: string[];
}

type Fetch = Pick<Settings, "fetch">;

export class Upstream {
  #settings: Settings;
  #sign: (date: Date) => Promise<Signature>;
  #clock = new VendorClock();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#sign = signer(settings.appKey, settings.appSecret);
  }

  /**
   * Sends a request to the vendor. If the vendor refuses its date, and the clock has been corrected since, by this
   * answer or by the answer to another request, the request is sent once more.
   *
   * @throws Refusal if no JSON answer comes; the signal's reason if it is aborted.
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
    // Removes a byte order mark, which JSON does not allow.
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
      secrets: [signature.sign, signature.appkey],
      date: response.headers.get("date"),
    };
  }
}

/**
 * Fetches without following redirects: the proxy does not choose the target, and would send the signature there.
 *
 * @throws Refusal if no answer comes; the signal's reason if it is aborted.
 */
export async function fetchOnce(
  { fetch = globalThis.fetch }: Fetch,
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> {
  let response: Response;
  try {
    // A request may get its permit in the moment in which its time ends. Not every `fetch` looks at a signal that is
    // aborted already.
    init.signal.throwIfAborted();
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
