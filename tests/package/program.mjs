// The first program of a user: the five calls in sequence. Tests run it in Node, in bundles and in pages. Run directly,
// it uses the server that its argument names.
import { ByrobotClient, FinishStatus, JobStatus, label } from "byrobot-calls";

export async function fiveCalls(options) {
  const client = new ByrobotClient(options);
  const tasks = await client.getTasks({ companyId: 1, status: JobStatus.Running });
  const { callJobId } = tasks.list[0];
  const task = await client.getTaskDetail({ companyId: 1, taskId: callJobId });
  const finishStatus = FinishStatus.Answered;
  const answered = await client.queryDoneTaskPhones({ callJobId, finishStatus, pageSize: 50 });
  const waiting = await client.notDialedCustomerList({ taskId: callJobId });
  const { callInstanceId } = answered.list[0];
  const call = await client.phoneLogInfo({ callInstanceId });
  return {
    task: task.jobName,
    state: label("jobStatus", task.status, "en"),
    called: task.callPhones.length,
    answered: answered.total,
    waiting: waiting.list.length,
    end: label("finishStatus", call.sceneInstance.finishStatus),
    lines: call.phoneLog.phoneLogs.map((line) => line.content),
  };
}

const [, , baseUrl] = globalThis.process?.argv ?? [];
if (baseUrl) console.log(JSON.stringify(await fiveCalls({ baseUrl })));
