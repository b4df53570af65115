// Rows and tasks for tests of alerts, made as a test needs them. Not here: expectations.
import { CallTable } from "byrobot-calls";
import { evaluateAlerts } from "byrobot-calls/alerts";
import { shanghai } from "./calls.mjs";

/** Noon of a Friday in Shanghai; the clock of the rows. */
export const now = Date.parse("2024-03-15T12:00:00+08:00");
export const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** Rows, which have one property after the other in common. */
export class Rows {
  list = [];

  /** Adds rows: `count` of them with these fields; `at` is epoch milliseconds. */
  add(count, { at = now - 2 * hour, ...fields } = {}) {
    for (let index = 0; index < count; index += 1) {
      const id = this.list.length + 1;
      const number = String(id).padStart(8, "0");
      this.list.push({
        callInstanceId: id,
        callJobId: 7,
        jobName: "回访",
        sceneDefId: 4,
        callerPhone: "057100000126",
        customerTelephone: `138${number}`,
        finishStatus: 8,
        duration: 0,
        chatRound: 0,
        startTime: at === null ? null : shanghai(at),
        resultList: [],
        ...fields,
      });
    }
    return this;
  }

  /** Adds `whole` rows, of which `part` have more fields. */
  share(part, whole, fields, partFields) {
    return this.add(part, { ...fields, ...partFields }).add(whole - part, fields);
  }

  table() {
    const table = new CallTable();
    table.ingest(this.list);
    return table;
  }

  /** The report of an evaluation. */
  report(options = {}) {
    const table = this.table();
    try {
      return evaluateAlerts(table, { now, tasks: [task()], syncedAt: now, ...options });
    } finally {
      table.free();
    }
  }

  /** The ids of the alerts. */
  ids(options) {
    return this.report(options).alerts.map(({ id }) => id);
  }
}

export const rows = () => new Rows();

/** A task that has completed, unless a test says otherwise. */
export const task = (fields = {}) => ({
  callJobId: 7,
  jobName: "回访",
  status: 2,
  startDate: "2024-03-15",
  workingStartTime: "09:00:00",
  workingEndTime: "20:00:00",
  breakStartTime: null,
  breakEndTime: null,
  totalCount: null,
  doneCount: null,
  ...fields,
});
