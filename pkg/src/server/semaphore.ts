// Fair semaphore with a bounded queue: limits concurrent and waiting requests, and gives permits to the keys in turn.
// Each caller has a key. Not here: how a caller gets its key (proxy.ts).
import { Refusal } from "./endpoints.js";

/** The refusal of a request that finds no free slot, or loses its slot. One for all: an error with a stack costs time. */
export const busy = new Refusal(503, "the proxy is busy: too many requests wait", {
  "retry-after": "1",
});

/** Waiting requests for each permit. */
const waitingPerPermit = 8;

/** A request with a slot: it arrives, waits for a permit, and runs with one. */
interface Waiter {
  key: string;
  state: "arriving" | "waiting" | "running" | "gone";
  /** Ends the request for this reason. */
  evict: (reason: Refusal) => void;
  /** Gives the request its permit. */
  start: () => void;
}

/** The operations of a request on its slot. */
export interface Slot {
  /** Sets the caller's key, once it is known. */
  rename(key: string): void;
  /** Waits for a permit; rejects with the signal's reason if it is aborted first. */
  permit(signal: AbortSignal): Promise<void>;
  /** Releases slot and permit; more calls have no effect. */
  leave(): void;
}

/**
 * Permits go round the keys, one request of each key in turn. When all slots are taken, a new request takes the
 * slot of the key with the most waiting requests, unless that is its own key.
 */
export class Semaphore {
  #permits: number;
  #slots: number;
  #inside = 0;
  /** Arriving and waiting requests by key, oldest first. The order of the keys is the order of their turns. */
  #queues = new Map<string, Set<Waiter>>();

  constructor(permits: number) {
    this.#permits = permits;
    this.#slots = permits * (1 + waitingPerPermit);
  }

  /**
   * Takes a slot.
   *
   * @throws {@link busy} if there is none.
   */
  enter(key: string, evict: (reason: Refusal) => void): Slot {
    if (this.#inside >= this.#slots) this.#makeRoom(key);
    const waiter: Waiter = { key, state: "arriving", evict, start: () => {} };
    this.#inside += 1;
    this.#queue(waiter);
    return {
      rename: (name) => {
        if (waiter.key === name || waiter.state !== "arriving") return;
        this.#unqueue(waiter);
        waiter.key = name;
        this.#queue(waiter);
      },
      permit: (signal) => this.#permit(waiter, signal),
      leave: () => this.#leave(waiter),
    };
  }

  /** Whether a new request would find a slot. */
  hasSlot(key: string): boolean {
    return this.#inside < this.#slots || this.#victim(key) !== undefined;
  }

  /** The newest request of the key with the most waiting requests. */
  #victim(key: string): Waiter | undefined {
    let longest: Set<Waiter> | undefined;
    for (const queue of this.#queues.values()) {
      if (queue.size > (longest?.size ?? 0)) longest = queue;
    }
    const own = this.#queues.get(key)?.size ?? 0;
    return longest && longest.size > own + 1 ? [...longest].pop() : undefined;
  }

  #makeRoom(key: string): void {
    const victim = this.#victim(key);
    if (!victim) throw busy;
    this.#leave(victim);
    victim.evict(busy);
  }

  async #permit(waiter: Waiter, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    waiter.state = "waiting";
    this.#serve();
    if (waiter.state !== "waiting") return;
    await new Promise<void>((resolve, reject) => {
      waiter.start = resolve;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  /** Grants the free permits. */
  #serve(): void {
    for (const [key, queue] of this.#queues) {
      if (this.#permits === 0) return;
      const next = waitingIn(queue);
      if (!next) continue;
      this.#unqueue(next);
      // The key moves behind the other keys.
      if (queue.size > 0) {
        this.#queues.delete(key);
        this.#queues.set(key, queue);
      }
      this.#permits -= 1;
      next.state = "running";
      next.start();
    }
  }

  #leave(waiter: Waiter): void {
    const { state } = waiter;
    if (state === "gone") return;
    waiter.state = "gone";
    this.#inside -= 1;
    if (state !== "running") return this.#unqueue(waiter);
    this.#permits += 1;
    this.#serve();
  }

  #queue(waiter: Waiter): void {
    const queue = this.#queues.get(waiter.key) ?? new Set();
    this.#queues.set(waiter.key, queue.add(waiter));
  }

  #unqueue(waiter: Waiter): void {
    const queue = this.#queues.get(waiter.key);
    queue?.delete(waiter);
    if (queue?.size === 0) this.#queues.delete(waiter.key);
  }
}

/** The oldest request that waits for a permit. */
function waitingIn(queue: Set<Waiter>): Waiter | undefined {
  for (const waiter of queue) if (waiter.state === "waiting") return waiter;
  return undefined;
}
