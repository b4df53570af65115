// A composable that reads the details of randomly chosen calls, a few at a time, and can be paused. What was read stays in
// memory until the page is closed.
import type { CallFilter, CallTable } from "byrobot-calls/streaming";
import { computed, onScopeDispose, shallowReactive, shallowRef, watch, type Ref } from "vue";
import { readCall, type ReadCall } from "./questions";
import { backgroundClient } from "../client";

/** Calls that one click reads. */
export const PORTION = 100;
/** Requests at once. */
const LANES = 2;

const known = shallowReactive(new Map<number, ReadCall>());

/** Numbers from 0 to 1, the same for each visit: the sample is random, and can be repeated. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The ids of calls, in an order by chance. */
function shuffledIds(table: CallTable, filter: CallFilter): number[] {
  using calls = table.where(filter);
  const ids = calls.rows({ sortBy: "callInstanceId" }).map(({ callInstanceId }) => callInstanceId);
  const next = random(ids.length);
  for (let at = ids.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    [ids[at], ids[other]] = [ids[other]!, ids[at]!];
  }
  return ids;
}

/** `filter`: the calls of which a sample is read. */
export function useReading(table: Readonly<Ref<CallTable | null>>, filter: () => CallFilter) {
  const isReading = shallowRef(false);
  const failed = shallowRef(0);
  /** The calls of the sample in their order; the first ones are read. */
  const sample = shallowRef<readonly number[]>([]);
  let stopping = new AbortController();

  function pause(): void {
    stopping.abort();
    isReading.value = false;
  }

  async function read(): Promise<void> {
    if (!table.value || isReading.value) return;
    // Calls that have come since the last portion follow in an order of their own.
    const sampled = new Set(sample.value);
    const fresh = shuffledIds(table.value, filter()).filter((id) => !sampled.has(id));
    if (fresh.length > 0) sample.value = [...sample.value, ...fresh];
    stopping = new AbortController();
    const { signal } = stopping;
    const waiting = sample.value.filter((id) => !known.has(id)).slice(0, PORTION);
    failed.value = 0;
    isReading.value = true;
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let id = waiting.shift(); id !== undefined && !signal.aborted; id = waiting.shift()) {
          try {
            const detail = await backgroundClient.phoneLogInfo({ callInstanceId: id }, { signal });
            known.set(id, readCall(detail));
          } catch {
            // One call that cannot be read does not end the reading; it stays in the sample for the next time.
            if (!signal.aborted) failed.value += 1;
          }
        }
      }),
    );
    if (!signal.aborted) isReading.value = false;
  }

  watch(
    () => JSON.stringify(filter()),
    () => {
      pause();
      failed.value = 0;
      sample.value = [];
    },
  );
  onScopeDispose(pause);

  return {
    isReading,
    /** Calls of the last portion that could not be read. */
    failed,
    /** What was read of the sample. */
    calls: computed(() => {
      void known.size;
      return sample.value.flatMap((id) => known.get(id) ?? []);
    }),
    read,
    pause,
  };
}
