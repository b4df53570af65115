// How many requests go to the vendor at once, and how many may wait for that.
import { Refusal } from "./endpoints.js";

/** Waiting requests for each that may be on its way. */
const waitingPerPlace = 8;

export class Limit {
  #free: number;
  #most: number;
  #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
    this.#most = places * waitingPerPlace;
  }

  /**
   * Takes a place when one is free, in the order of coming. What it gives hands the place on.
   *
   * @throws Refusal where too many wait already; the signal's reason when it is aborted meanwhile.
   */
  async place(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
    } else {
      if (this.#waiting.length >= this.#most) {
        throw new Refusal(503, "the proxy is busy: too many requests wait", { "retry-after": "1" });
      }
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          this.#waiting.splice(this.#waiting.indexOf(taken), 1);
          reject(signal.reason);
        };
        const taken = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        signal.addEventListener("abort", leave, { once: true });
        this.#waiting.push(taken);
      });
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }
}
