// What the statistics mean, in words. Not here: the words (src/schema/metrics.rs). A page that does not
// import this does not carry them.
import { invalidArgument } from "../wasm/errors.js";
import type { Language } from "../generated/codes.js";
import { explanations } from "../generated/explanations.js";
import type { CallStatistics } from "../generated/statistics.js";
import { inLanguage } from "./languages.js";

/** What a metric means, in words for a tooltip. */
export interface Explanation {
  /** Its name, "接通率" or "Answer rate". */
  title: string;
  /** How it is computed. */
  formula: string;
  /** What is counted and what is left out. */
  note: string;
}

/**
 * What a metric of `CallStatistics` means: its formula, what is counted, what is left out.
 *
 * ```ts
 * explain("answerRate", "en").formula; // "answered ÷ calls"
 * ```
 * @throws {ByrobotError} `invalid_argument` for a metric or a language there is not.
 */
export function explain(metric: keyof CallStatistics, language: Language = "zh"): Explanation {
  if (!Object.prototype.hasOwnProperty.call(explanations, metric)) {
    throw invalidArgument("metric", `expected one of ${Object.keys(explanations).join(", ")}`);
  }
  const [title, formula, note] = inLanguage(explanations[metric], language);
  return { title, formula, note };
}
