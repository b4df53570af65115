// The vendor's signature. Not here: the clock for its date (clock.ts), the signed requests (upstream.ts).

/** The three headers of a signed request. For some minutes, they allow anybody to call every endpoint. */
export interface Signature {
  /** The AppKey. */
  appkey: string;
  /** `Thu, 13 Dec 2018 01:27:17 GMT`; the vendor accepts it if it is at most three minutes off. */
  datetime: string;
  /** Base64 of the HMAC-SHA1 of AppKey, a line feed, `datetime`. */
  sign: string;
}

/**
 * Signs a request with the vendor's signature. The signature does not cover the parameters: it is valid for every
 * request, so it must not reach a page.
 *
 * ```ts
 * const headers = await sign(process.env.BYROBOT_APP_KEY!, process.env.BYROBOT_APP_SECRET!);
 * ```
 *
 * @param date The time of signing; default now.
 * @throws TypeError for a key or secret that is empty or has blanks or line breaks at its ends. The message does not
 *   contain it.
 */
export async function sign(
  appKey: string,
  appSecret: string,
  date: Date = new Date(),
): Promise<Signature> {
  return signer(credential(appKey, "appKey"), credential(appSecret, "appSecret"))(date);
}

/**
 * Signs with one key, which is imported once. The vendor's dates have a resolution of one second: all requests of
 * one second have the same signature.
 *
 * @internal
 */
export function signer(appKey: string, appSecret: string): (date: Date) => Promise<Signature> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  let key: Promise<CryptoKey> | undefined;
  let last: { datetime: string; signature: Promise<Signature> } | undefined;
  const signed = async (datetime: string): Promise<Signature> => {
    key ??= crypto.subtle.importKey("raw", encoder.encode(appSecret), algorithm, false, ["sign"]);
    const text = encoder.encode(`${appKey}\n${datetime}`);
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", await key, text));
    return { appkey: appKey, datetime, sign: btoa(String.fromCharCode(...bytes)) };
  };
  return async (date) => {
    const datetime = textOf(date);
    if (datetime === "Invalid Date") throw new TypeError("sign: date has to be a valid Date");
    if (last?.datetime !== datetime) last = { datetime, signature: signed(datetime) };
    return last.signature;
  };
}

/** The date in the header; a Proxy may throw. */
function textOf(date: unknown): string {
  try {
    return date instanceof Date ? date.toUTCString() : "Invalid Date";
  } catch {
    return "Invalid Date";
  }
}

/**
 * Checks a key or a secret.
 *
 * @internal
 */
export function credential(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(
      `byrobot-calls: ${name} is missing: give it as a text, from your server's environment`,
    );
  }
  // A line break would end the header; a blank comes from copying.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new TypeError(
      `byrobot-calls: ${name} has a blank, a line break or another character that no key has`,
    );
  }
  return value;
}
