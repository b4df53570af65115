// Words in the language that the caller asks for. Not here: the words.
import { invalidArgument } from "../wasm/errors.js";
import { type Language, languages } from "../generated/codes.js";

/** The words in a language. @internal */
export function inLanguage<T>(words: Record<Language, T>, language: Language): T {
  if (!languages.includes(language)) {
    const all = languages.map((name) => JSON.stringify(name)).join(" or ");
    throw invalidArgument("language", `expected ${all}`);
  }
  return words[language];
}
