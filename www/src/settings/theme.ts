// The colour theme: the person's choice, else that of the system.
import { computed, ref, watchEffect } from "vue";
import { remembered } from "./remembered";

export type Theme = "light" | "dark";

const query = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = ref<Theme>(query.matches ? "dark" : "light");
query.addEventListener("change", () => (systemTheme.value = query.matches ? "dark" : "light"));

const chosen = remembered(
  "theme",
  (value): value is Theme => value === "light" || value === "dark",
);

/** The theme in effect. */
export const theme = computed(() => chosen.value ?? systemTheme.value);

/** The choice; "system": none, the page follows the system. */
export const chosenTheme = computed(() => chosen.value ?? "system");

export function chooseTheme(wanted: Theme | "system"): void {
  chosen.value = wanted === "system" ? null : wanted;
}

/** Choosing the system's theme removes the choice: the page follows the system again. */
export function toggleTheme(): void {
  const other: Theme = theme.value === "dark" ? "light" : "dark";
  chosen.value = other === systemTheme.value ? null : other;
}

watchEffect(() => {
  if (chosen.value) document.documentElement.dataset["theme"] = chosen.value;
  else delete document.documentElement.dataset["theme"];
});
