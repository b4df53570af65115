// What the examples of the guides take for granted: a client, and a table with the finished calls of a task.
import { ByrobotClient, CallTable } from "byrobot-calls";

const inPage = typeof location === "object";

export const client = new ByrobotClient({
  baseUrl: inPage ? "/byrobot" : process.env["BYROBOT_URL"],
});
export const table = new CallTable();
await client.syncDoneCalls(table, { callJobId: 21752 });
