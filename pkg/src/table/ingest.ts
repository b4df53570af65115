// The options and the report of an ingest. Not here: the ingest (src/ingest/general.rs).
import type { DoneCall } from "../generated/models.js";

/** The names of your columns, by the field that they hold. A field that is not named has its own name. */
export type OwnColumns = { readonly [F in Exclude<keyof DoneCall, "extra">]?: string | undefined };

/** Options of `ingest` for rows that you already have. */
export interface IngestOptions {
  /**
   * The names of your columns, by the field that they hold. A column that has the name of such a field is left out.
   *
   * ```ts
   * table.ingest([{ id: 7, talk_seconds: 31 }], {
   *   columns: { callInstanceId: "id", duration: "talk_seconds" },
   * });
   * ```
   */
  columns?: OwnColumns | undefined;
  /**
   * The text is CSV in UTF-8, with commas: an export of `toCSV` in either language, or any CSV whose header has names
   * of fields or of `columns`. An empty cell gives no value.
   */
  format?: "csv" | undefined;
}

/** The report of an ingest. */
export interface IngestReport {
  /** Calls that were new to the table. */
  added: number;
  /** Calls whose row changed. */
  updated: number;
  /** Calls whose row was equal. */
  unchanged: number;
  /** `total` of the page; `null` for rows, and if the server does not send it. */
  total: number | null;
  /** Fields that differed from the vendor's document, by name. */
  oddities: Oddity[];
}

/** How often a field differed from the vendor's document in one way. */
export interface Oddity {
  /** The vendor's name; empty for `not_utf8`. */
  field: string;
  /**
   * - `missing`: documented, but not sent; for rows of your own, a name in `columns` that no row has
   * - `text_for_number`, `number_for_text`: sent as a text, as a number
   * - `other_form`: in a form that the document does not have, but readable
   * - `unreadable`: not readable, or only in part; the value as sent is under `extra`, a time in the field itself
   * - `unknown_field`: not documented; the value is under `extra`
   * - `too_deep`: nested deeper than 96 levels; the value is lost, the rest of the row is kept
   * - `not_utf8`: the body has bytes that are not UTF-8, for example GBK; each becomes U+FFFD
   */
  kind:
    | "missing"
    | "text_for_number"
    | "number_for_text"
    | "other_form"
    | "unreadable"
    | "unknown_field"
    | "too_deep"
    | "not_utf8";
  /** Rows with it; 1 for `not_utf8`. */
  count: number;
  /**
   * The first one, "data.list[3].duration"; for rows of your own "calls[3].duration"; for `not_utf8` the first byte,
   * "byte 57".
   */
  example: string;
}

/** The report from its numbers, in the order of src/wasm/table/mod.rs, and its oddities. @internal */
export function reportOf([numbers, oddities = []]: [Float64Array, Oddity[]?]): IngestReport {
  const [added = 0, updated = 0, unchanged = 0, total = NaN] = numbers;
  return { added, updated, unchanged, total: Number.isNaN(total) ? null : total, oddities };
}
