// Reads bodies up to a length.
import { settledBefore } from "./deadline.js";
import { Refusal } from "./endpoints.js";

/** The bytes of a body; `undefined` if there are more than `most`. Does not wait for the rest. */
export async function readBytes(
  { body }: { body: ReadableStream<Uint8Array> | null },
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader!.read()) {
    length += next.value.length;
    if (length > most) {
      // Not awaited: cancelling one branch of a cloned body settles only when the other branch is read, too.
      void reader!.cancel().catch(() => {});
      return undefined;
    }
    parts.push(next.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The text of a body; `undefined` if it is longer than `most` bytes or not UTF-8. */
export async function readText(
  source: { body: ReadableStream<Uint8Array> | null },
  most: number,
): Promise<string | undefined> {
  const bytes = await readBytes(source, most);
  return bytes && textOf(bytes);
}

/** Bytes as text; `undefined` if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** No valid request has a body of this length. */
const longestRequest = 64 * 1024;

/** The body of a `POST`; `undefined` for other methods. */
export async function bodyOf(request: Request, signal: AbortSignal): Promise<string | undefined> {
  if (request.method !== "POST") return undefined;
  const { headers } = request;
  if (!/^application\/json(?:\s*;|$)/i.test(headers.get("content-type") ?? "")) {
    throw new Refusal(415, "the body has to be application/json");
  }
  const isShort = Number(headers.get("content-length") ?? 0) <= longestRequest;
  // `authorize` may read the body again. The unread clone buffers no more than has been read here.
  const body = isShort
    ? await settledBefore(signal, readText(request.clone(), longestRequest))
    : undefined;
  if (body !== undefined) return body;
  discard(request);
  throw new Refusal(413, "the body is too long, or not UTF-8");
}

/** Cancels an unwanted body. */
export const discard = ({ body }: Pick<Body, "body">): void => void body?.cancel().catch(() => {});
