import { ByrobotClient } from "byrobot-calls";

/** Asks for what the person is waiting for. Keys and signing belong to the proxy on this origin. */
export const client = new ByrobotClient({ baseUrl: location.origin });

/** Asks for what is nice to have: few requests at once and none twice, so that it never delays the other. */
export const backgroundClient = new ByrobotClient({
  baseUrl: location.origin,
  maxConcurrency: 2,
  retry: false,
});
