// The tip of all charts: what it says and where. Only one mark is pointed at or focused at a time.
import { shallowRef } from "vue";

/** `x` and `y` in the window; the first line is the heading. */
export const tip = shallowRef<{ lines: readonly string[]; x: number; y: number } | null>(null);

export function hideTip(): void {
  tip.value = null;
}
