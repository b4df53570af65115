// The end of a request: the page disconnects, the time is up, or another request takes its slot. One signal reports it.
import { Refusal } from "./endpoints.js";

/** A wait of a request, and the refusal if it takes too long. */
const late = {
  body: [408, "the request has not come to its end in time"],
  authorize: [504, "authorize has not answered in time"],
  permit: [503, "the proxy is busy: the request has waited too long"],
  vendor: [504, "the vendor has not answered in time"],
} as const;

/** The time limit of a request, and the reason if it ends early. */
export class Deadline {
  #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout>;
  #ignorePage: (() => void) | undefined;
  /** The present wait of the request. */
  stage: keyof typeof late = "body";

  /** @param whenGone Calls a listener when the page disconnects, and returns the function that removes it. */
  constructor(whenGone: ((listener: () => void) => () => void) | undefined, timeout: number) {
    const leave = () => this.end(new Refusal(499, "the request was cancelled"));
    this.#ignorePage = whenGone?.(leave);
    this.#timer = setTimeout(() => {
      const [status, message] = late[this.stage];
      this.end(new Refusal(status, message));
    }, timeout);
  }

  /** Aborted when the request must end; its reason is the refusal for the page. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the request. */
  end = (reason: Refusal): void => this.#controller.abort(reason);

  /** Stops the time limit. A page that disconnects still ends the request. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Stops the time limit, and no longer listens for the page to disconnect. */
  close(): void {
    this.stop();
    this.#ignorePage?.();
  }
}

/** The result of a promise, unless the signal is aborted first. */
export async function settledBefore<T>(signal: AbortSignal, value: T | Promise<T>): Promise<T> {
  if (typeof (value as { then?: unknown } | undefined)?.then !== "function") {
    signal.throwIfAborted();
    return value;
  }
  const settled = Promise.resolve(value);
  // A rejection after the abort has no other handler.
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
