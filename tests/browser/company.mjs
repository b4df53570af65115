// The calls of the sandbox's company in a table of their own, and numbers as the page writes them.
import { ByrobotClient, CallTable } from "byrobot-calls";

const tables = new Map();

/** All calls of company 1, read outside of the page. */
export function companyCalls(url) {
  if (!tables.has(url)) {
    const table = new CallTable();
    const client = new ByrobotClient({ baseUrl: url });
    tables.set(
      url,
      client.syncTasks(table, { companyId: 1 }).then(() => table),
    );
  }
  return tables.get(url);
}

export const percent = (rate) =>
  rate.toLocaleString("zh", {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
export const count = (number) => number.toLocaleString("zh");
