// Chooses words by language. Not here: the words (label.ts, explain.ts, transcript.ts).
import { invalidArgument } from "../wasm/errors.js";
import { type Language, languages } from "../generated/codes.js";

/** The words in a language; an error for an unknown one. @internal */
export function inLanguage<T>(words: Record<Language, T>, language: Language): T {
  if (!languages.includes(language)) {
    const all = languages.map((name) => JSON.stringify(name)).join(" or ");
    throw invalidArgument("language", `expected ${all}`);
  }
  return words[language];
}
