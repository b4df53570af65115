// One evaluation: what every rule uses. Not here: the rules.
import type { Alert, AlertLevel, AlertObstacle, AlertRule, AlertSubject } from "./types.js";
import type { AlertThresholds } from "./thresholds.js";
import { dateOf, day } from "./times.js";
import type { Task } from "../generated/models.js";
import type { CallSet, CallView } from "../table/call-set.js";
import type { CallFilter } from "../table/filter.js";
import { type Rate, rateInterval } from "../table/intervals.js";

/** What an evaluation knows, and what it has found. @internal */
export interface Evaluation {
  readonly now: number;
  /** Midnight in Shanghai. */
  readonly today: number;
  readonly thresholds: AlertThresholds;
  readonly tasks: readonly Task[];
  /** Milliseconds since the synchronisation. */
  readonly age: number | null;
  readonly interval: number;
  /** The calls that had begun by `now`. */
  readonly calls: CallSet;
  /** The calls of them that pass a filter. The view is freed at the end of the evaluation. */
  where(filter: CallFilter): CallView;
  raise(
    rule: AlertRule,
    level: AlertLevel,
    subject: AlertSubject,
    found: Pick<Alert, "since" | "numbers" | "filter">,
  ): void;
  /** Says once why a rule cannot be computed. */
  obstruct(rule: AlertRule, reason: AlertObstacle): void;
  /** Today's calls are too few for the rule to decide about a subject. */
  undecided(rule: AlertRule, key: string | number): void;
}

/** The key of a subject within the alerts of a rule. @internal */
export function keyOf(subject: AlertSubject): string | number {
  if (subject.kind === "line") return subject.callerPhone;
  if (subject.kind === "task") return subject.callJobId;
  return subject.kind === "script" ? subject.sceneDefId : "company";
}

/** A task as subject, by its id. @internal */
export function taskSubject({ tasks, where }: Evaluation, callJobId: number): AlertSubject {
  const listed = tasks.find((task) => task.callJobId === callJobId)?.jobName;
  const jobName = listed ?? where({ callJobId }).rows({ limit: 1 })[0]?.jobName;
  return { kind: "task", callJobId, jobName: jobName ?? String(callJobId) };
}

/** The lower end of the interval of a rate. @internal */
export const lowerEnd = (rate: Rate, { level }: AlertThresholds): number =>
  rateInterval(rate, level)?.[0] ?? 0;

/** A rate with its numbers. @internal */
export const numbersOf = ({ part, whole }: Rate) => ({ part, whole, rate: part / whole });

/** The date some days before today. @internal */
export const daysBefore = ({ today }: Evaluation, days: number): string =>
  dateOf(today - days * day);

/** The calls of some days up to now, in which `days` is 1 for today. @internal */
export const ofDays = ({ today, now }: Evaluation, days: number): CallFilter => ({
  startTime: { from: today - (days - 1) * day, to: now + 1 },
});

/**
 * The begin of the quarter-hour from which on `holds` is true for what has been counted until then. `count` counts a key of
 * a group.
 * @internal
 */
export function firstQuarter<G extends { key: number | null }>(
  groups: readonly G[],
  count: (group: G) => void,
  holds: () => boolean,
): number | null {
  let since: number | null = null;
  const inOrder = groups.filter(({ key }) => key !== null).sort((a, b) => a.key! - b.key!);
  for (const [at, group] of inOrder.entries()) {
    count(group);
    // All groups of a quarter-hour count together.
    if (inOrder[at + 1]?.key === group.key) continue;
    if (!holds()) since = null;
    else since ??= group.key;
  }
  return since;
}

/** The first quarter-hour from which on a share stays beyond its threshold. @internal */
export function shareSince(
  { where }: Evaluation,
  whole: CallFilter,
  part: CallFilter,
  holds: (share: number) => boolean,
): number | null {
  const counted = (filter: CallFilter, name: keyof Rate) =>
    where(filter)
      .groupBy({ time: "quarterHour" })
      .map(({ key, calls }) => ({ key, name, calls }));
  const rate: Rate = { part: 0, whole: 0 };
  return firstQuarter(
    [...counted(whole, "whole"), ...counted({ ...whole, ...part }, "part")],
    ({ name, calls }) => (rate[name] += calls),
    () => rate.whole > 0 && holds(rate.part / rate.whole),
  );
}
