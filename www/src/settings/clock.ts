// The time, for what depends on it on the page.
import { useIntervalFn, useNow } from "@vueuse/core";
import { computed, effectScope } from "vue";

const scope = effectScope(true);

/** The present instant, epoch milliseconds, to the quarter minute. */
export const now = scope.run(() => {
  const date = useNow({ scheduler: (read) => useIntervalFn(read, 15_000) });
  return computed(() => date.value.getTime());
})!;
