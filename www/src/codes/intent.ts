// Intent levels of a task, and the intent level of a call.
import type { NamedValue, TaskDetail } from "byrobot-calls";
import { intentResult, usualLevels } from "../generated/codes";

/** The intent levels that a task defines, else the usual ones. A filter must send the vendor's exact text. */
export function intentLevels(task: TaskDetail | null): readonly string[] {
  const defined = task?.resultDefs.find(({ name }) => name === intentResult)?.values ?? [];
  return defined.length > 0 ? defined : usualLevels;
}

export function intentOf(results: readonly NamedValue[]): string | null {
  return results.find(({ name }) => name === intentResult)?.value ?? null;
}
