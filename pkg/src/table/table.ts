/// <reference lib="esnext.disposable" preserve="true" />
// `CallTable`. The work is done in Rust, src/table. Not here: its questions (call-set.ts).
import type * as glue from "#glue";
import { allocating, bytesOf } from "./bytes.js";
import { CallQuestions } from "./call-set.js";
import { type IngestReport, reportOf } from "./ingest.js";
import { type ChartSpec, Linked, type LinkedCharts } from "./linked.js";
import { withRows } from "./rows.js";
import type { DoneCall } from "../generated/models.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { instance } from "../wasm/instance.js";

/**
 * Finished calls in columns: a million of them, filtered and counted between two frames.
 *
 * ```ts
 * using table = new CallTable();
 * await client.syncDoneCalls(table, { callJobId: 21752 });
 * const { answerRate } = table.where({ hourOfDay: [9, 10, 11] }).statistics();
 * ```
 */
export class CallTable extends CallQuestions {
  /** @internal */
  declare private readonly table: Handle<glue.Table>;

  constructor();
  /** @internal */
  constructor(table: glue.Table);
  constructor(inside: glue.Table = new (instance().Table)()) {
    const table = handleOf("table", inside);
    super(latest(table));
    hide(this, { table });
  }

  /**
   * The table that `snapshot` made bytes of.
   *
   * @throws {ByrobotError} `snapshot`, for bytes that are none, damaged, or of a newer version.
   */
  static restore(snapshot: Uint8Array): CallTable {
    return new CallTable(instance().Table.restore(bytesOf(snapshot)));
  }

  /** Calls in it. */
  override get length(): number {
    return this.table().length;
  }

  /**
   * Takes in the body of an answer of `queryDoneTaskPhones` as it came, or rows. A row whose
   * `callInstanceId` is known takes the place of the old one. Nothing of a row is lost. If anything is
   * wrong, nothing is taken in.
   *
   * ```ts
   * const response = await fetch("/byrobot/openapi/v1/task/queryDoneTaskPhones", {
   *   method: "POST",
   *   headers: { "content-type": "application/json" },
   *   body: JSON.stringify({ callJobId: 21752, pageSize: 50 }),
   * });
   * const { added, oddities } = table.ingest(await response.arrayBuffer());
   * ```
   * @throws {ByrobotError} `not_json`, `unexpected_shape` or the vendor's refusal, as the client would;
   * `invalid_argument` for rows that are none.
   */
  ingest(source: Uint8Array | ArrayBuffer | string | readonly DoneCall[]): IngestReport {
    const table = this.table();
    if (!Array.isArray(source)) return reportOf(table.ingestBody(bytesOf(source)));
    return reportOf(withRows(source, (rows) => table.ingestRows(rows)));
  }

  /**
   * The calls as bytes to keep: versioned, checksummed, about a quarter of the bodies they came from.
   * How far lists have been synchronised is kept with them.
   *
   * ```ts
   * const kept = CallTable.restore(table.snapshot());
   * ```
   */
  snapshot(): Uint8Array {
    return allocating(() => this.table().snapshot());
  }

  /** The call of that id, or `null`. */
  get(callInstanceId: number): DoneCall | null {
    return this.table().get(callInstanceId);
  }

  /**
   * Charts that filter each other: each shows the calls that pass every filter but its own. New calls
   * appear in them by themselves.
   *
   * ```ts
   * const charts = table.linked({
   *   length: { histogram: "duration", edges: [0, 10, 30, 60, 120, 600] },
   *   hours: { groupBy: "hourOfDay" },
   *   all: { statistics: true },
   * });
   * charts.filter("length", { duration: { min: 30, max: 60 } }); // on every move of the mouse
   * const { hours, all } = charts.read();
   * ```
   */
  linked<T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T> {
    return new Linked(this.table(), charts);
  }

  /** Forgets all calls. Views keep theirs. */
  clear(): void {
    this.table().clear();
  }

  /** The bytes its columns take up: numbers and codes, texts, and the index of ids. */
  memory(): {
    /** Of numbers, codes and times. */
    numbers: number;
    /** Of names, telephone numbers, links, results, and of what no column can show. */
    texts: number;
    /** By which an id finds its row. */
    index: number;
  } {
    const [numbers = 0, texts = 0, index = 0] = this.table().memory();
    return { numbers, texts, index };
  }

  /** Gives its memory back; it cannot be used any more. Views keep theirs. */
  free(): void {
    this.view.free();
    this.table.free();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.free();
  }
}

/** The calls of a table as they are now: a view that is made anew when the table has changed. */
function latest(table: Handle<glue.Table>): Handle<glue.View> {
  let view: Handle<glue.View> | undefined;
  let seen = 0;
  const handle = () => {
    const { revision } = table();
    if (revision !== seen) handle.free();
    seen = revision;
    view ??= handleOf("view", table().view());
    return view();
  };
  handle.free = () => {
    view?.free();
    view = undefined;
  };
  return handle;
}
