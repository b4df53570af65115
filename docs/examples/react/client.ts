// The client, on a sandbox in the page: `?seed=7` chooses its calls. With a server of your own, replace all of it by
// `new ByrobotClient({ baseUrl: "/byrobot" })`.
import { ByrobotClient } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";

const seed = Number(new URLSearchParams(location.search).get("seed") ?? 1);
const { fetch } = await createSandbox({ seed });

export const client = new ByrobotClient({ fetch });
