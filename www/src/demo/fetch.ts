// `fetch` of the demo: the sandbox in the worker answers, and the page needs no server.
import type { Answered, Asked } from "./sandbox.worker";
import { keptWorld } from "./world";

const worker = new Worker(new URL("./sandbox.worker.ts", import.meta.url), { type: "module" });
const waiting = new Map<number, (answer: Answered["answer"]) => void>();
let last = 0;

worker.onmessage = ({ data }: MessageEvent<Answered>) => {
  waiting.get(data.id)?.(data.answer);
  waiting.delete(data.id);
};

const send: typeof globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { signal } = request;
  const body = request.method === "GET" || request.method === "HEAD" ? null : await request.text();
  signal.throwIfAborted();
  const id = (last += 1);
  const asked: Asked = {
    id,
    url: request.url,
    method: request.method,
    headers: [...request.headers],
    body,
  };
  const answer = await new Promise<Answered["answer"]>((resolve, reject) => {
    waiting.set(id, resolve);
    signal.addEventListener("abort", () => {
      waiting.delete(id);
      reject(signal.reason);
    });
    worker.postMessage(asked);
  });
  if (answer === null) throw new TypeError("Failed to fetch");
  const { status, headers } = answer;
  return new Response(status === 204 ? null : answer.body, { status, headers });
};

/** The sandbox begins with the world of the last visit, whose calls the browser has kept. */
async function begin(): Promise<void> {
  const world = keptWorld();
  if (world === null) return;
  await send(new URL("sandbox/control", location.href), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(world),
  });
}
const begun = begin();

export const fetch: typeof globalThis.fetch = async (...request) => {
  await begun;
  return send(...request);
};
