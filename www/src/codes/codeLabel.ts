import { label, type CodeTable } from "byrobot-calls";
import { language } from "../settings/language";

type Label = (table: CodeTable, code: number | string | null) => string;

/** The package's own words for a code, in the page's language. English ones begin with a capital here. */
export const codeLabel: Label = (table, code) => {
  const words = label(table, code, language.value);
  return words.charAt(0).toUpperCase() + words.slice(1);
};
