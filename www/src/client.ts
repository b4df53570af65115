// Clients of the proxy: that of the settings, or this page's own server. The proxy holds the keys and signs the requests.
// In the demo the sandbox answers.
import { ByrobotClient, init, type ClientOptions } from "byrobot-calls/streaming";
import { computed, watch } from "vue";
import { proxyUrl } from "./settings/proxy";

export const isDemo = import.meta.env.MODE === "demo";
const demo = isDemo ? await import("./demo/fetch") : null;

await init();

/** The base URL of the API. */
export const baseUrl = computed(() =>
  new URL(proxyUrl.value, location.origin).href.replace(/\/$/, ""),
);

/** What the clients have in common. */
export const clientOptions = computed((): ClientOptions => ({
  baseUrl: baseUrl.value,
  ...(demo && { fetch: demo.fetch }),
}));

/** Sends the requests whose answers the page shows first. */
export let client = new ByrobotClient(clientOptions.value);

const background = { maxConcurrency: 2, retry: false } as const;

/** Sends requests of low priority: at most two at once and no retries, so that they do not delay `client`. */
export let backgroundClient = new ByrobotClient({ ...clientOptions.value, ...background });

// Before what else depends on the URL, such as the table of the company.
watch(
  clientOptions,
  (options) => {
    client = new ByrobotClient(options);
    backgroundClient = new ByrobotClient({ ...options, ...background });
  },
  { flush: "sync" },
);

/** `fetch` of the demo, where the sandbox answers and not a server; elsewhere that of the browser. */
export const pageFetch: typeof fetch = (...request) => (demo?.fetch ?? fetch)(...request);
