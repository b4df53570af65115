// The language of the page: the person's choice, else that of the browser.
import { computed, watchEffect } from "vue";
import { i18n, type Language } from "../i18n";
import { remembered } from "./remembered";

const chosen = remembered(
  "language",
  (value): value is Language => value === "zh" || value === "en",
);

const preferred: Language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

export const language = computed(() => chosen.value ?? preferred);

export function chooseLanguage(wanted: Language): void {
  chosen.value = wanted;
}

export const toggleLanguage = (): void => chooseLanguage(language.value === "zh" ? "en" : "zh");

watchEffect(() => {
  i18n.global.locale.value = language.value;
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
