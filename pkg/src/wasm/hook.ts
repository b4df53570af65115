// Functions of the caller that are called for information: hooks and listeners.

/** Calls a hook. If it throws or rejects, the console shows the error, and the work continues. @internal */
export function hooked(tell: () => unknown): void {
  (async () => tell())().catch((error: unknown) => console.error(error));
}
