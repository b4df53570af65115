// A composable for questions that read the whole table: they are asked at most twice a second while calls arrive.
import type { CallTable } from "byrobot-calls/streaming";
import { useAnswer } from "byrobot-calls/vue";
import { refThrottled } from "@vueuse/core";
import { computed, type ComputedRef } from "vue";
import { useCompanyCalls } from "./calls";

const PAUSE = 500;

/** The revision of the company's table, as it was up to half a second ago; null without a table. */
export function useCalmRevision() {
  const { table } = useCompanyCalls();
  return refThrottled(
    useAnswer(table, (calls) => calls.revision),
    PAUSE,
  );
}

/** As `useAnswer` for the company's table. `ask` frees the views that it makes, by `using`. */
export function useCalmAnswer<T>(ask: (calls: CallTable) => T): ComputedRef<T | null> {
  const { table } = useCompanyCalls();
  const revision = useCalmRevision();
  return computed(() => {
    void revision.value;
    return table.value && ask(table.value);
  });
}
