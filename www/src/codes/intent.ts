import type { NamedValue, TaskDetail } from "byrobot-calls";

/** The result that holds how interested a customer is. A name of the vendor's, not ours to translate. */
export const intentName = "客户意向等级";

/** The vendor's words for the levels where a task does not list its own. Filters match the exact text. */
const usualLevels = [
  "A级(较强)",
  "B级(一般)",
  "C级(很少)",
  "D级(需筛选)",
  "E级(需要再次跟进)",
  "F级(无需跟进)",
];

export function intentLevels(task: TaskDetail | null): string[] {
  const defined = task?.resultDefs.find(({ name }) => name === intentName)?.values ?? [];
  return defined.length > 0 ? defined : usualLevels;
}

export function intentOf(results: readonly NamedValue[]): string | null {
  return results.find(({ name }) => name === intentName)?.value ?? null;
}
