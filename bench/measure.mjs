// Measures time and memory, in Node and in a page. Not here: the measured work (work.mjs).

/** The median of some numbers; for an even count the upper of the two middle numbers. */
export const median = (numbers) => at(numbers, 0.5);

/** The quantile of some numbers at a share from 0 to 1. */
export const at = (numbers, share) =>
  numbers.toSorted((one, other) => one - other)[
    Math.min(numbers.length - 1, Math.floor(numbers.length * share))
  ];

/** Runs an action; returns its milliseconds and its result. */
export async function timed(action) {
  const start = performance.now();
  let result = action();
  // Only promises are awaited: `await` on other values costs time.
  if (result instanceof Promise) result = await result;
  return { ms: performance.now() - start, result };
}

/**
 * Runs contestants in turns, round after round, so that other load on the machine affects all equally. Each round
 * begins with a different contestant. A contestant that has used up its time skips the remaining rounds, but never
 * the first ones.
 *
 * @param act `(contestant, round)`
 * @returns `{ ms, worst, rounds }` by the contestant's name: median, 95th percentile, number of rounds.
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

/** Records the memories that wasm instances export, for instances created after this call. */
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

/** The bytes in use: heap, array buffers and wasm memories. Undefined if the environment does not report them. */
export function bytesInUse() {
  if (!globalThis.gc || !globalThis.process?.memoryUsage) return undefined;
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers + wasmBytes();
}

/** The bytes of the recorded wasm memories. A memory never shrinks. */
export const wasmBytes = () =>
  [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
