// Where a person sees what an alert is about.
import type { Alert } from "byrobot-calls/alerts";
import type { RouteLocationRaw } from "vue-router";
import { FinishStatus } from "byrobot-calls/streaming";
import { writeChoices } from "../analysis/choices";
import { callsLink, complianceLink, lineLink, scriptsLink, taskLink } from "../links";

const today = { p: "today" };

/** The page of the line, task or script, or the calls; null for the data itself. */
export function alertLink({ rule, subject }: Alert): RouteLocationRaw | null {
  if (subject.kind === "line") return lineLink(subject.callerPhone, today);
  if (rule === "outsideHours" || rule === "repeats") return complianceLink(today);
  if (subject.kind === "task") return taskLink(subject.callJobId);
  if (subject.kind === "script") return scriptsLink([subject.sceneDefId]);
  if (rule === "lineLoss") {
    const outcomes = [FinishStatus.CallLoss, FinishStatus.NoLineAvailable];
    return callsLink({ ...today, ...writeChoices({ outcomes }) });
  }
  const leads = { outcomes: [FinishStatus.Answered], intent: ["A", "B"] } as const;
  return rule === "recordingExpiry" ? callsLink({ p: "30d", ...writeChoices(leads) }) : null;
}
