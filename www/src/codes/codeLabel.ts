// Labels of codes in the language of the page.
import { label, type CodeTable } from "byrobot-calls/streaming";
import { language } from "../settings/language";

type Label = (table: CodeTable, code: number | string | null) => string;

/** The package's label of a code, with a capital first letter in English. */
export const codeLabel: Label = (table, code) => {
  const words = label(table, code, language.value);
  return words.charAt(0).toUpperCase() + words.slice(1);
};
