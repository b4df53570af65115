// Clients of the proxy on this origin. The proxy holds the keys and signs the requests.
import { ByrobotClient } from "byrobot-calls";

/** Sends the requests whose answers the page shows first. */
export const client = new ByrobotClient({ baseUrl: location.origin });

/** Sends requests of low priority: at most two at once and no retries, so that they do not delay `client`. */
export const backgroundClient = new ByrobotClient({
  baseUrl: location.origin,
  maxConcurrency: 2,
  retry: false,
});
