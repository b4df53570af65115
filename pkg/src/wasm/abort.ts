// Aborted signals. In Chrome before 100 and Firefox before 97 they have no `reason` and no `throwIfAborted`.

/** The reason of an aborted signal; an `AbortError` if it has none. @internal */
export const reasonOf = ({ reason }: AbortSignal): unknown =>
  reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;

/** Throws the reason if the signal is aborted. @internal */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}
