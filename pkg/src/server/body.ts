// Reads bodies up to a length.

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
  return joined(parts, length);
}

/** Chunks as one array of so many bytes. */
export function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes as text; `undefined` if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Cancels an unwanted body. */
export const discard = ({ body }: Pick<Body, "body">): void => void body?.cancel().catch(() => {});
