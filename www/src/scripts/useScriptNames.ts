// A composable for the names of scripts. The list of tasks has only their ids, so one task of each script is asked.
import type { Task } from "byrobot-calls/streaming";
import { onScopeDispose, shallowReactive, watch, type Ref } from "vue";
import { useI18n } from "vue-i18n";
import { backgroundClient } from "../client";
import { companyId } from "../settings/company";

const names = shallowReactive(new Map<number, string>());
const asked = new Set<number>();

/** The name of a script; its id until the name is known. */
export function useScriptNames(
  tasks: Readonly<Ref<readonly Task[] | null>>,
): (sceneDefId: number) => string {
  const { t } = useI18n();
  const stopping = new AbortController();
  onScopeDispose(() => stopping.abort());

  async function ask(sceneDefId: number, taskId: number): Promise<void> {
    asked.add(sceneDefId);
    try {
      const { sceneDefName } = await backgroundClient.getTaskDetail(
        { companyId: companyId.value, taskId },
        { signal: stopping.signal },
      );
      if (sceneDefName) names.set(sceneDefId, sceneDefName);
    } catch {
      // The id stands for the name; the next visit asks again.
      asked.delete(sceneDefId);
    }
  }
  watch(
    tasks,
    (list) => {
      for (const { sceneDefId, sceneDefName, callJobId } of list ?? []) {
        if (sceneDefId === null) continue;
        if (sceneDefName) names.set(sceneDefId, sceneDefName);
        else if (!asked.has(sceneDefId)) void ask(sceneDefId, callJobId);
      }
    },
    { immediate: true },
  );
  return (sceneDefId) => names.get(sceneDefId) ?? t("scripts.unnamed", { id: sceneDefId });
}
