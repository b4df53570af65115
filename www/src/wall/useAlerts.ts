// The open incidents, found in the calls themselves: the rules are evaluated as of a day ago, a quarter of an hour ago and
// now, so that a screen that was just turned on shows what has been true for an hour.
import { evaluateAlerts, updateIncidents, type Incident } from "byrobot-calls/alerts";
import { computed } from "vue";
import { useCompanyCalls } from "../company/calls";
import { DAY } from "../format/shanghai";
import { now } from "../settings/clock";

const levels = ["critical", "warning", "info"] as const;
const AGES = [DAY, 900_000, 0] as const;

export function useAlerts() {
  const company = useCompanyCalls();
  // Asked when the clock moves, not at each call that arrives.
  const found = computed(() => {
    const { table, tasks, syncedAt, isComplete } = company;
    if (!table.value || !tasks.value || !isComplete.value) return null;
    let incidents: readonly Incident[] = [];
    let report;
    for (const age of AGES) {
      const at = now.value - age;
      report = evaluateAlerts(table.value, {
        now: at,
        tasks: tasks.value,
        syncedAt: age === 0 ? syncedAt.value : at,
      });
      incidents = updateIncidents(incidents, report, at);
    }
    return { incidents, report };
  });
  return {
    /** The worst first. */
    open: computed((): readonly Incident[] =>
      (found.value?.incidents ?? [])
        .filter(({ state }) => state === "open")
        .sort((one, other) => levels.indexOf(one.alert.level) - levels.indexOf(other.alert.level)),
    ),
    /** The rules that cannot be computed. */
    unavailable: computed(() => found.value?.report?.unavailable ?? []),
  };
}
