import { ByrobotClient, CallTable } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import { alarmsOfDay, alarmsOfTasks } from "/work/wt-scenario/tests/package/alerts.mjs";
export async function world(scenario, seed, more={}) {
  const sandbox = await createSandbox({ scenario, seed, ...more });
  const client = new ByrobotClient({ fetch: sandbox.fetch });
  const table = new CallTable();
  const companyId = more.companyId ?? 1;
  await client.syncTasks(table, { companyId });
  const tasks=[];
  for await (const t of client.tasks({companyId})) tasks.push(await client.getTaskDetail({companyId, taskId:t.callJobId}));
  return { sandbox, client, table, tasks, truth: sandbox.truth[0] };
}
const [what="quiet", from="1", to="12"] = process.argv.slice(2);
const scenario = what.startsWith("{") ? JSON.parse(what) : what;
for (let seed=+from; seed<=+to; seed++) {
  const t=performance.now();
  const w = await world(scenario, seed);
  const dates = w.table.groupBy("date").map(g=>g.key).sort();
  const out = [];
  for (const d of dates) for (const a of alarmsOfDay(w.table,d)) out.push(d.slice(5)+":"+a.join(":"));
  out.push(...alarmsOfTasks(w.table, w.tasks, new Date(1710469800000)).map(a=>a.join(":")));
  const t0 = w.truth; 
  console.log(seed, w.table.length, Math.round(performance.now()-t), JSON.stringify(Object.fromEntries(Object.entries(t0).filter(([k,v])=>v&&typeof v==='object'&&k!='repeats'))), '\n   ', out.join(" "));
  // unfinished tasks from earlier days
  const left = w.tasks.filter(t=>t.startDate<'2024-03-15' && t.status!==2); if (left.length) console.log('   left', left.map(t=>[t.callJobId,t.status,t.startDate,t.doneCount,t.totalCount].join()));
}
