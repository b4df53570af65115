// Fair semaphore: how many requests are under way at once, how many may wait, and whose turn is next.
// Each caller has a key. Not here: who has which key (proxy.ts).
import { Refusal } from "./endpoints.js";

/** The refusal of a request that finds no slot, or loses it. */
export class Busy extends Refusal {
  constructor() {
    super(503, "the proxy is busy: too many requests wait", { "retry-after": "1" });
  }
}

/** Waiting requests for each that may be under way. */
const waitingPerPermit = 8;

/** A request inside: it arrives, waits for a permit, and is under way with one. */
interface Waiter {
  key: string;
  state: "arriving" | "waiting" | "running" | "gone";
  /** Ends the request with this reason. */
  evict: (reason: Refusal) => void;
  /** Gives it the permit that it waits for. */
  start: () => void;
}

/** What a request does with its slot. */
export interface Slot {
  /** Says whose request it is, once that is known. */
  rename(key: string): void;
  /** Waits for a permit; rejects with the signal's reason when it is aborted before. */
  permit(signal: AbortSignal): Promise<void>;
  /** Gives slot and permit back; may be called again. */
  leave(): void;
}

/**
 * Permits go round the keys, one request of each in turn. When all slots are taken, a newcomer takes the
 * slot of the key with the most waiting requests, unless that is its own.
 */
export class Semaphore {
  #permits: number;
  #slots: number;
  #inside = 0;
  /** Requests that arrive or wait, by key, oldest first. The keys stand in the order of their turns. */
  #queues = new Map<string, Set<Waiter>>();

  constructor(permits: number) {
    this.#permits = permits;
    this.#slots = permits * (1 + waitingPerPermit);
  }

  /**
   * Takes a slot.
   *
   * @throws Busy where there is none.
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

  /** Whether a newcomer would find a slot. */
  hasSlot(key: string): boolean {
    return this.#inside < this.#slots || this.#victim(key) !== undefined;
  }

  /** The newest request of the key that has the most waiting. */
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
    if (!victim) throw new Busy();
    this.#leave(victim);
    victim.evict(new Busy());
  }

  async #permit(waiter: Waiter, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const given = new Promise<void>((resolve, reject) => {
      waiter.start = resolve;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    waiter.state = "waiting";
    this.#serve();
    await given;
  }

  /** Gives the free permits away. */
  #serve(): void {
    for (const [key, queue] of this.#queues) {
      if (this.#permits === 0) return;
      const next = waitingIn(queue);
      if (!next) continue;
      this.#unqueue(next);
      // The others of its key come after those of other keys.
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

/** The oldest that waits for a permit. */
function waitingIn(queue: Set<Waiter>): Waiter | undefined {
  for (const waiter of queue) if (waiter.state === "waiting") return waiter;
  return undefined;
}
