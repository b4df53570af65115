// How time and memory are measured, in Node and in a page alike. Not here: what is measured.

/** The middle of some numbers; of an even number of them the upper one. */
export const median = (numbers) => at(numbers, 0.5);

/** The number below which a share of them lies. */
export const at = (numbers, share) =>
  numbers.toSorted((one, other) => one - other)[
    Math.min(numbers.length - 1, Math.floor(numbers.length * share))
  ];

/** Milliseconds of an action, and what it gave. */
export async function timed(action) {
  const start = performance.now();
  let result = action();
  // Nothing is awaited that is there already.
  if (result instanceof Promise) result = await result;
  return { ms: performance.now() - start, result };
}

/**
 * Lets contestants do the same in turn, round after round, so that whatever disturbs the machine disturbs
 * all alike. Each round begins with another one. A contestant that has used up its time sits out the rest,
 * but never the first rounds.
 *
 * @param act `(contestant, round)`
 * @returns for each contestant's name `{ ms, worst, rounds }`: median, 95th percentile, number of rounds.
 */
export async function inTurn(contestants, rounds, act, { milliseconds = 8000, least = 5 } = {}) {
  const times = contestants.map(() => []);
  const spent = contestants.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const which = (turn + round) % contestants.length;
      if (spent[which] > milliseconds && times[which].length >= least) continue;
      const { ms } = await timed(() => act(contestants[which], round));
      times[which].push(ms);
      spent[which] += ms;
    }
  }
  return Object.fromEntries(
    contestants.map(({ name }, which) => [
      name,
      { ms: median(times[which]), worst: at(times[which], 0.95), rounds: times[which].length },
    ]),
  );
}

const memories = new Set();

/** Remembers the memories that wasm instances export, of those that are made from now on. */
export function watchWasm() {
  const note = (instance) => {
    for (const value of Object.values(instance.exports)) {
      if (value instanceof WebAssembly.Memory) memories.add(value);
    }
    return instance;
  };
  const { instantiate } = WebAssembly;
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct: (target, sources) => note(new target(...sources)),
  });
  WebAssembly.instantiate = async (...sources) => {
    const result = await instantiate(...sources);
    note(result.instance ?? result);
    return result;
  };
}

/** Bytes in use: of this heap, of array buffers, of wasm. Undefined where nobody tells. */
export function bytesInUse() {
  if (!globalThis.gc || !globalThis.process?.memoryUsage) return undefined;
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const wasm = [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return heapUsed + arrayBuffers + wasm;
}
