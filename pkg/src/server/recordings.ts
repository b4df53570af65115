// Links to recordings: the vendor's lead to its file store and hold the customer's number. Here they are
// sealed into a path of the proxy's own, and opened again when it is asked for.

const algorithm = "AES-GCM";

/** Which servers recordings may come from. */
export class RecordingHosts {
  #exact = new Set<string>();
  #suffixes: string[] = [];

  /** Entries as `ProxyOptions.recordingHosts` has them. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const wildcard = /^\*((?:\.[a-z0-9-]+){2,})$/i.exec(entry);
      if (wildcard) {
        this.#suffixes.push(wildcard[1]!.toLowerCase());
        continue;
      }
      const [, scheme = "https://", host] =
        /^(https?:\/\/)?((?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:]+\])(?::\d+)?)$/i.exec(entry) ?? [];
      const origin = host === undefined ? undefined : parsed(scheme + host)?.origin;
      if (origin === undefined) {
        throw new TypeError(
          `createProxy: recordingHosts has ${JSON.stringify(entry)}: expected a host such as ` +
            '"recordings.example.com", "*.oss-cn-hangzhou.aliyuncs.com" or "http://10.0.0.5:8080"',
        );
      }
      this.#exact.add(origin);
    }
  }

  /** Whether a link leads to one of them. With a star only by HTTPS, and at its usual port. */
  has(url: URL): boolean {
    if (url.username !== "" || url.password !== "") return false;
    if (this.#exact.has(url.origin)) return true;
    const plain = url.protocol === "https:" && url.port === "";
    return plain && this.#suffixes.some((suffix) => url.hostname.endsWith(suffix));
  }
}

/** A link as a URL; nothing, where it is none. */
export function parsed(link: string): URL | undefined {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
}

/**
 * Seals links with keys that are made of the AppSecret: nobody else can make a token, and a token does
 * not tell its link. One link always gives the same token, so that a row whose call has not changed does
 * not look changed.
 */
export class Seal {
  #keys: Promise<{ name: CryptoKey; content: CryptoKey }>;

  constructor(appSecret: string) {
    this.#keys = derive(appSecret);
    // Whoever seals hears of it.
    this.#keys.catch(() => {});
  }

  async seal(link: string): Promise<string> {
    const { name, content } = await this.#keys;
    const text = new TextEncoder().encode(link);
    // The nonce is made of what is sealed: it differs wherever that does.
    const iv = new Uint8Array(await crypto.subtle.sign("HMAC", name, text)).slice(0, 12);
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: algorithm, iv }, content, text),
    );
    return base64url(new Uint8Array([...iv, ...sealed]));
  }

  /** The link in a token; nothing, if it is none of ours. */
  async open(token: string): Promise<string | undefined> {
    const { content } = await this.#keys;
    try {
      const bytes = Uint8Array.from(
        atob(token.replaceAll("-", "+").replaceAll("_", "/")),
        (character) => character.charCodeAt(0),
      );
      const iv = bytes.slice(0, 12);
      const link = await crypto.subtle.decrypt({ name: algorithm, iv }, content, bytes.slice(12));
      return new TextDecoder().decode(link);
    } catch {
      return undefined;
    }
  }
}

async function derive(appSecret: string): Promise<{ name: CryptoKey; content: CryptoKey }> {
  const { subtle } = crypto;
  const encoder = new TextEncoder();
  const secret = await subtle.importKey("raw", encoder.encode(appSecret), "HKDF", false, [
    "deriveKey",
  ]);
  const from = (use: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode(`byrobot-calls recordings ${use}`),
  });
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  return {
    name: await subtle.deriveKey(from("nonce"), secret, hmac, false, ["sign"]),
    content: await subtle.deriveKey(from("link"), secret, { name: algorithm, length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]),
  };
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
