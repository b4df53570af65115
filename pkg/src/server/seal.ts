// Seals texts into tokens, with keys that are derived from the AppSecret. Synchronous where the runtime has
// `node:crypto`. Not here: what is sealed (links.ts).

/** Bytes of the nonce, of the tag at the end of a token, and of the code that authenticates an expiry day. */
const [nonceLength, tagLength, codeLength] = [12, 16, 12];
/** Bytes of a key. */
const keyLength = 32;

/** A value, or a promise of it. */
export type Eventual<T> = T | Promise<T>;

/** A function of a value, as soon as the value is there. */
export const after = <T, R>(value: Eventual<T>, go: (value: T) => Eventual<R>): Eventual<R> =>
  value instanceof Promise ? value.then(go) : go(value);

type Bytes = Uint8Array<ArrayBuffer>;

interface Sealed {
  key: Bytes;
  iv: Bytes;
  data: Bytes;
}

/** The primitives: HKDF and HMAC with SHA-256, AES-256-GCM. */
interface Cipher {
  derive(secret: Bytes, info: Bytes): Eventual<Bytes>;
  hmac(key: Bytes, data: Bytes): Eventual<Uint8Array>;
  /** The result has the tag at its end, as {@link Cipher.decrypt} expects. */
  encrypt(part: Sealed): Eventual<Uint8Array>;
  /** Throws or rejects if the tag is wrong. */
  decrypt(part: Sealed): Eventual<Uint8Array>;
}

/**
 * Seals texts: only the proxy can make a token, and a token does not reveal its content. The same text always gives the
 * same token, so that a row of an unchanged call does not look changed.
 */
export class Seal {
  #cipher: Cipher = cipher();
  #nonce: Eventual<Bytes>;
  #content: Eventual<Bytes>;
  #expiry: Eventual<Bytes>;

  constructor(appSecret: string) {
    const key = (use: string) => {
      const info = bytesOf(`byrobot-calls recordings ${use}`);
      const derived = this.#cipher.derive(bytesOf(appSecret), info);
      // Each use rejects with this error.
      if (derived instanceof Promise) derived.catch(() => {});
      return derived;
    };
    [this.#nonce, this.#content, this.#expiry] = [key("nonce"), key("link"), key("expiry")];
  }

  /** The token of a text. */
  seal(text: string): Eventual<string> {
    const data = bytesOf(text);
    const code = after(this.#nonce, (key) => this.#cipher.hmac(key, data));
    return after(code, (code) => {
      // Derived from the sealed text, so different texts have different nonces.
      const iv = new Uint8Array(code.subarray(0, nonceLength));
      const sealed = after(this.#content, (key) => this.#cipher.encrypt({ key, iv, data }));
      return after(sealed, (sealed) => {
        const token = new Uint8Array(nonceLength + sealed.length);
        token.set(iv);
        token.set(sealed, nonceLength);
        return base64url(token);
      });
    });
  }

  /** The text in a token; `undefined` if the token is not from this proxy. */
  async open(token: string): Promise<string | undefined> {
    const key = await this.#content;
    try {
      const bytes = fromBase64url(token);
      if (bytes.length < nonceLength + tagLength) return undefined;
      const [iv, data] = [bytes.slice(0, nonceLength), bytes.slice(nonceLength)];
      return new TextDecoder().decode(await this.#cipher.decrypt({ key, iv, data }));
    } catch {
      return undefined;
    }
  }

  /** The query value of a token that is valid to the end of a day, counted from 1970 in UTC. */
  until(day: number, token: string): Eventual<string> {
    const data = bytesOf(`${day}:${token}`);
    const code = after(this.#expiry, (key) => this.#cipher.hmac(key, data));
    return after(code, (code) => `${day}-${base64url(code.slice(0, codeLength))}`);
  }
}

const encoder = new TextEncoder();
const bytesOf = (text: string): Bytes => encoder.encode(text);

/** The primitives from `node:crypto`, in Node, Deno and Bun. */
interface NodeCrypto {
  hkdfSync(
    hash: string,
    secret: Uint8Array,
    salt: Uint8Array,
    info: Uint8Array,
    length: number,
  ): ArrayBuffer;
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

function nodeCipher(node: NodeCrypto): Cipher {
  const { hkdfSync, createHmac, createCipheriv, createDecipheriv } = node;
  const name = "aes-256-gcm";
  return {
    derive: (secret, info) =>
      new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), info, keyLength)),
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
  async derive(secret, info) {
    const { subtle } = crypto;
    const key = await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
    return new Uint8Array(await subtle.deriveBits(algorithm, key, keyLength * 8));
  },
  async hmac(key, data) {
    const imported = await importedKey(key, { name: "HMAC", hash: "SHA-256" }, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
  },
  encrypt: (part) => gcm("encrypt", part),
  decrypt: (part) => gcm("decrypt", part),
};

async function gcm(use: "encrypt" | "decrypt", { key, iv, data }: Sealed): Promise<Uint8Array> {
  const imported = await importedKey(key, { name: "AES-GCM" }, ["encrypt", "decrypt"]);
  return new Uint8Array(await crypto.subtle[use]({ name: "AES-GCM", iv }, imported, data));
}

const imported = new WeakMap<Bytes, Promise<CryptoKey>>();

function importedKey(
  bytes: Bytes,
  algorithm: { name: string; hash?: string },
  uses: KeyUsage[],
): Promise<CryptoKey> {
  let key = imported.get(bytes);
  if (key === undefined) {
    key = crypto.subtle.importKey("raw", bytes, algorithm, false, uses);
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

const fromBase64url = (text: string): Bytes =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
