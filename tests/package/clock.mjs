// A virtual clock for one test: timers, and a time of day that may differ from them.
import { setImmediate as turn } from "node:timers/promises";

/**
 * Replaces the global timers, `Date.now` and `performance.now` until the test ends. After each timer so many turns of the
 * event loop pass.
 */
export function virtualClock(t, turns = 250) {
  const { setTimeout, clearTimeout } = globalThis;
  const { now } = Date;
  let [elapsed, day, next] = [0, 1_700_000_000_000, 1];
  const timers = new Map();
  globalThis.setTimeout = (call, ms = 0, ...given) => {
    timers.set(next, { due: elapsed + ms, call: () => call(...given) });
    return next++;
  };
  globalThis.clearTimeout = (id) => void timers.delete(id);
  Date.now = () => day;
  performance.now = () => elapsed;
  t.after(() => {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    Date.now = now;
    delete performance.now;
  });
  const clock = {
    /** Waits until everything is done that needs no time. */
    async settle() {
      for (let number = 0; number < turns; number += 1) await turn();
    },
    /** Lets time pass, with all timers in their order. */
    async advance(ms) {
      await clock.settle();
      const end = elapsed + ms;
      for (;;) {
        const [first] = [...timers].sort(([, one], [, other]) => one.due - other.due);
        const due = Math.min(first?.[1].due ?? Infinity, end);
        if (due > elapsed) [day, elapsed] = [day + due - elapsed, due];
        if (first === undefined || first[1].due > end) return;
        timers.delete(first[0]);
        first[1].call();
        await clock.settle();
      }
    },
    /** Changes the time of day only: the machine has slept, or its clock was set. */
    set: (ms) => void (day += ms),
    /** The number of timers that are set. */
    get timers() {
      return timers.size;
    },
  };
  return clock;
}
