// The end of a request: the page goes, time is up, or another request takes its place. One signal says so.
import { Refusal } from "./endpoints.js";

/** What a request waits for, and what it is told when that takes too long. */
const late = {
  body: [408, "the request has not come to its end in time"],
  authorize: [504, "authorize has not answered in time"],
  permit: [503, "the proxy is busy: the request has waited too long"],
  vendor: [504, "the vendor has not answered in time"],
} as const;

/** How long a request may take, and why it ends early. */
export class Deadline {
  #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  #page: AbortSignal | undefined;
  #leave = () => this.end(new Refusal(499, "the request was cancelled"));
  /** What the request waits for now. */
  stage: keyof typeof late = "body";

  constructor(page: AbortSignal | undefined, timeout: number) {
    // Some Workers have no signal for a page that goes.
    this.#page = page;
    page?.addEventListener("abort", this.#leave);
    if (page?.aborted) this.#leave();
    this.#timer = setTimeout(() => {
      const [status, message] = late[this.stage];
      this.end(new Refusal(status, message));
    }, timeout);
  }

  /** Aborted when the request has to end; its reason is what the page is told. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the request. */
  end = (reason: Refusal): void => this.#controller.abort(reason);

  /** The time no longer counts; a page that goes still does. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.stop();
    this.#page?.removeEventListener("abort", this.#leave);
  }
}

/** What a promise comes to, unless the signal is aborted before. */
export async function settledBefore<T>(signal: AbortSignal, value: T | Promise<T>): Promise<T> {
  const settled = Promise.resolve(value);
  // Where nobody waits for it any more, its failure is nobody's.
  settled.catch(() => {});
  signal.throwIfAborted();
  let leave: () => void;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([settled, aborted]);
  } finally {
    signal.removeEventListener("abort", leave!);
  }
}
