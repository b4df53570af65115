// The proxy's own answers: their headers, and refusals in the vendor's envelope.
import type { Refusal } from "./endpoints.js";

/** An answer that is not yet a `Response`. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | Source | null;
}

/** Headers of every answer. */
export const ours = (id: string): Record<string, string> => ({
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-request-id": id,
});

/** An answer with JSON. */
export const reply = (
  status: number,
  body: Reply["body"],
  id: string,
  more: Record<string, string> = {},
): Reply => ({
  status,
  headers: { ...more, ...ours(id), "content-type": "application/json;charset=UTF-8" },
  body,
});

/** An answer in the vendor's envelope. */
export const said = (
  status: number,
  envelope: object,
  id: string,
  more?: Record<string, string>,
): Reply =>
  reply(status, JSON.stringify({ ...envelope, errorStackTrace: null, requestId: id }), id, more);

/** A refusal, with a message that names the proxy. */
export const refused = ({ status, message, headers }: Refusal, id: string): Reply => {
  const resultMsg = `byrobot-calls proxy: ${message}`;
  return said(status, { code: status, data: null, resultMsg }, id, headers);
};

/** Chunks of bytes in order, read like a stream. */
export type Source = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

export const isSource = (body: Reply["body"]): body is Source =>
  typeof body === "object" && body !== null && "read" in body;

/** Answer → its body, so that an adapter need not read it from a stream. */
const bodies = new WeakMap<Response, Reply["body"]>();

export function responseOf({ body, ...init }: Reply): Response {
  const response = new Response(isSource(body) ? streamOf(body) : body, init);
  bodies.set(response, body);
  return response;
}

/** The parts of an answer of any handler. */
export const replyOf = (response: Response): Reply => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body:
    (response.bodyUsed ? undefined : bodies.get(response)) ?? response.body?.getReader() ?? null,
});

/** The same bytes as a stream. */
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
