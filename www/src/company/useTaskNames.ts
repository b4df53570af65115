// The names of the company's tasks, by their ids.
import { computed } from "vue";
import { useCompanyCalls } from "./calls";

export function useTaskNames() {
  const { tasks } = useCompanyCalls();
  return computed(
    () => new Map(tasks.value?.map(({ callJobId, jobName }) => [callJobId, jobName])),
  );
}
