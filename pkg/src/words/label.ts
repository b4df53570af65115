// The label of a code. Not here: the codes and their words (src/schema/codes.rs).
import { label as labelOf } from "#glue";
import { ready } from "../wasm/instance.js";
import type { CodeTable, Language } from "../generated/codes.js";

/**
 * The label of a code.
 *
 * @param language "zh" by default.
 * @returns "已接" or "answered"; for a code that the table does not have "未知(37)" or "unknown (37)"; for `null`
 * "未知" or "unknown".
 * @throws {ByrobotError} `invalid_argument` for an unknown table or language.
 *
 * ```ts
 * label("finishStatus", FinishStatus.Answered, "en"); // "answered"
 * ```
 */
export function label(table: CodeTable, code: number | string | null, language?: Language): string {
  ready();
  return labelOf(table, code, language);
}
