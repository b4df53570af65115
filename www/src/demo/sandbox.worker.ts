// The sandbox of the demo, in a worker: a world of a million calls must not hold up the page.
import { createSandbox } from "byrobot-calls/sandbox";

/** A request as it crosses to the worker. */
export interface Asked {
  id: number;
  url: string;
  method: string;
  headers: [string, string][];
  body: string | null;
}

/** Its answer; null: the connection was lost. */
export interface Answered {
  id: number;
  answer: { status: number; headers: [string, string][]; body: ArrayBuffer } | null;
}

const sandbox = createSandbox({
  scenario: "campaign",
  seed: 7,
  now: new Date(),
  live: true,
  control: true,
});

onmessage = async ({ data }: MessageEvent<Asked>) => {
  const { id, url, method, headers, body } = data;
  const response = await (await sandbox).handle(new Request(url, { method, headers, body }));
  const lost = response.type === "error";
  const answer = lost
    ? null
    : {
        status: response.status,
        headers: [...response.headers],
        body: await response.arrayBuffer(),
      };
  const message: Answered = { id, answer };
  postMessage(message, { transfer: answer ? [answer.body] : [] });
};
