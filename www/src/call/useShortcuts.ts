// Shortcuts of a page by single keys, which a person can turn off: speech input and shaking hands press keys (WCAG 2.1.4).
import { useEventListener } from "@vueuse/core";
import { computed } from "vue";
import { remembered } from "../settings/remembered";

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const chosen = remembered("shortcuts", isBoolean);

/** Whether single keys act. Escape always does. */
export const shortcutsOn = computed({
  get: () => chosen.value ?? true,
  set: (on) => (chosen.value = on ? null : false),
});

const takesText =
  'input:not([type="range"], [type="checkbox"]), textarea, select, [contenteditable="true"]';

/** Runs the action of a key, by `KeyboardEvent.key` in lower case, unless what has the focus needs the key. */
export function useShortcuts(actions: Record<string, () => void>): void {
  useEventListener(document, "keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(takesText) || document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === " " && target.closest("a, button, summary, input")) return;
    const action = actions[key];
    if (!action || (key !== "Escape" && !shortcutsOn.value)) return;
    event.preventDefault();
    action();
  });
}
