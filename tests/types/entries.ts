// What every entry point exports, written without a name of the DOM: compiled with Node's types alone, too.
import * as inlined from "byrobot-calls";
import module from "byrobot-calls/byrobot_calls.wasm";
import clientModule from "byrobot-calls/byrobot_client.wasm";
import tableModule from "byrobot-calls/byrobot_table.wasm";
import {
  acknowledge,
  type Alert,
  type AlertLevel,
  type AlertReport,
  type AlertRule,
  defaultThresholds,
  describeAlert,
  evaluateAlerts,
  type Incident,
  snooze,
  updateIncidents,
} from "byrobot-calls/alerts";
import * as clientEntry from "byrobot-calls/client";
import * as clientFile from "byrobot-calls/client/streaming";
import { fileStore, type FileStore } from "byrobot-calls/node";
import { createSandbox } from "byrobot-calls/sandbox";
import {
  byrobotProxy,
  createProxy,
  sign,
  toNodeHandler,
  type ProxyOptions,
} from "byrobot-calls/server";
import * as streaming from "byrobot-calls/streaming";
import * as tableEntry from "byrobot-calls/table";
import * as tableFile from "byrobot-calls/table/streaming";

export const same: typeof inlined = streaming;
export const parts: typeof clientEntry & typeof tableEntry = inlined;

/** A client of one entry fills a table of another, and each has the types of the other. */
export async function acrossEntries(): Promise<inlined.CallStatistics> {
  await Promise.all([clientEntry.init(clientModule), tableEntry.init(tableModule)]);
  await Promise.all([clientFile.init(), tableFile.init()]);
  const client: inlined.ByrobotClient = new clientEntry.ByrobotClient({ baseUrl: "/byrobot" });
  const table: inlined.CallTable = new tableEntry.CallTable();
  await client.syncDoneCalls(table, { callJobId: 1 });
  // @ts-expect-error There are no tables in the entry of the client.
  void clientEntry.CallTable;
  // @ts-expect-error There are no requests in the entry of the table.
  void tableEntry.ByrobotClient;
  return table.statistics();
}

export async function everyEntryPoint(): Promise<(string | null)[]> {
  const sources: inlined.WasmSource[] = [
    "https://static.example/byrobot_calls.wasm",
    new URL("https://static.example/byrobot_calls.wasm"),
    new Request("https://static.example/byrobot_calls.wasm"),
    fetch("https://static.example/byrobot_calls.wasm"),
    new Uint8Array(),
    new ArrayBuffer(0),
    module,
  ];
  for (const source of sources) await streaming.init(source);
  const { fetch: pretended } = await createSandbox({ seed: 7, tasks: 12 });
  const headers: inlined.HeadersInput = [["accept", "application/json"]];
  const client = new streaming.ByrobotClient({
    fetch: pretended,
    headers: () => Promise.resolve(headers),
    credentials: "same-origin",
    signal: AbortSignal.timeout(1000),
  });
  const table = new inlined.CallTable();
  const { list } = await client.getTasks({ companyId: 1 }, { headers: new Headers() });
  for await (const call of client.doneCalls({ callJobId: list[0]!.callJobId }))
    table.ingest([call]);
  return list.map((task) => task.jobName);
}

export const files: FileStore = fileStore(new URL("file:///srv/calls"));
export const kept: inlined.CallStore = fileStore("calls");

export function alerts(table: inlined.CallTable, tasks: inlined.Task[]): readonly Incident[] {
  const now = Date.now();
  const thresholds = { shortShare: defaultThresholds.shortShare * 2, level: undefined };
  const report: AlertReport = evaluateAlerts(table, { now, tasks, syncedAt: null, thresholds });
  const view = table.where({ callJobId: 21752 });
  const [alert]: readonly Alert[] = evaluateAlerts(view, { now: new Date(), tasks }).alerts;
  if (alert) {
    const level: AlertLevel = alert.level;
    const rule: AlertRule = alert.rule;
    const line: string | null = alert.subject.kind === "line" ? alert.subject.callerPhone : null;
    const { title, text }: { title: string; text: string } = describeAlert(alert, "zh");
    table.where(alert.filter ?? {});
    void [level, rule, line, title, text, alert.numbers.rate satisfies number | null | undefined];
  }
  // @ts-expect-error no such threshold
  evaluateAlerts(table, { now, tasks, thresholds: { shortRate: 1 } });
  // @ts-expect-error tasks are given, if there are none an empty list
  evaluateAlerts(table, { now });
  const incidents = updateIncidents([], report, now);
  return snooze(acknowledge(incidents, "lineLoss:company", now), "lineLoss:company", new Date());
}

/** As it was designed. */
const options: ProxyOptions = {
  upstream: "https://api.byrobot.cn",
  appKey: "key",
  appSecret: "secret",
  async authorize(request: Request) {
    return request.headers.get("cookie") === "session";
  },
  maskPhones: true,
  recordingHosts: ["bucket.oss-cn-hangzhou.aliyuncs.com"],
  fetch,
  timeout: 1000,
  maxConcurrency: 4,
};
/** With tenants: what is asked is told apart by its operation. */
const tenants: ProxyOptions = {
  ...options,
  authorize(request, context) {
    if (context.operation === "recording") {
      const { companyId }: { companyId: number | null } = context.recording;
      return companyId === 1;
    }
    if (context.operation === "getTasks" && context.parameters.companyId !== 1) {
      return new Response(null, { status: 403 });
    }
    const limitKey = request.headers.get("cookie") ?? "nobody";
    return { allow: true, tenant: { companyIds: [1] }, limitKey };
  },
  allowAnswer: async (answer, { operation, tenant }) =>
    operation !== "phoneLogInfo" || tenant?.companyIds.includes(1) === true || answer === null,
  recordingDays: 30,
  maxRecordings: 8,
};
createProxy(tenants);
// @ts-expect-error leave has to be said in full
createProxy({ ...options, authorize: () => ({ allow: 1 }) });
const wrong = { companyIds: "1" };
// @ts-expect-error a tenant is a list of companies
createProxy({ ...options, authorize: () => ({ allow: true as const, tenant: wrong }) });
export const proxy: (request: Request) => Promise<Response> = createProxy(options);
export const inNode: (req: unknown, res: unknown) => void = toNodeHandler(proxy);
export const signed: Promise<{ appkey: string; datetime: string; sign: string }> = sign(
  "key",
  "secret",
  new Date(),
);
export const plugins: { name: string }[] = [byrobotProxy(), byrobotProxy({ path: "/api" })];
// @ts-expect-error nobody may leave out who is let in
createProxy({ appKey: "key", appSecret: "secret" });
// @ts-expect-error no such option
createProxy({ ...options, maskPhone: true });
// @ts-expect-error a client takes no secret
new inlined.ByrobotClient({ appSecret: "secret" });
