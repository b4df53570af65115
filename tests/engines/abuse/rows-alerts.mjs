// Rows of abuse: alerts and incidents. Not here: what a row is (rows-table.mjs).

const isArray = (value) => Array.isArray(value);
const isText = (value) => typeof value === "string";
const now = 1.7e12;

const alert = () => ({
  id: "lineLoss:company",
  rule: "lineLoss",
  level: "warning",
  subject: { kind: "company" },
  since: now,
  numbers: { part: 1, whole: 3, rate: 1 / 3 },
  filter: null,
});
const incident = () => ({
  ...{ id: "lineLoss:company", alert: alert(), state: "open", seenAt: now, openedAt: now },
  ...{ cleanAt: null, closedAt: null, acknowledgedAt: null, snoozedUntil: null },
});
const report = () => ({ alerts: [alert()], unavailable: [{ rule: "repeats", reason: "maskedNumbers" }], undecided: ["x"] }); // prettier-ignore
const thresholds = () => ({ fewestCalls: 10, level: 0.9 });

/** For "byrobot-calls/alerts". */
export const alertRows = {
  evaluateAlerts: { call: (w, ...a) => w.alerts.evaluateAlerts(...a), args: (w) => [w.table, { now, tasks: w.tasks.slice(), syncedAt: now, interval: 1000, thresholds: thresholds() }], result: (value) => isArray(value?.alerts) }, // prettier-ignore
  "evaluateAlerts of a task": { call: (w, task) => w.alerts.evaluateAlerts(w.table, { now, tasks: [task], syncedAt: now }), args: (w) => [{ ...w.tasks[0] }], result: (value) => isArray(value?.alerts) }, // prettier-ignore
  compareLines: { call: (w, ...a) => w.alerts.compareLines(...a), args: (w) => [w.table, thresholds()], result: isArray }, // prettier-ignore
  checkThresholds: { call: (w, ...a) => w.alerts.checkThresholds(...a), args: () => [thresholds()], result: (value) => value?.fewestCalls > 0 }, // prettier-ignore
  describeAlert: { call: (w, ...a) => w.alerts.describeAlert(...a), args: () => [alert(), "en"], result: (value) => isText(value?.text) }, // prettier-ignore
  ruleTitle: { call: (w, ...a) => w.alerts.ruleTitle(...a), args: () => ["lineLoss", "en"], result: isText }, // prettier-ignore
  updateIncidents: { call: (w, ...a) => w.alerts.updateIncidents(...a), args: () => [[incident()], report(), now], result: isArray }, // prettier-ignore
  "updateIncidents of an incident": { call: (w, one) => w.alerts.updateIncidents([one], report(), now), args: () => [incident()], result: isArray }, // prettier-ignore
  "updateIncidents of an alert": { call: (w, one) => w.alerts.updateIncidents([incident()], { ...report(), alerts: [one] }, now), args: () => [alert()], result: isArray }, // prettier-ignore
  acknowledge: { call: (w, ...a) => w.alerts.acknowledge(...a), args: () => [[incident()], "lineLoss:company", now], result: isArray }, // prettier-ignore
  snooze: { call: (w, ...a) => w.alerts.snooze(...a), args: () => [[incident()], "lineLoss:company", now], result: isArray }, // prettier-ignore
};
