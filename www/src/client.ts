// Clients of the proxy on this origin. The proxy holds the keys and signs the requests. In the demo the sandbox answers.
import { ByrobotClient, init, type ClientOptions } from "byrobot-calls/streaming";

const isDemo = import.meta.env.MODE === "demo";
const demo = isDemo ? await import("./demo/fetch") : null;

await init();
const common: ClientOptions = { baseUrl: location.origin, ...(demo && { fetch: demo.fetch }) };

/** Sends the requests whose answers the page shows first. */
export const client = new ByrobotClient(common);

/** Sends requests of low priority: at most two at once and no retries, so that they do not delay `client`. */
export const backgroundClient = new ByrobotClient({ ...common, maxConcurrency: 2, retry: false });

/** Reads a recording. In the demo the sandbox has it, not a server. */
export const fetchRecording: typeof fetch = (...request) => (demo?.fetch ?? fetch)(...request);
