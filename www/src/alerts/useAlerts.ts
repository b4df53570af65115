// The alerts of the company while the page is open: the rules are evaluated after each synchronisation, and what people did
// about an incident is kept in this browser. Not here: the rules (byrobot-calls/alerts).
import {
  acknowledge,
  evaluateAlerts,
  snooze,
  updateIncidents,
  type AlertReport,
  type Incident,
} from "byrobot-calls/alerts";
import { JobStatus, type Task } from "byrobot-calls/streaming";
import {
  computed,
  inject,
  provide,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type ShallowRef,
} from "vue";
import { thresholds } from "./thresholds";
import { backgroundClient } from "../client";
import type { CompanyCalls } from "../company/calls";
import { dayOf } from "../format/shanghai";
import { now } from "../settings/clock";
import { companyId } from "../settings/company";
import { remembered } from "../settings/remembered";
import { breath } from "../tasks/rows";

export interface Alerts {
  /** Open and not snoozed, the worst first; an acknowledged one stands behind the others of its level. */
  readonly open: ComputedRef<readonly Incident[]>;
  /** Closed ones, the newest first. */
  readonly history: ComputedRef<readonly Incident[]>;
  /** How many open ones are snoozed. */
  readonly snoozed: ComputedRef<number>;
  /** The newest evaluation; null before the first. */
  readonly report: ShallowRef<AlertReport | null>;
  acknowledge(id: string): void;
  snooze(id: string, until: number): void;
}

const key: InjectionKey<Alerts> = Symbol("alerts");
const levels = ["critical", "warning", "info"] as const;
const QUARTER = 900_000;

/** The incidents of each company. */
type Kept = Readonly<Record<number, readonly Incident[]>>;
const isKept = (value: unknown): value is Kept =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every(
    (list) => Array.isArray(list) && list.every((one) => one?.id && one.alert?.rule),
  );
const kept = remembered("alerts", isKept);

/** The tasks as the rules need them: those that run have their counters. */
const counted = (tasks: readonly Task[]): Promise<Task[]> =>
  Promise.all(
    tasks.map((task) =>
      task.status === JobStatus.Running
        ? backgroundClient.taskCounts(companyId.value, task).catch(() => task)
        : task,
    ),
  );

/** Evaluates the rules for the component and the components in it. */
export function provideAlerts(company: CompanyCalls): Alerts {
  const incidents = computed(() => kept.value?.[companyId.value] ?? []);
  const report = shallowRef<AlertReport | null>(null);
  const keep = (next: readonly Incident[]) =>
    (kept.value = { ...kept.value, [companyId.value]: next });

  let evaluatedAt = 0;
  let isEvaluating = false;
  async function evaluate(): Promise<void> {
    const { table, tasks, isComplete, syncedAt } = company;
    if (isEvaluating || !table.value || !tasks.value || !isComplete.value) return;
    isEvaluating = true;
    try {
      const [calls, id] = [table.value, companyId.value];
      const isOver = () => table.value !== calls || companyId.value !== id;
      const running = await counted(tasks.value);
      const times = [now.value];
      // What happened while no page was open; what tasks were then is not known.
      if (now.value - evaluatedAt > QUARTER) {
        times.unshift(dayOf(now.value) - 1, now.value - QUARTER);
      }
      let next = incidents.value;
      for (const at of times) {
        // An evaluation takes some tens of milliseconds: each has a task of its own.
        await breath();
        if (isOver()) return;
        const isNow = at === now.value;
        const found = evaluateAlerts(calls, {
          now: at,
          tasks: isNow ? running : [],
          syncedAt: isNow ? syncedAt.value : at,
          thresholds: thresholds.value ?? {},
        });
        next = updateIncidents(next, found, at);
        if (isNow) report.value = found;
      }
      evaluatedAt = now.value;
      keep(next);
    } finally {
      isEvaluating = false;
    }
  }
  watch(companyId, () => {
    report.value = null;
    evaluatedAt = 0;
  });
  watch([company.syncedAt, company.isComplete, company.tasks, thresholds], evaluate);

  const isOpen = ({ state }: Incident) => state === "open";
  const isSnoozed = ({ snoozedUntil }: Incident) => (snoozedUntil ?? 0) > now.value;
  const alerts: Alerts = {
    open: computed(() =>
      incidents.value
        .filter((incident) => isOpen(incident) && !isSnoozed(incident))
        .sort(
          (one, other) =>
            levels.indexOf(one.alert.level) - levels.indexOf(other.alert.level) ||
            Number(one.acknowledgedAt !== null) - Number(other.acknowledgedAt !== null),
        ),
    ),
    history: computed(() =>
      incidents.value
        .filter(({ state }) => state === "closed")
        .sort((one, other) => (other.closedAt ?? 0) - (one.closedAt ?? 0)),
    ),
    snoozed: computed(() => incidents.value.filter((one) => isOpen(one) && isSnoozed(one)).length),
    report,
    acknowledge: (id) => keep(acknowledge(incidents.value, id, now.value)),
    snooze: (id, until) => keep(snooze(incidents.value, id, until)),
  };
  provide(key, alerts);
  return alerts;
}

export function useAlerts(): Alerts {
  const alerts = inject(key);
  if (!alerts) throw new Error("useAlerts is for components inside of App");
  return alerts;
}
