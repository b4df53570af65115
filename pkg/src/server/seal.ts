// Seals links to recordings into tokens, since the vendor's links reveal its file store and the customer's number.
// Not here: which links are sealed (answer.ts), how recordings are fetched (recordings.ts).

/** Tokens in each of two generations of the cache: a synchronisation meets the same links again and again. */
const mostTokens = 4000;

/** Milliseconds of a day. */
export const dayLength = 86_400_000;

/** Bytes of the nonce, of the tag at the end of a token, and of the code that authenticates an expiry day. */
const [nonceLength, tagLength, codeLength] = [12, 16, 12];

interface Keys {
  nonce: Uint8Array;
  content: Uint8Array;
  expiry: Uint8Array;
}

/** The primitives: HMAC-SHA-256 and AES-256-GCM. */
interface Cipher {
  hmac(key: Uint8Array, data: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** The result has the tag at its end, as {@link Cipher.decrypt} expects. */
  encrypt(part: Sealed): Uint8Array | Promise<Uint8Array>;
  /** Throws or rejects if the tag is wrong. */
  decrypt(part: Sealed): Uint8Array | Promise<Uint8Array>;
}

interface Sealed {
  key: Uint8Array;
  iv: Uint8Array;
  data: Uint8Array;
}

/**
 * Seals links with keys derived from the AppSecret: only the proxy can make a token, and a token does not
 * reveal its content. The same text always gives the same token, so that a row of an unchanged call does
 * not look changed. The expiry day is in the query, which tables do not compare.
 */
export class Seal {
  #cipher: Cipher = cipher();
  #keys: Promise<Keys>;
  /** Tokens by sealed text. A full cache becomes the older generation, and a new one begins. */
  #tokens = new Map<string, Promise<string>>();
  #older = new Map<string, Promise<string>>();

  constructor(appSecret: string) {
    this.#keys = derive(appSecret);
    // Each use rejects with this error.
    this.#keys.catch(() => {});
  }

  /** The token of a text: a link, and what the link is bound to. */
  seal(text: string): Promise<string> {
    let token = this.#tokens.get(text);
    if (token === undefined) {
      token = this.#older.get(text) ?? this.#made(bytesOf(text));
      if (this.#tokens.size >= mostTokens) [this.#older, this.#tokens] = [this.#tokens, new Map()];
      this.#tokens.set(text, token);
    }
    return token;
  }

  async #made(data: Uint8Array): Promise<string> {
    const { nonce, content } = await this.#keys;
    // Derived from the sealed text, so different texts have different nonces.
    const iv = (await this.#cipher.hmac(nonce, data)).slice(0, nonceLength);
    const sealed = await this.#cipher.encrypt({ key: content, iv, data });
    const token = new Uint8Array(nonceLength + sealed.length);
    token.set(iv);
    token.set(sealed, nonceLength);
    return base64url(token);
  }

  /** The text in a token; `undefined` if the token is not from this proxy. */
  async open(token: string): Promise<string | undefined> {
    const { content } = await this.#keys;
    try {
      const bytes = fromBase64url(token);
      if (bytes.length < nonceLength + tagLength) return undefined;
      const [iv, data] = [bytes.slice(0, nonceLength), bytes.slice(nonceLength)];
      return new TextDecoder().decode(await this.#cipher.decrypt({ key: content, iv, data }));
    } catch {
      return undefined;
    }
  }

  /** The query value of a token that is valid to the end of a day, counted from 1970 in UTC. */
  async until(day: number, token: string): Promise<string> {
    const { expiry } = await this.#keys;
    const code = await this.#cipher.hmac(expiry, bytesOf(`${day}:${token}`));
    return `${day}-${base64url(code.slice(0, codeLength))}`;
  }

  /** The end of a link; `undefined` if {@link Seal.until} did not make this value for the token, or the day is over. */
  async endOf(said: string, token: string, now: number = Date.now()): Promise<Date | undefined> {
    const [, day] = /^(\d{1,6})-[\w-]+$/.exec(said) ?? [];
    const end = (Number(day) + 1) * dayLength;
    if (day === undefined || now >= end) return undefined;
    const right = await this.until(Number(day), token);
    // Compares all characters, so that the time reveals nothing.
    let differs = right.length ^ said.length;
    for (let at = 0; at < right.length; at += 1) {
      differs |= right.charCodeAt(at) ^ said.charCodeAt(at);
    }
    return differs === 0 ? new Date(end) : undefined;
  }
}

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

async function derive(appSecret: string): Promise<Keys> {
  const { subtle } = crypto;
  const secret = await subtle.importKey("raw", bytesOf(appSecret), "HKDF", false, ["deriveBits"]);
  const key = async (use: string) => {
    const info = bytesOf(`byrobot-calls recordings ${use}`);
    const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
    return new Uint8Array(await subtle.deriveBits(algorithm, secret, 256));
  };
  const [nonce, content, expiry] = [await key("nonce"), await key("link"), await key("expiry")];
  return { nonce, content, expiry };
}

/** The primitives from `node:crypto`, in Node, Deno and Bun. */
interface NodeCrypto {
  createHmac(hash: string, key: Uint8Array): { update(data: Uint8Array): { digest(): Uint8Array } };
  createCipheriv(name: string, key: Uint8Array, iv: Uint8Array): NodeCipher;
  createDecipheriv(name: string, key: Uint8Array, iv: Uint8Array): NodeCipher;
}

interface NodeCipher {
  setAuthTag(tag: Uint8Array): unknown;
  getAuthTag(): Uint8Array;
  update(data: Uint8Array): Uint8Array;
  final(): Uint8Array;
}

/** WebCrypto hands each small piece to another thread, which takes ten times as long as `node:crypto`. */
function cipher(): Cipher {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?: (name: string) => NodeCrypto | undefined };
  };
  const node = process?.getBuiltinModule?.("node:crypto");
  return node?.createCipheriv ? nodeCipher(node) : webCipher;
}

function nodeCipher({ createHmac, createCipheriv, createDecipheriv }: NodeCrypto): Cipher {
  const name = "aes-256-gcm";
  return {
    hmac: (key, data) => createHmac("sha256", key).update(data).digest(),
    encrypt({ key, iv, data }) {
      const cipher = createCipheriv(name, key, iv);
      const sealed = new Uint8Array(data.length + tagLength);
      sealed.set(cipher.update(data));
      cipher.final();
      sealed.set(cipher.getAuthTag(), data.length);
      return sealed;
    },
    decrypt({ key, iv, data }) {
      const cipher = createDecipheriv(name, key, iv);
      cipher.setAuthTag(data.slice(-tagLength));
      const opened = cipher.update(data.slice(0, -tagLength));
      cipher.final();
      return opened;
    },
  };
}

const webCipher: Cipher = {
  async hmac(key, data) {
    const imported = await importedKey(key, { name: "HMAC", hash: "SHA-256" }, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data as BufferSource));
  },
  encrypt: (part) => gcm("encrypt", part),
  decrypt: (part) => gcm("decrypt", part),
};

async function gcm(use: "encrypt" | "decrypt", part: Sealed): Promise<Uint8Array> {
  const { key, iv, data } = part as { [name in keyof Sealed]: Uint8Array<ArrayBuffer> };
  const imported = await importedKey(key, { name: "AES-GCM" }, ["encrypt", "decrypt"]);
  const algorithm = { name: "AES-GCM", iv };
  return new Uint8Array(await crypto.subtle[use](algorithm, imported, data));
}

const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>();

function importedKey(
  bytes: Uint8Array,
  algorithm: { name: string; hash?: string },
  uses: KeyUsage[],
): Promise<CryptoKey> {
  let key = imported.get(bytes);
  if (key === undefined) {
    key = crypto.subtle.importKey("raw", bytes as BufferSource, algorithm, false, uses);
    imported.set(bytes, key);
  }
  return key;
}

function base64url(bytes: Uint8Array): string {
  const { Buffer } = globalThis as unknown as {
    Buffer?: { from(bytes: Uint8Array): { toString(encoding: string): string } };
  };
  if (Buffer) return Buffer.from(bytes).toString("base64url");
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

const fromBase64url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
