// The vendor's signature. Not here: the clock it is made by (clock.ts), what is sent with it (upstream.ts).

/** The three headers of a signed request. With them, everybody can call every endpoint for some minutes. */
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

/**
 * Signs again and again with one key, which is read once. The vendor's dates count in seconds: requests of
 * one second have one signature.
 *
 * @internal
 */
export function signer(appKey: string, appSecret: string): (date: Date) => Promise<Signature> {
  credential("appKey", appKey);
  credential("appSecret", appSecret);
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
    if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
      throw new TypeError("sign: date has to be a valid Date");
    }
    const datetime = date.toUTCString();
    if (last?.datetime !== datetime) last = { datetime, signature: signed(datetime) };
    return last.signature;
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
