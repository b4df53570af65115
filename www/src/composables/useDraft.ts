import { onScopeDispose, ref, watch, type Ref } from "vue";

const pauseMs = 400;

/** What a person is typing, handed on after a pause or at once with `flush`. */
export function useDraft<T>(
  committed: () => T,
  commit: (value: T) => void,
): { draft: Ref<T>; flush: () => void } {
  const draft = ref(committed()) as Ref<T>;
  let handedOn = draft.value;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    if (draft.value === committed()) return;
    handedOn = draft.value;
    commit(draft.value);
  }

  watch(draft, () => {
    clearTimeout(timer);
    timer = setTimeout(flush, pauseMs);
  });
  // A value that comes from elsewhere (back button, "clear") wins; our own coming back does not,
  // for the person may have typed on.
  watch(committed, (value) => {
    if (value === handedOn) return;
    handedOn = value;
    draft.value = value;
  });
  onScopeDispose(() => clearTimeout(timer));
  return { draft, flush };
}
