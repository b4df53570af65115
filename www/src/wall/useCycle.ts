// Turns the pages of lists that are longer than their place: `?cycle=30` in the URL, off without it.
import { useIntervalFn } from "@vueuse/core";
import { computed, ref, watch } from "vue";
import { useRoute } from "vue-router";

/** Seconds. */
const [LEAST, MOST] = [5, 600];

export function useCycle() {
  const route = useRoute();
  const seconds = computed(() => {
    const text = route.query["cycle"];
    const value = typeof text === "string" && /^\d{1,4}$/.test(text) ? Number(text) : 0;
    return value === 0 ? null : Math.min(MOST, Math.max(LEAST, value));
  });
  const turn = ref(0);
  const isPaused = ref(false);
  const { pause, resume } = useIntervalFn(
    () => (turn.value += 1),
    () => (seconds.value ?? MOST) * 1000,
    { immediate: false },
  );
  watch([seconds, isPaused], () => (seconds.value && !isPaused.value ? resume() : pause()), {
    immediate: true,
  });
  return {
    seconds,
    isPaused,
    /** The part of a list that is shown: the first one without a cycle. */
    page<T>(list: readonly T[], size: number) {
      const pages = Math.max(1, Math.ceil(list.length / size));
      const at = turn.value % pages;
      return { shown: list.slice(at * size, (at + 1) * size), at, pages };
    },
  };
}
