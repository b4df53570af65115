// A composable for text fields: it commits the typed value after a pause.
import { onScopeDispose, ref, watch, type Ref } from "vue";

const pauseMs = 400;

/** `draft` is the value being typed. It is committed after a pause of 400 ms, or at once by `flush`. */
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
  // A value from another source (back button, "clear") replaces the draft. The value that this field
  // committed does not, because the person may have typed more since.
  watch(committed, (value) => {
    if (value === handedOn) return;
    handedOn = value;
    draft.value = value;
  });
  onScopeDispose(() => clearTimeout(timer));
  return { draft, flush };
}
