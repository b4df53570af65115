// The vue-i18n instance, with the texts and number formats of each language.
import { createI18n } from "vue-i18n";
import { en } from "./en";
import { zh, type Messages } from "./zh";

export type Language = "zh" | "en";

declare module "vue-i18n" {
  export interface DefineLocaleMessage extends Messages {}
}

const percent = {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
} as const;

export const i18n = createI18n({
  legacy: false,
  locale: "zh",
  fallbackLocale: "zh",
  messages: { zh, en },
  numberFormats: { zh: { percent }, en: { percent } },
});
