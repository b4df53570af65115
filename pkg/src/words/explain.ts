// Explains a number of the statistics, of groups, rounds and comparisons. Not here: the words (src/schema/metrics.rs). Only pages that import
// `explain` carry them.
import { invalidArgument } from "../wasm/errors.js";
import type { Language } from "../generated/codes.js";
import { type ExplainedNumber, explanations } from "../generated/explanations.js";
import { inLanguage } from "./languages.js";

/** The meaning of a metric, in words for a tooltip. */
export interface Explanation {
  /** Its name, "接通率" or "Answer rate". */
  title: string;
  /** Its computation. */
  formula: string;
  /** Which calls count and which do not. */
  note: string;
}

/**
 * Explains a number of `CallStatistics`, or of groups, rounds and comparisons: its formula, and which calls count.
 *
 * ```ts
 * explain("answerRate", "en").formula; // "answered ÷ calls"
 * ```
 * @throws {ByrobotError} `invalid_argument` for an unknown number or language.
 */
export function explain(metric: ExplainedNumber, language: Language = "zh"): Explanation {
  // A value that is no text may throw when it becomes one.
  if (!(typeof metric === "string" && Object.prototype.hasOwnProperty.call(explanations, metric))) {
    throw invalidArgument("metric", `expected one of ${Object.keys(explanations).join(", ")}`);
  }
  const [title, formula, note] = inLanguage(explanations[metric], language);
  return { title, formula, note };
}
