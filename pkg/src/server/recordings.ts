// Recordings: which servers they may come from, and what a page gets of their answers. Not here: how links are
// sealed (seal.ts) and which (answer.ts).
import { discard } from "./body.js";
import { instantOf } from "./clock.js";
import { Refusal } from "./endpoints.js";
import { withBody, type Source } from "./reply.js";

/** Domains of which everybody may rent a name for a bucket, or a bucket below a name. */
const shared =
  /(?:^|\.)(?:aliyuncs|amazonaws|myqcloud|myhuaweicloud|bcebos|volces|ksyuncs|ufileos|qiniucs|qiniudn|clouddn|upaiyun|jdcloud-oss|cloudfront|windows|googleapis|cloudflarestorage|r2|digitaloceanspaces|backblazeb2|wasabisys)\.(?:com|com\.cn|cn|net|dev)$/i;

/** The name of a whole storage service, with the bucket in the path. */
const endpoint =
  /^(?:(?:oss|s3|tos)-[\w-]+|(?:cos|obs|s3)(?:\.[\w-]+)*|storage)\.(?!oss-)[\w-]+\.\w+$/i;

/** Which servers recordings may come from. */
export class RecordingHosts {
  #exact = new Set<string>();
  #suffixes: string[] = [];

  /** Entries as `ProxyOptions.recordingHosts` has them. */
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

/** The kind of file at the end of a link, `.wav`: players like to see it. */
export const extensionOf = (link: string): string =>
  /\.\w{1,5}$/.exec(parsed(link)?.pathname ?? "")?.[0] ?? "";

/** No recording of a call is longer. In bytes. */
const longestRecording = 512 * 1024 * 1024;
/** Nor takes longer to pass, in milliseconds: a player that was cut off goes on with a range. */
const longestTime = 30 * 60 * 1000;

/** What a page gets of an answer with a recording. */
export interface RecordingOptions {
  /** The page asked for a part of it. */
  isRange: boolean;
  /** Headers of the proxy's own. */
  headers: Record<string, string>;
  /** Milliseconds without a byte from the server, or without the page taking one, until it is given up. */
  idle: number;
  /** Called once, when nothing more of it comes. */
  ended: () => void;
}

/**
 * The recording as the page gets it: sound, as long as its headers say and no longer.
 *
 * @throws Refusal where it is none. Then `ended` is not called.
 */
export function recordingOf(
  response: Response,
  isHead: boolean,
  options: RecordingOptions,
): Response {
  try {
    const { status, headers, length } = checked(response, options);
    if (isHead || status === 416) {
      discard(response);
      options.ended();
      return new Response(null, { status, headers });
    }
    if (response.body === null) throw notHad("it has no body");
    const source = passed(response.body, length, options);
    return withBody(new Response(streamOf(source), { status, headers }), source);
  } catch (refusal) {
    discard(response);
    throw refusal;
  }
}

const notHad = (why: string) => new Refusal(502, `the recording cannot be had: ${why}`);

/** Status, headers and number of bytes, if the answer has those of a recording. */
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
  // Fetch decodes what is encoded, but length and range are those of the encoded bytes.
  if (!/^(?:identity)?$/i.test(given.get("content-encoding")?.trim() ?? "")) {
    throw notHad("it is encoded");
  }
  const type = given.get("content-type") ?? "application/octet-stream";
  const [sound] = /^(?:audio\/[\w.+-]+|application\/octet-stream)(?=\s*(?:;|$))/i.exec(type) ?? [];
  if (sound === undefined) throw notHad("it is no sound");
  // Parameters of the type may be the file's name, which has the customer's number in it.
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
 * The bytes of a body, if they are as many as was said. Fails when there is one more or less, when nobody gives or
 * takes one for a while, and when it goes on and on.
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
    // One that is waited for is told that there is no more.
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

/** The same as a stream. */
const streamOf = (source: Source): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => source.cancel(),
    },
    { highWaterMark: 0 },
  );
