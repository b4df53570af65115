// Alerts and their report, as types. Not here: the thresholds (thresholds.ts), incidents (incidents.ts).
import type { CallFilter } from "../table/filter.js";

/**
 * A rule. The numbers of its alerts, in `Alert.numbers`; rates are fractions from 0 to 1.
 *
 * - `flaggedLine`: today a line is answered less than the other lines on the same tasks. `part` answered of `whole` calls of
 *   the line on tasks that other lines dial, too; `rate`; `expected`, the rate of the others on these tasks, weighted as the
 *   line's calls; `peers`, their calls; `high`, the upper end of the interval of `rate` − `expected`.
 * - `rejections`, `interceptions`: today a line's share of rejected calls (status 1), or of unavailable and intercepted ones
 *   (3 and 23). `part`, `whole`, `rate`; `low`, the lower end of its interval; `usual`, the median of the days before.
 * - `shortCalls`: today a line's share of short calls among the answered ones. The same numbers.
 * - `firstRound`: today a script's share of answered calls with at most one round. The same numbers.
 * - `invalidNumbers`: yesterday and today, the share of invalid numbers in a task. `part`, `whole`, `rate`, `low`.
 * - `lineLoss`: in the last hour, the share of calls that no line could carry (10 and 25). `part`, `whole`, `rate`.
 * - `standstill`: a running task has waiting numbers, but no call. `minutes` without a call, `waiting` numbers.
 * - `taskStatus`: a task was stopped by the system, or something has expired or is not paid. `status`.
 * - `outsideHours`: today a task calls outside the hours. `calls`; `critical`, those outside the wider hours.
 * - `repeats`: within 24 hours a number was called often. `numbers`, how many numbers; `most` calls of a number; `leftOut`
 *   calls, whose number is masked or absent.
 * - `blockedNumbers`: yesterday and today, the share of numbers in a task that a list or a check blocks (11 and 12). `part`,
 *   `whole`, `rate`.
 * - `lateTask`: at its pace a running task does not end today. `waiting` numbers; `perHour`, finished numbers in an hour of
 *   dialling; `hoursLeft` of dialling today, `hoursNeeded`.
 * - `recordingExpiry`: the recordings of interested customers (A, B) are about to be deleted. `calls`.
 * - `dataAge`: the data is old, or much of it cannot be read. `minutes` since the synchronisation, `null` without
 *   `syncedAt`; `unreadable` of `whole` calls, `rate`.
 */
export type AlertRule =
  | "flaggedLine"
  | "rejections"
  | "interceptions"
  | "shortCalls"
  | "firstRound"
  | "invalidNumbers"
  | "lineLoss"
  | "standstill"
  | "taskStatus"
  | "outsideHours"
  | "repeats"
  | "blockedNumbers"
  | "lateTask"
  | "recordingExpiry"
  | "dataAge";

/** How urgent an alert is. */
export type AlertLevel = "info" | "warning" | "critical";

/** What an alert is about. */
export type AlertSubject =
  | {
      /** One of the company's lines. */
      readonly kind: "line";
      /** The line, as its calls have it. */
      readonly callerPhone: string;
    }
  | {
      /** A task. */
      readonly kind: "task";
      /** The task's id. */
      readonly callJobId: number;
      /** The task's name; its id if the name is not known. */
      readonly jobName: string;
    }
  | {
      /** A script. */
      readonly kind: "script";
      /** The scene's id. */
      readonly sceneDefId: number;
    }
  | {
      /** All of the company. */
      readonly kind: "company";
    };

/** Something that is out of the ordinary. It is plain data, and holds no customer's number. */
export interface Alert {
  /** Rule and subject, the same in each evaluation: "flaggedLine:075512345678", "taskStatus:21752", "lineLoss:company". */
  readonly id: string;
  /** The rule. */
  readonly rule: AlertRule;
  /** How urgent it is. */
  readonly level: AlertLevel;
  /** What it is about. */
  readonly subject: AlertSubject;
  /**
   * Since when, epoch milliseconds, as well as the data can tell. For a share: the first quarter-hour from which the share
   * of the day stays beyond the threshold, on the first of the days in a row on which it does, at most seven days back. For
   * a task without calls: its last call, or the begin of its hours.
   */
  readonly since: number;
  /** The numbers of the rule, see {@link AlertRule}. */
  readonly numbers: Readonly<Record<string, number | null>>;
  /** The calls that it is about; `null` if it is not about calls. */
  readonly filter: CallFilter | null;
}

/**
 * Why a rule cannot be computed.
 *
 * - `noPeers`: no two lines dial the same task today.
 * - `tooFewDays`: fewer days than `usualDays` lie behind the median of each line or script.
 * - `maskedNumbers`: the numbers of all customers are masked or absent.
 * - `noTasks`: no tasks were given.
 * - `noHours`: a running task has no hours of dialling.
 * - `noCounters`: a task has no `totalCount` and `doneCount`. `getTasks` sends none; `getTaskDetail` does.
 * - `noSyncedAt`: it is not known when the data was synchronised.
 * - `oldData`: the data is too old to tell that nothing happens.
 */
export type AlertObstacle =
  | "noPeers"
  | "tooFewDays"
  | "maskedNumbers"
  | "noTasks"
  | "noHours"
  | "noCounters"
  | "noSyncedAt"
  | "oldData";

/** The result of an evaluation; plain data. */
export interface AlertReport {
  /** The alerts, the most urgent first, then in the order of the rules. */
  readonly alerts: readonly Alert[];
  /** The rules that could not be computed, in part or at all, and why. */
  readonly unavailable: readonly {
    /** The rule. */
    readonly rule: AlertRule;
    /** Why. */
    readonly reason: AlertObstacle;
  }[];
  /** Ids for which today's calls are too few to decide. An incident with such an id stays as it is. */
  readonly undecided: readonly string[];
}
