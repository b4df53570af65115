// Stores, promises and contents of tables for tests of synchronisations.

/** The calls of a table with their durations, by id. */
export const contents = (table) =>
  table
    .rows()
    .map(({ callInstanceId, duration }) => [callInstanceId, duration])
    .toSorted(([a], [b]) => b - a);

/** The calls of a vendor in the same form. */
export const listed = (server) =>
  server.list
    .map(({ callInstanceId, duration }) => [callInstanceId, duration])
    .toSorted(([a], [b]) => b - a);

/** A promise that the test resolves. */
export function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A store in memory. `fail` names a method that rejects. */
export function memory(saved = new Map()) {
  const store = { saved, loads: 0, saves: 0, fail: undefined };
  const failing = (method) => {
    if (store.fail === method) throw new Error(`no ${method} today`);
  };
  store.load = async (key) => {
    store.loads += 1;
    failing("load");
    return saved.get(key) ?? null;
  };
  store.save = async (key, snapshot) => {
    store.saves += 1;
    failing("save");
    saved.set(key, snapshot);
  };
  store.remove = async (key) => void saved.delete(key);
  return store;
}
