import { onScopeDispose, shallowReactive, watch } from "vue";

/** Where a question to the server stands. */
export interface Answer<T> {
  readonly state: "loading" | "ready" | "failed";
  /** The last good answer. It stays while the next is on its way, and goes when that fails. */
  readonly data: T | null;
  readonly error: unknown;
  reload(): void;
}

/**
 * Asks whenever the question changes. An older question is aborted then, and when the component goes,
 * so an answer that arrives late never replaces a newer one.
 */
export function useAnswer<Q, T>(
  question: () => Q,
  ask: (question: Q, signal: AbortSignal) => Promise<T>,
): Answer<T> {
  const answer = shallowReactive({
    state: "loading" as Answer<T>["state"],
    data: null as T | null,
    error: null as unknown,
    reload: () => void load(),
  });
  let asking = new AbortController();

  async function load(): Promise<void> {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    answer.state = "loading";
    try {
      const data = await ask(question(), signal);
      if (signal.aborted) return;
      Object.assign(answer, { state: "ready", data, error: null });
    } catch (error) {
      if (signal.aborted) return;
      Object.assign(answer, { state: "failed", data: null, error });
    }
  }

  // Compared by content: an equal question built anew is not asked again.
  watch(() => JSON.stringify(question()), load, { immediate: true });
  onScopeDispose(() => asking.abort());
  return answer;
}
