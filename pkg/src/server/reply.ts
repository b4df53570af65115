// Answers of the proxy's own: their headers, the vendor's envelope round a refusal.
import type { Refusal } from "./endpoints.js";

/** An answer before it is a `Response`. */
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

/** An answer of JSON. */
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

/** A refusal, in words that say whose it is. */
export const refused = ({ status, message, headers }: Refusal, id: string): Reply => {
  const resultMsg = `byrobot-calls proxy: ${message}`;
  return said(status, { code: status, data: null, resultMsg }, id, headers);
};

/** Bytes, one piece after the other, as a reader of a stream gives them. */
export type Source = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

/** By answer: its body, for an adapter that need not read it back out of a stream. */
const bodies = new WeakMap<Response, Reply["body"] | Source>();

export function withBody(response: Response, body: Reply["body"] | Source): Response {
  bodies.set(response, body);
  return response;
}

export const responseOf = ({ body, ...init }: Reply): Response =>
  withBody(new Response(body, init), body);

/** The body of an answer of the proxy's, if nobody has read it. */
export const heldBody = (response: Response): Reply["body"] | Source | undefined =>
  response.bodyUsed ? undefined : bodies.get(response);

/** What the first lines of a request say. */
export interface Head {
  method: string;
  path: string;
  header: (name: string) => string | null;
}

/**
 * By handler: the refusal of a request for which there is no free slot, told from its head alone; nothing, if it may
 * be let in. An adapter that asks it spares making a `Request` for each of too many.
 */
export const tooMany = new WeakMap<object, (head: Head) => Promise<Reply> | undefined>();
