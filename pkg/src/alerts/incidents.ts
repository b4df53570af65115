// Incidents: what becomes of alerts over time. Plain data, changed by pure functions. Not here: the evaluation (evaluate.ts).
import { instant } from "./evaluate.js";
import { dayOf, minute } from "./times.js";
import type { Alert, AlertReport, AlertRule } from "./types.js";
import { itemsOf, reading } from "../wasm/errors.js";

/** An alert over time. Plain data, for `JSON.stringify` and a structured clone. */
export interface Incident {
  /** The id of the alert. Of all incidents with this id at most one is not closed. */
  readonly id: string;
  /** The newest alert. */
  readonly alert: Alert;
  /** `pending`: seen, not yet for long enough; `open`; `closed`: history. */
  readonly state: "pending" | "open" | "closed";
  /** The first evaluation with the alert, epoch milliseconds. */
  readonly seenAt: number;
  /** When it opened; `null`: it is pending. */
  readonly openedAt: number | null;
  /** The first of the evaluations in a row without the alert; `null`: the last one had it. */
  readonly cleanAt: number | null;
  /** When it closed; `null`: it has not. */
  readonly closedAt: number | null;
  /** When somebody acknowledged it; `null`: nobody has, or it has become worse since. */
  readonly acknowledgedAt: number | null;
  /** Until when it is not shown; `null`: it is shown. */
  readonly snoozedUntil: number | null;
}

/** States of something that holds at once; the others are shares, which vary. */
const atOnce: readonly AlertRule[] = ["taskStatus", "dataAge"];
/** Rules whose two evaluations are of different days. */
const byDay: readonly AlertRule[] = ["firstRound", "invalidNumbers"];

/** Closed incidents that are kept. */
const kept = 200;

/**
 * The incidents after an evaluation; the given ones are not changed. An incident is pending at first and opens at an
 * evaluation 15 minutes after that, for `firstRound` and `invalidNumbers` on a later day in Shanghai; `taskStatus` and `dataAge`
 * open at once. It closes after two evaluations without the alert, as far apart. A rule that was unavailable, or could not
 * decide, changes nothing. The newest 200 closed incidents are kept.
 *
 * ```ts
 * let incidents: readonly Incident[] = [];
 * const timer = setInterval(() => {
 *   const now = Date.now();
 *   const report = evaluateAlerts(table, { now, tasks: [], syncedAt: now });
 *   incidents = updateIncidents(incidents, report, now);
 * }, 60_000);
 * ```
 * @throws {ByrobotError} `invalid_argument` if `now` is not a time, and for what is no list of incidents or no report.
 */
export function updateIncidents(
  incidents: readonly Incident[],
  report: AlertReport,
  now: Date | number,
): readonly Incident[] {
  const at = instant(now, "now");
  const known = itemsOf(incidents, "incidents", "an array of incidents");
  return reading("report", "a report of evaluateAlerts, and incidents of it", () => {
    const { alerts, unavailable, undecided } = report;
    const copy = {
      alerts: itemsOf(alerts, "report.alerts", "an array of alerts"),
      unavailable: itemsOf(unavailable, "report.unavailable", "an array"),
      undecided: itemsOf(undecided, "report.undecided", "an array"),
    };
    return updated(known, copy, at);
  });
}

function updated(
  incidents: readonly Incident[],
  report: AlertReport,
  at: number,
): readonly Incident[] {
  const alerts = new Map(report.alerts.map((alert) => [alert.id, alert]));
  const unknown = new Set<string>([
    ...report.unavailable.map(({ rule }) => rule),
    ...report.undecided,
  ]);
  const next = incidents.flatMap((incident) => {
    const alert = alerts.get(incident.id);
    if (incident.state === "closed") return incident;
    if (alert !== undefined) {
      alerts.delete(incident.id);
      return seen(incident, alert, at);
    }
    if (unknown.has(incident.id) || unknown.has(incident.alert.rule)) return incident;
    return missed(incident, at) ?? [];
  });
  const snoozed = incidents.filter(({ snoozedUntil }) => (snoozedUntil ?? at) > at);
  for (const alert of alerts.values()) {
    if (!snoozed.some(({ id }) => id === alert.id)) next.push(found(alert, at));
  }
  const isOld = next.filter(({ state }) => state === "closed").slice(0, -kept);
  return isOld.length > 0 ? next.filter((incident) => !isOld.includes(incident)) : next;
}

function found(alert: Alert, at: number): Incident {
  const isOpen = atOnce.includes(alert.rule);
  return {
    id: alert.id,
    alert,
    state: isOpen ? "open" : "pending",
    seenAt: at,
    openedAt: isOpen ? at : null,
    cleanAt: null,
    closedAt: null,
    acknowledgedAt: null,
    snoozedUntil: null,
  };
}

/** Whether two evaluations count as two. Timers are not exact: half a minute does not matter. */
const areApart = (rule: AlertRule, first: number, second: number): boolean =>
  byDay.includes(rule) ? dayOf(first) < dayOf(second) : second - first >= 14.5 * minute;

function seen(incident: Incident, alert: Alert, at: number): Incident {
  const isDue = incident.state === "pending" && areApart(alert.rule, incident.seenAt, at);
  const isWorse = alert.level === "critical" && incident.alert.level !== "critical";
  return {
    ...incident,
    alert,
    cleanAt: null,
    ...(isDue && { state: "open", openedAt: at }),
    ...(isWorse && { acknowledgedAt: null }),
  };
}

/** After an evaluation without the alert; `null`: it was never open. */
function missed(incident: Incident, at: number): Incident | null {
  if (incident.state === "pending") return null;
  const { cleanAt, alert } = incident;
  if (cleanAt === null) return { ...incident, cleanAt: at };
  const isOver = atOnce.includes(alert.rule) || areApart(alert.rule, cleanAt, at);
  return isOver ? { ...incident, state: "closed", closedAt: at } : incident;
}

/**
 * The incidents, of which the one with this id is acknowledged. It counts as new again if it becomes critical.
 *
 * @throws {ByrobotError} `invalid_argument` if `now` is not a time.
 */
export function acknowledge(
  incidents: readonly Incident[],
  id: string,
  now: Date | number,
): readonly Incident[] {
  return changed(incidents, id, { acknowledgedAt: instant(now, "now") });
}

/**
 * The incidents, of which the one with this id is snoozed. Until then it is not shown, and opens no second time if it
 * closes; `null` ends this.
 *
 * @throws {ByrobotError} `invalid_argument` if `until` is not a time.
 */
export function snooze(
  incidents: readonly Incident[],
  id: string,
  until: Date | number | null,
): readonly Incident[] {
  return changed(incidents, id, { snoozedUntil: until === null ? null : instant(until, "until") });
}

/** Changes the incident that is not closed, or else the last closed one. */
function changed(
  incidents: readonly Incident[],
  id: string,
  values: Partial<Incident>,
): readonly Incident[] {
  return reading("incidents", "an array of incidents", () => {
    const known = itemsOf(incidents, "incidents", "an array of incidents");
    const all = known.filter((incident) => incident.id === id);
    const chosen = all.find(({ state }) => state !== "closed") ?? all[all.length - 1];
    return known.map((incident) => (incident === chosen ? { ...incident, ...values } : incident));
  });
}
