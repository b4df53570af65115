// How an object of the package holds its part in the WebAssembly module. Not here: when the module fails
// (instance.ts).
import { internalError, invalidArgument } from "./errors.js";
import { generation } from "./instance.js";

/**
 * Gives the part in the module, or throws when it has been freed, or when the module has failed since.
 *
 * A function, and no object: Vue and others wrap every object that they meet, and a wrapped part could
 * not be freed. What changes lies in the closure, because such a wrapper may be read-only.
 */
export interface Handle<T> {
  (): T;
  /** Gives the memory back. Harmless when repeated, and after the module has failed. */
  free(): void;
}

/** A handle; `name` is what an error calls the object. @internal */
export function handleOf<T extends { free(): void }>(name: string, part: T): Handle<T> {
  const born = generation();
  let held: T | undefined = part;
  const handle = () => {
    if (held === undefined) throw invalidArgument(name, "it has been freed; make a new one");
    if (born !== generation()) {
      throw internalError(`this ${name} failed earlier and cannot be used again: make a new one`);
    }
    return held;
  };
  handle.free = () => {
    const freed = held;
    held = undefined;
    // A new instance of the module knows nothing of the parts of the old one.
    if (born === generation()) freed?.free();
  };
  return handle;
}

/**
 * Sets fields that nobody else sees: React's development build and others read whatever is enumerable,
 * also of what has been freed.
 *
 * @internal
 */
export function hide<T extends object>(owner: T, fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    // Configurable, so that a Proxy may give a wrapper of it.
    Object.defineProperty(owner, name, { value, configurable: true });
  }
}
