// Tables with unusual rows, and the same rows as the client reads them.
import { body, chance, oddRow } from "./calls.mjs";

/** The rows of a body as the client of the package reads them, by the general path. */
export async function clientRows({ ByrobotClient }, text) {
  const fetch = async () => new Response(text);
  const { list } = await new ByrobotClient({ fetch }).queryDoneTaskPhones({ callJobId: 1 });
  return list;
}

/** A table of odd rows, and the same rows as the client reads them, the last of each id. */
export async function oddTable(byrobot, seed, count) {
  const random = chance(seed);
  const rows = Array.from({ length: count }, (_, id) => oddRow(random, 1000 + id));
  const table = new byrobot.CallTable();
  table.ingest(body(rows));
  return { random, table, calls: await clientRows(byrobot, body(rows)) };
}
