// Keeps the screen awake while a page is shown. The browser drops the lock of a hidden page, so it is taken again.
import { useDocumentVisibility } from "@vueuse/core";
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";

/** `refused`: by the browser, for example to save the battery; `unsupported`: it has no such lock. */
export type ScreenLock = "waiting" | "on" | "refused" | "unsupported";

export function useScreenLock(): Readonly<ShallowRef<ScreenLock>> {
  const state = shallowRef<ScreenLock>("waiting");
  if (!("wakeLock" in navigator)) {
    state.value = "unsupported";
    return state;
  }
  const visibility = useDocumentVisibility();
  let lock: WakeLockSentinel | null = null;
  let isOver = false;

  async function request(): Promise<void> {
    try {
      const taken = await navigator.wakeLock.request("screen");
      if (isOver) return void taken.release();
      lock = taken;
      state.value = "on";
      taken.addEventListener("release", () => {
        if (lock === taken && !isOver) state.value = "waiting";
      });
    } catch {
      state.value = "refused";
    }
  }
  watch(visibility, (now) => void (now === "visible" && request()), { immediate: true });
  onScopeDispose(() => {
    isOver = true;
    void lock?.release();
  });
  return state;
}
