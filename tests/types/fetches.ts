// The functions of libraries that send requests are of the type of the option `fetch`.
import { ByrobotClient, type FetchFunction } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import nodeFetch from "node-fetch";
import { ProxyAgent, fetch as undici } from "undici";

const dispatcher = new ProxyAgent("http://proxy.example:3128");
const refreshing: FetchFunction = (url, init) =>
  fetch(url, { ...init, headers: { ...init.headers, authorization: "Bearer a" } });
for (const fetch of [
  globalThis.fetch,
  (await createSandbox()).fetch,
  undici,
  nodeFetch,
  refreshing,
]) {
  new ByrobotClient({ fetch });
}
new ByrobotClient({ fetch: (url, init) => undici(url, { ...init, dispatcher }) });
new ByrobotClient({ fetch: (url, init) => nodeFetch(url, init) });
