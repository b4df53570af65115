// Settings in the browser's localStorage.
import { ref, watch, type Ref } from "vue";

const prefix = "byrobot-calls.";

function load(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(prefix + key) ?? "null");
  } catch {
    return null; // access is refused, or the value is not JSON
  }
}

function save(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // A private window may refuse storage: the setting then lasts as long as the page.
  }
}

/** A setting kept between visits. A stored value that `accept` refuses is read as null. */
export function remembered<T>(key: string, accept: (value: unknown) => value is T): Ref<T | null> {
  const stored = load(key);
  const setting = ref(accept(stored) ? stored : null) as Ref<T | null>;
  watch(setting, (value) => save(key, value));
  return setting;
}
