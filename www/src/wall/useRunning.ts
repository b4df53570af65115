// The running tasks with their progress and the time at which they will be done, the latest first.
import { JobStatus, type Task } from "byrobot-calls/streaming";
import { computed, onScopeDispose, shallowRef, watch } from "vue";
import { backgroundClient } from "../client";
import { useCompanyCalls } from "../company/calls";
import { useCalmAnswer } from "../company/useCalmAnswer";
import { share } from "../format/counters";
import { now } from "../settings/clock";
import { companyId } from "../settings/company";
import { eta } from "../tasks/eta";
import { pace } from "../tasks/rows";

export interface RunningTask {
  readonly id: number;
  readonly name: string;
  /** 0 to 1; null without counters. */
  readonly share: number | null;
  /** Epoch milliseconds; null: its pace does not say. */
  readonly eta: number | null;
}

export function useRunning() {
  const company = useCompanyCalls();
  const running = computed(
    () => company.tasks.value?.filter(({ status }) => status === JobStatus.Running) ?? null,
  );
  const counters = shallowRef<ReadonlyMap<number, Task>>(new Map());
  let asking = new AbortController();
  // A newer list brings new task objects: their counters may have changed.
  watch(
    running,
    (tasks) => {
      asking.abort();
      const { signal } = (asking = new AbortController());
      for (const task of tasks ?? []) {
        backgroundClient.taskCounts(companyId.value, task, { signal }).then(
          (counted) => {
            if (!signal.aborted) {
              counters.value = new Map(counters.value).set(task.callJobId, counted);
            }
          },
          () => {}, // the row shows a dash
        );
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => asking.abort());

  const paces = useCalmAnswer(
    (calls) =>
      new Map(running.value?.map(({ callJobId: id }) => [id, pace(calls, id, now.value)] as const)),
  );
  return computed((): RunningTask[] | null => {
    const tasks = running.value?.map((task) => {
      const counts = counters.value.get(task.callJobId) ?? null;
      return {
        id: task.callJobId,
        name: task.jobName,
        share: share(counts?.doneCount ?? null, counts?.totalCount ?? null),
        eta: eta(task, counts, paces.value?.get(task.callJobId) ?? 0, now.value),
      };
    });
    return tasks?.sort((one, other) => (other.eta ?? 0) - (one.eta ?? 0)) ?? null;
  });
}
