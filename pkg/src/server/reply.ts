// The proxy's own answers: their headers, and refusals in the vendor's envelope.
import type { Refusal } from "./endpoints.js";

/** An answer that is not yet a `Response`. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer>;
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

/** Answer → its body, so that an adapter need not read it from a stream. */
const bodies = new WeakMap<Response, Reply["body"] | Source>();

export function withBody(response: Response, body: Reply["body"] | Source): Response {
  bodies.set(response, body);
  return response;
}

export const responseOf = ({ body, ...init }: Reply): Response =>
  withBody(new Response(body, init), body);

/** The body of one of the proxy's answers, unless it has been read. */
export const heldBody = (response: Response): Reply["body"] | Source | undefined =>
  response.bodyUsed ? undefined : bodies.get(response);

/** The parts of a request's head that the proxy needs. */
export interface Head {
  method: string;
  path: string;
  header: (name: string) => string | null;
}

/**
 * Handler → a function that gives the refusal of a request for which there is no free slot, from its head alone, or
 * `undefined` if there is one. With it, an adapter need not make a `Request` for each refusal.
 */
export const tooMany = new WeakMap<object, (head: Head) => Promise<Reply> | undefined>();
