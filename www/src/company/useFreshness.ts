// How fresh the calls are. Not here: how it is shown (components/Freshness.vue, wall/WallFooter.vue).
import { computed } from "vue";
import { useCompanyCalls } from "./calls";
import { now } from "../settings/clock";

/** A synchronisation follows every 30 seconds. */
const LAGGING = 60_000;
const STALE = 90_000;

export function useFreshness() {
  const company = useCompanyCalls();
  const age = computed(() =>
    company.syncedAt.value === null ? null : now.value - company.syncedAt.value,
  );
  /** The calls are being read for the first time. */
  const isFirst = computed(() => !company.isComplete.value && company.progress.value !== null);
  return {
    isFirst,
    /** When the data was synchronised; null: not yet. */
    syncedAt: company.syncedAt,
    /** The share that has been read, 0 to 1; null if it is not known. */
    share: computed(() => {
      const { total, done } = company.progress.value ?? {};
      return total ? (done ?? 0) / total : null;
    }),
    state: computed(() => {
      if (company.error.value !== null && company.syncedAt.value === null) return "failed";
      if (isFirst.value) return "syncing";
      if (company.state.value === "paused") return "paused";
      if (age.value === null) return "syncing";
      return age.value > STALE ? "stale" : age.value > LAGGING ? "lagging" : "live";
    }),
  };
}
