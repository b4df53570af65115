// A composable that sends a request and keeps the state of its answer.
import { onScopeDispose, shallowReactive, watch } from "vue";

/** The state of a request to the server. */
export interface Answer<T> {
  readonly state: "loading" | "ready" | "failed";
  /** The last successful answer. It stays while the next one loads; a failure sets it to null. */
  readonly data: T | null;
  readonly error: unknown;
  reload(): void;
}

/**
 * Sends a request whenever `question` changes. The change, and the end of the component, abort the previous
 * request, so a late answer never replaces a newer one.
 */
export function useRequest<Q, T>(
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

  // Questions are compared by content: a new object with equal content sends no request.
  watch(() => JSON.stringify(question()), load, { immediate: true });
  onScopeDispose(() => asking.abort());
  return answer;
}
