// Handles: an object of the package refers to its part in the WebAssembly module by one. Not here: failures of
// the module (instance.ts).
import { internalError, invalidArgument } from "./errors.js";
import { generation, whenIdle } from "./instance.js";

/**
 * Returns the part in the module. Throws if the part has been freed, or if the module has failed since.
 *
 * It is a function, not an object: Vue and others wrap each object in a Proxy, and a wrapped part could not be
 * freed. Its state is in the closure, because such a Proxy may be read-only.
 */
export interface Handle<T> {
  (): T;
  /** Frees the memory. A second call, or one after a failure of the module, does nothing. */
  free(): void;
}

/** Makes a handle; errors call the object `name`. @internal */
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
    if (freed === undefined) return;
    whenIdle(() => {
      // The parts of an old instance are not in the new one.
      if (born === generation()) freed.free();
    });
  };
  return handle;
}

/**
 * Sets fields that are not enumerable: React's development build and others read every enumerable field, also
 * those of a freed object.
 *
 * @internal
 */
export function hide<T extends object>(owner: T, fields: Record<PropertyKey, unknown>): void {
  for (const name of Reflect.ownKeys(fields)) {
    // Configurable, so that a Proxy may return a wrapper of it.
    Object.defineProperty(owner, name, { value: fields[name], configurable: true });
  }
}
