// Signals that are aborted, also where these have no reason and no `throwIfAborted`: Chrome before 100,
// Firefox before 97.

/** Why a signal is aborted; an `AbortError` where it does not say. @internal */
export const reasonOf = ({ reason }: AbortSignal): unknown =>
  reason === undefined ? new DOMException("This operation was aborted", "AbortError") : reason;

/** Throws the reason of a signal that is aborted. @internal */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}
