// The entry point "byrobot-calls/alerts". Not here: the rules and the incidents (alerts/).
export { compareLines } from "../alerts/compare-lines.js";
export type { LineComparison } from "../alerts/compare-lines.js";
export { describeAlert, ruleTitle } from "../alerts/describe.js";
export type { AlertWords } from "../alerts/describe.js";
export { evaluateAlerts } from "../alerts/evaluate.js";
export type { AlertOptions } from "../alerts/evaluate.js";
export { acknowledge, snooze, updateIncidents } from "../alerts/incidents.js";
export type { Incident } from "../alerts/incidents.js";
export { checkThresholds, defaultThresholds } from "../alerts/thresholds.js";
export type { AlertThresholds } from "../alerts/thresholds.js";
export type {
  Alert,
  AlertLevel,
  AlertObstacle,
  AlertReport,
  AlertRule,
  AlertSubject,
} from "../alerts/types.js";
