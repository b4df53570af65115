// The report of an ingest. Not here: the ingest (src/table/ingest.rs).

/** What came of an ingest. */
export interface IngestReport {
  /** Calls that were not in the table. */
  added: number;
  /** Calls whose row was replaced. */
  updated: number;
  /** Calls whose row said the same already. */
  unchanged: number;
  /** `total` of the page; `null` for rows, and where the server leaves it out. */
  total: number | null;
  /** Fields that departed from the vendor's document, by name. */
  oddities: Oddity[];
}

/** How often a field departed from the vendor's document in one way. */
export interface Oddity {
  /** The vendor's name; empty for `not_utf8`. */
  field: string;
  /**
   * - `missing`: documented, and not sent
   * - `text_for_number`, `number_for_text`: sent as the other
   * - `other_form`: in a form of no document, and read all the same
   * - `unreadable`: not read, or in part; the raw value is under `extra`, a time's in the field itself
   * - `unknown_field`: in no document; under `extra`
   * - `too_deep`: nested more than 96 deep; that value is lost, the rest of the row is there
   * - `not_utf8`: the body has bytes that are not UTF-8, as of a server that sends GBK; each is U+FFFD
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
  /** Rows; 1 for `not_utf8`. */
  count: number;
  /** The first of them, "data.list[3].duration"; for `not_utf8` the first byte, "byte 57". */
  example: string;
}

/** The numbers of a report, whose order `src/wasm/table.rs` has, too; and its oddities, if there are any. @internal */
export function reportOf([numbers, oddities = []]: [Float64Array, Oddity[]?]): IngestReport {
  const [added = 0, updated = 0, unchanged = 0, total = NaN] = numbers;
  return { added, updated, unchanged, total: Number.isNaN(total) ? null : total, oddities };
}
