// Recordings: the allowed servers, and the checks of their answers. Not here: how links are sealed (seal.ts), and
// which links (answer.ts).
import { discard } from "./body.js";
import { instantOf } from "./clock.js";
import { Refusal } from "./endpoints.js";
import type { Reply, Source } from "./reply.js";

/** Domains in which everybody can rent a name for a bucket, or a bucket below a name. */
const shared =
  /(?:^|\.)(?:aliyuncs|amazonaws|myqcloud|myhuaweicloud|bcebos|volces|ksyuncs|ufileos|qiniucs|qiniudn|clouddn|upaiyun|jdcloud-oss|cloudfront|windows|googleapis|cloudflarestorage|r2|digitaloceanspaces|backblazeb2|wasabisys)\.(?:com|com\.cn|cn|net|dev)$/i;

/** The bare name of a storage service, with the bucket in the path. */
const endpoint =
  /^(?:(?:oss|s3|tos)-[\w-]+|(?:cos|obs|s3)(?:\.[\w-]+)*|storage)\.(?!oss-)[\w-]+\.\w+$/i;

/** The servers from which recordings may be fetched. */
export class RecordingHosts {
  #exact = new Set<string>();
  #suffixes: string[] = [];

  /** Entries in the form of `ProxyOptions.recordingHosts`. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [, suffix] = /^\*((?:\.[a-z0-9-]+){2,})$/i.exec(entry) ?? [];
      const [, scheme = "https://", host] =
        /^(https?:\/\/)?((?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:]+\])(?::\d+)?)$/i.exec(entry) ?? [];
      const url = host === undefined ? undefined : parsed(scheme + host);
      if (suffix === undefined && url === undefined) {
        throw new TypeError(
          `createProxy: recordingHosts has ${JSON.stringify(entry)}: expected a host such as ` +
            '"bucket.oss-cn-hangzhou.aliyuncs.com", "*.recordings.example.com" or "http://10.0.0.5:8080"',
        );
      }
      const name = suffix ?? url!.hostname;
      if (shared.test(name) && (suffix !== undefined || endpoint.test(name))) {
        throw new TypeError(
          `createProxy: recordingHosts has ${JSON.stringify(entry)}, where everybody may have a bucket: name ` +
            'the bucket of your recordings, such as "bucket.oss-cn-hangzhou.aliyuncs.com"',
        );
      }
      if (suffix !== undefined) this.#suffixes.push(suffix.toLowerCase());
      else this.#exact.add(url!.origin);
    }
  }

  get isEmpty(): boolean {
    return this.#exact.size + this.#suffixes.length === 0;
  }

  /** Whether a link leads to an allowed server. A star allows only HTTPS at its default port. */
  has(link: string): boolean {
    // Fast path: after an origin and a slash, no user name and no other host can follow.
    const slash = link.indexOf("/", "https://".length);
    if (slash > 0 && this.#exact.has(link.slice(0, slash))) return true;
    const url = parsed(link);
    if (!url || url.username !== "" || url.password !== "") return false;
    if (this.#exact.has(url.origin)) return true;
    const plain = url.protocol === "https:" && url.port === "";
    return plain && this.#suffixes.some((suffix) => url.hostname.endsWith(suffix));
  }
}

/** A link as a URL; `undefined` if it is not a URL. */
function parsed(link: string): URL | undefined {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
}

/** Longer than any recording of a call. In bytes. */
const longestRecording = 512 * 1024 * 1024;
/** Longer than any transfer of a recording, in milliseconds: a player continues an interrupted one with a range. */
const longestTime = 30 * 60 * 1000;

/** How an answer with a recording is passed on to the page. */
export interface RecordingOptions {
  /** Whether the page requested a range. */
  isRange: boolean;
  /** The proxy's own headers. */
  headers: Record<string, string>;
  /** Milliseconds without a byte from the server, or without the page reading one, until the recording is aborted. */
  idle: number;
  /** Called once, when the recording ends or is aborted. */
  ended: () => void;
}

/**
 * Passes a recording on to the page: only sound, of exactly the length in its headers.
 *
 * @throws Refusal if the answer is not a recording. Then `ended` is not called.
 */
export function recordingOf(response: Response, isHead: boolean, options: RecordingOptions): Reply {
  try {
    const { status, headers, length } = checked(response, options);
    if (isHead || status === 416) {
      discard(response);
      options.ended();
      return { status, headers, body: null };
    }
    if (response.body === null) throw notHad("it has no body");
    return { status, headers, body: passed(response.body, length, options) };
  } catch (refusal) {
    discard(response);
    throw refusal;
  }
}

const notHad = (why: string) => new Refusal(502, `the recording cannot be had: ${why}`);

/** Status, headers and number of bytes; `undefined` if the answer is not a recording. */
function checked(
  { status, headers: given }: Response,
  { isRange, headers: own }: RecordingOptions,
) {
  if ([403, 404, 410].includes(status)) throw new Refusal(404, "this recording is no longer kept");
  if (status !== 200 && !([206, 416].includes(status) && isRange)) throw notHad(`HTTP ${status}`);
  const headers = { ...own };
  const range = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(?:\d{1,15}|\*)$/.exec(
    given.get("content-range") ?? "",
  );
  if (status === 416) {
    if (range && range[1] === undefined) headers["content-range"] = range[0];
    return { status, headers };
  }
  // Fetch decodes an encoded body, but length and range count the encoded bytes.
  if (!/^(?:identity)?$/i.test(given.get("content-encoding")?.trim() ?? "")) {
    throw notHad("it is encoded");
  }
  const type = given.get("content-type") ?? "application/octet-stream";
  const [sound] = /^(?:audio\/[\w.+-]+|application\/octet-stream)(?=\s*(?:;|$))/i.exec(type) ?? [];
  if (sound === undefined) throw notHad("it is no sound");
  // Parameters of the type may contain the file's name, which contains the customer's number.
  headers["content-type"] = sound;
  const told = given.get("content-length");
  let length = told === null ? undefined : /^\d{1,15}$/.test(told) ? Number(told) : NaN;
  if (status === 206) {
    const part = range?.[1] === undefined ? NaN : Number(range[2]) - Number(range[1]) + 1;
    if (!(part > 0) || (length ?? part) !== part) throw notHad("its range and length disagree");
    headers["content-range"] = range![0];
    length = part;
  }
  if (length !== undefined && !(length <= longestRecording)) throw notHad("it is too long");
  if (length !== undefined) headers["content-length"] = String(length);
  const ranges = given.get("accept-ranges");
  if (ranges === "bytes" || ranges === "none") headers["accept-ranges"] = ranges;
  const modified = given.get("last-modified");
  if (instantOf(modified) !== undefined) headers["last-modified"] = modified!;
  return { status, headers, length };
}

/**
 * The bytes of a body, if their number is the announced one. Fails if there are more or fewer bytes, if no byte is sent
 * or read for a while, and if the transfer takes too long.
 */
function passed(
  body: ReadableStream<Uint8Array>,
  length: number | undefined,
  { idle, ended }: RecordingOptions,
): Source {
  const reader = body.getReader();
  const most = length ?? longestRecording;
  const started = Date.now();
  let moved = started;
  let count = 0;
  let isOver = false;
  let failure: Error | undefined;
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    // Ends a read that is still waiting.
    void reader.cancel().catch(() => {});
    ended();
  };
  const look = () => {
    const now = Date.now();
    if (now - moved < idle && now - started < longestTime) {
      timer = setTimeout(look, Math.min(moved + idle, started + longestTime) - now);
      return;
    }
    failure = new Error("the recording has come to a standstill");
    end();
  };
  let timer = setTimeout(look, idle);
  return {
    async read() {
      try {
        const next = await reader.read();
        moved = Date.now();
        if (!next.done) count += next.value.length;
        if (failure) throw failure;
        if (count > most || (next.done && count !== (length ?? count))) {
          throw new Error("the recording is not as long as its server said");
        }
        if (next.done) end();
        return next;
      } catch (error) {
        failure ??= error as Error;
        end();
        throw failure;
      }
    },
    cancel: async () => end(),
  };
}
