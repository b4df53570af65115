// The list that a call was opened from, as it was then: the next and the previous call are those of its filters and its
// order. Not here: the list (CallsTable.vue).
import type { CallView, DoneCall, RowsOptions } from "byrobot-calls/streaming";

type Order = Pick<RowsOptions, "sortBy" | "descending">;

interface Sequence {
  readonly view: CallView;
  readonly order: Order;
  /** The path of the page with the list. */
  readonly page: string;
  /** The place of the call that is read now. */
  at: number;
  /** Whether the list has been shown again since. */
  isShown: boolean;
}

/** The place of a call among those of the list. */
export interface Place {
  /** From 0. */
  readonly index: number;
  readonly length: number;
  readonly call: DoneCall;
  readonly previous: DoneCall | null;
  readonly next: DoneCall | null;
}

let sequence: Sequence | null = null;

/** Remembers the list when one of its calls is opened. It frees the view when another list takes its place. */
export function openSequence(view: CallView, order: Order, at: number, page: string): void {
  sequence?.view.free();
  sequence = { view, order, at, page, isShown: false };
}

/** The place of a call; null without a list, and for a call that is neither the last one read nor beside it. */
export function placeOf(id: number): Place | null {
  if (!sequence) return null;
  const { view, order, at } = sequence;
  const from = Math.max(0, at - 2);
  const rows = view.rows({ ...order, offset: from, limit: 5 });
  const found = rows.findIndex(({ callInstanceId }) => callInstanceId === id);
  const index = from + found;
  if (found < 0 || Math.abs(index - at) > 1) return null;
  sequence.at = index;
  return {
    index,
    length: view.length,
    call: rows[found]!,
    previous: rows[found - 1] ?? null,
    next: rows[found + 1] ?? null,
  };
}

/** Where the list was left, for the list that is shown again; null for another one, and the second time. */
export function leftAt(page: string): number | null {
  if (!sequence || sequence.isShown || sequence.page !== page) return null;
  sequence.isShown = true;
  return sequence.at;
}
