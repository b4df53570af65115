// What every door gives, written without a name of the DOM: compiled with Node's types alone, too.
import * as inlined from "byrobot-calls";
import module from "byrobot-calls/byrobot_calls.wasm";
import { createSandbox } from "byrobot-calls/sandbox";
import * as streaming from "byrobot-calls/streaming";

export const same: typeof inlined = streaming;

export async function everyDoor(): Promise<(string | null)[]> {
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
