// The vendor's signature, and the clock it is signed by. Not here: what is sent (proxy.ts).

/** The three headers of a signed request. Whoever has them may call every endpoint for some minutes. */
export interface Signature {
  /** The AppKey. */
  appkey: string;
  /** `Thu, 13 Dec 2018 01:27:17 GMT`; the vendor takes it for three minutes, earlier or later. */
  datetime: string;
  /** Base64 of HMAC-SHA1 over AppKey, a line feed, `datetime`. */
  sign: string;
}

/**
 * Signs a request the vendor's way. The signature does not cover what is asked: it is good for any
 * request, so it must not reach a page either.
 *
 * ```ts
 * const headers = await sign(process.env.BYROBOT_APP_KEY!, process.env.BYROBOT_APP_SECRET!);
 * ```
 *
 * @param date The moment of signing; default now.
 * @throws TypeError for a key or secret that is empty or has blanks or line breaks round it. It is not
 *   in the message.
 */
export async function sign(
  appKey: string,
  appSecret: string,
  date: Date = new Date(),
): Promise<Signature> {
  return signer(appKey, appSecret)(date);
}

/** Signs again and again with one key, which is read once. @internal */
export function signer(appKey: string, appSecret: string): (date: Date) => Promise<Signature> {
  credential("appKey", appKey);
  credential("appSecret", appSecret);
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  let key: Promise<CryptoKey> | undefined;
  return async (date) => {
    if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
      throw new TypeError("sign: date has to be a valid Date");
    }
    key ??= crypto.subtle.importKey("raw", encoder.encode(appSecret), algorithm, false, ["sign"]);
    const datetime = date.toUTCString();
    const text = encoder.encode(`${appKey}\n${datetime}`);
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", await key, text));
    return { appkey: appKey, datetime, sign: btoa(String.fromCharCode(...bytes)) };
  };
}

function credential(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(
      `byrobot-calls: ${name} is missing: give it as a text, from your server's environment`,
    );
  }
  // A line break would end the header, and a blank come from copying.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new TypeError(
      `byrobot-calls: ${name} has a blank, a line break or another character that no key has`,
    );
  }
}

/** The vendor's clock, as far as its answers tell how far ours is off. @internal */
export class VendorClock {
  #ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Sets the clock by the `Date` header of an answer; says whether it is another one now. */
  correct(header: string | null): boolean {
    const theirs = Date.parse(header ?? "");
    if (Number.isNaN(theirs)) return false;
    const ahead = theirs - Date.now();
    // The header counts in seconds.
    const moved = Math.abs(ahead - this.#ahead) > 1000;
    if (moved) this.#ahead = ahead;
    return moved;
  }
}
