// Bodies, up to a length.

/** The bytes of a body; nothing, if there are more than `most`. The rest is not waited for. */
export async function readBytes(
  { body }: { body: ReadableStream<Uint8Array> | null },
  most: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader!.read()) {
    length += next.value.length;
    if (length > most) {
      // Not awaited: of a body that was cloned it comes when the clone is read, too.
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

/** The text of a body; nothing, if it is longer than `most` bytes or no UTF-8. */
export async function readText(
  source: { body: ReadableStream<Uint8Array> | null },
  most: number,
): Promise<string | undefined> {
  const bytes = await readBytes(source, most);
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
