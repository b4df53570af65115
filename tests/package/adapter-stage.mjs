// What the programs of the tests of byrobot-calls/react and byrobot-calls/vue have in common. Not here: expectations.
import { chance, row } from "./calls.mjs";

const random = chance(15);
/** 120 calls. */
export const calls = Array.from({ length: 120 }, (_, id) => row(random, id));
/** What a plain computation says of them. */
export const answered = calls.filter(({ finishStatus }) => finishStatus === 0).length;
export const seconds = ({ duration }) => Number.parseInt(duration, 10);
/** Calls with a duration in the half-open range. */
export const within = (from, to) =>
  calls.filter((call) => seconds(call) >= from && seconds(call) < to);

/** Tables that are counted, and waits. */
export const stage = `
  import { CallTable } from "byrobot-calls";
  const calls = ${JSON.stringify(calls)};
  const tables = [];
  const isFreed = (object) => {
    try {
      object.length;
      return false;
    } catch (error) {
      return error.code === "invalid_argument";
    }
  };
  const alive = () => tables.filter((table) => !isFreed(table)).length;
  let mostAlive = 0;
  const create = (length = 0) => {
    const table = new CallTable();
    table.ingest(calls.slice(0, length));
    tables.push(table);
    mostAlive = Math.max(mostAlive, alive());
    return table;
  };
  const until = async (holds) => {
    const end = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error("waits in vain for " + holds + "; there is: " + text());
      await new Promise((done) => setTimeout(done, 5));
    }
  };
  const frames = async (count = 2) => {
    for (let at = 0; at < count; at += 1) await new Promise((done) => requestAnimationFrame(done));
    await new Promise((done) => setTimeout(done, 5));
  };
  const text = () => document.querySelector("main").textContent;
  const errorOf = (action) => {
    try {
      action();
      return null;
    } catch (error) {
      return [error.code, error.path];
    }
  };
  const lengths = { histogram: "duration", edges: [0, 10, 30, 60, 100000] };
  const statuses = { groupBy: "finishStatus" };
  const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
`;
