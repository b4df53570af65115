// The entry point "byrobot-calls/alerts". Not here: the rules and the incidents (alerts/).
export { describeAlert } from "../alerts/describe.js";
export { evaluateAlerts } from "../alerts/evaluate.js";
export type { AlertOptions } from "../alerts/evaluate.js";
export { acknowledge, snooze, updateIncidents } from "../alerts/incidents.js";
export type { Incident } from "../alerts/incidents.js";
export { defaultThresholds } from "../alerts/thresholds.js";
export type { AlertThresholds } from "../alerts/thresholds.js";
export type {
  Alert,
  AlertLevel,
  AlertObstacle,
  AlertReport,
  AlertRule,
  AlertSubject,
} from "../alerts/types.js";
