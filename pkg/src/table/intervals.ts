// Confidence intervals of rates: Wilson's score interval, and Newcombe's interval of a difference. Not here: the rates
// themselves (src/compute/kinds).
import { invalidArgument, reading } from "../wasm/errors.js";

/** A rate as its two counts: `part` of `whole` calls. */
export interface Rate {
  /** Calls that count for the rate, for example answered ones. */
  part: number;
  /** All calls of the rate. */
  whole: number;
}

/** The difference of two rates, with its interval. */
export interface RateDifference {
  /** The first rate minus the second, −1 to 1. */
  difference: number;
  /** Newcombe's interval of the difference. */
  interval: [number, number];
}

/**
 * Wilson's score interval of a rate, each end from 0 to 1; `null` if `whole` is 0.
 *
 * ```ts
 * rateInterval({ part: 30, whole: 100 }); // [0.2189, 0.3958]
 * ```
 * @param level The confidence level, between 0 and 1. Default 0.95.
 * @throws {ByrobotError} `invalid_argument` for counts that are not a rate, and for another level.
 */
export function rateInterval(rate: Rate, level = 0.95): [number, number] | null {
  const { part, whole } = checked(rate, "rate");
  const z = quantileOf(level);
  return whole === 0 ? null : wilson({ part, whole }, z);
}

/**
 * The difference of two rates with Newcombe's interval (his method 10, from two Wilson intervals), such as the answer
 * rate of this week minus that of last week. `null` if one `whole` is 0. If the interval contains 0, the
 * data do not show a difference.
 *
 * ```ts
 * rateDifference({ part: 56, whole: 70 }, { part: 48, whole: 80 }); // difference 0.2, interval [0.0524, 0.3339]
 * ```
 * @param level The confidence level, between 0 and 1. Default 0.95.
 * @throws {ByrobotError} `invalid_argument` for counts that are not a rate, and for another level.
 */
export function rateDifference(first: Rate, second: Rate, level = 0.95): RateDifference | null {
  const [one, other] = [checked(first, "first"), checked(second, "second")];
  const z = quantileOf(level);
  if (one.whole === 0 || other.whole === 0) return null;
  const [low1, high1] = wilson(one, z);
  const [low2, high2] = wilson(other, z);
  const p1 = one.part / one.whole;
  const p2 = other.part / other.whole;
  const difference = p1 - p2;
  return {
    difference,
    interval: [
      difference - Math.hypot(p1 - low1, high2 - p2),
      difference + Math.hypot(high1 - p1, p2 - low2),
    ],
  };
}

/** A copy of a rate. */
function checked(rate: Rate, path: string): Rate {
  const expected = "two counts, part and whole, with 0 ≤ part ≤ whole";
  return reading(path, expected, () => {
    const { part, whole } = rate;
    const isRate = Number.isFinite(part) && Number.isFinite(whole) && part >= 0 && part <= whole;
    if (isRate) return { part, whole };
    throw invalidArgument(path, `expected ${expected}`);
  });
}

/** Wilson's interval at a quantile of the normal distribution. @internal */
export function wilson({ part, whole }: Rate, z: number): [number, number] {
  const p = part / whole;
  const centre = p + (z * z) / (2 * whole);
  const margin = z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  const scale = 1 + (z * z) / whole;
  // At the ends both terms are equal, but for the rounding.
  return [
    part === 0 ? 0 : (centre - margin) / scale,
    part === whole ? 1 : (centre + margin) / scale,
  ];
}

/** The quantile of the normal distribution for a two-sided level. @internal */
export function quantileOf(level: number): number {
  if (level === 0.95) return 1.959963984540054;
  if (!(typeof level === "number" && level > 0 && level < 1)) {
    throw invalidArgument("level", "expected a number between 0 and 1");
  }
  // Bisection on the tail of the distribution: 60 steps give all digits that a double has.
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step += 1) {
    const z = (low + high) / 2;
    if (tail(z) > (1 - level) / 2) low = z;
    else high = z;
  }
  return (low + high) / 2;
}

/** The probability that a normal variable exceeds z ≥ 0. */
function tail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    // The power series of the distribution.
    let [term, sum] = [z, z];
    for (let n = 3; n < 120; n += 2) sum += term *= (z * z) / n;
    return 0.5 - density * sum;
  }
  // Laplace's continued fraction.
  let fraction = z;
  for (let n = 120; n > 0; n -= 1) fraction = z + n / fraction;
  return density / fraction;
}
