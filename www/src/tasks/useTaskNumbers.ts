// The numbers of tasks in a period, kept up to date while calls arrive.
import type { Task } from "byrobot-calls/streaming";
import { shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { taskNumbers, type TaskNumbers } from "./rows";
import { useCompanyCalls } from "../company/calls";
import { useCalmRevision } from "../company/useCalmAnswer";
import type { Span } from "../query/period";
import { now } from "../settings/clock";

/** Null before the first answer. */
export function useTaskNumbers(
  tasks: Readonly<Ref<readonly Task[] | null>>,
  span: Readonly<Ref<Span>>,
): Readonly<ShallowRef<TaskNumbers | null>> {
  const company = useCompanyCalls();
  const revision = useCalmRevision();
  const numbers = shallowRef<TaskNumbers | null>(null);
  let isAsking = false;
  let isStale = false;
  /** Takes the numbers; a change meanwhile takes them once more afterwards, so that they also come while calls arrive. */
  async function take(): Promise<void> {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    try {
      while (isStale) {
        isStale = false;
        const table = company.table.value;
        const [asked, within] = [tasks.value, span.value];
        if (table === null || asked === null) break;
        const isOver = () =>
          company.table.value !== table || tasks.value !== asked || span.value !== within;
        const found = await taskNumbers(table, asked, within, now.value, isOver);
        if (found) numbers.value = found;
      }
    } finally {
      isAsking = false;
    }
  }
  watch([revision, tasks, span, now], take, { immediate: true });
  return numbers;
}
