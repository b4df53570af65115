// Neighbouring whole numbers as runs.

/** `[first, last]` of each run of neighbours, ascending: 11, 9, 10, 33 are 9–11 and 33–33. */
export function runs(numbers: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const number of [...numbers].sort((one, other) => one - other)) {
    const run = found[found.length - 1];
    if (run && run[1] === number - 1) run[1] = number;
    else found.push([number, number]);
  }
  return found;
}
