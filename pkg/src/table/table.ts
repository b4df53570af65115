/// <reference lib="esnext.disposable" preserve="true" />
// `CallTable`. The work is done in Rust, src/table. Not here: its questions (call-set.ts).
import type * as glue from "#glue";
import { allocating, bytesOf } from "./bytes.js";
import { CallQuestions } from "./call-set.js";
import { type ChangeFeed, feedOf, type TableChange } from "./changes.js";
import { type IngestReport, reportOf } from "./ingest.js";
import { type ChartSpec, Linked, type LinkedCharts } from "./linked.js";
import { withRows } from "./rows.js";
import type { DoneCall } from "../generated/models.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { instance } from "../wasm/instance.js";

/**
 * Finished calls in columns. It filters and counts a million calls within a frame.
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
  /** @internal */
  declare private readonly feed: ChangeFeed;

  constructor();
  /** @internal */
  constructor(table: glue.Table);
  constructor(inside: glue.Table = new (instance().Table)()) {
    const table = handleOf("table", inside);
    super(latest(table));
    hide(this, { table, feed: feedOf(table) });
  }

  /**
   * The table of a snapshot.
   *
   * @throws {ByrobotError} `snapshot` for bytes that are not a snapshot, or a damaged one, or one of a newer version.
   */
  static restore(snapshot: Uint8Array): CallTable {
    return new CallTable(instance().Table.restore(bytesOf(snapshot)));
  }

  /** The number of calls. */
  override get length(): number {
    return this.table().length;
  }

  /**
   * Adds the body of an answer of `queryDoneTaskPhones` as it was sent, or rows. A row with a known `callInstanceId`
   * replaces the old row. Rows keep every field. After an error the table is unchanged.
   *
   * ```ts
   * const response = await fetch("/byrobot/openapi/v1/task/queryDoneTaskPhones", {
   *   method: "POST",
   *   headers: { "content-type": "application/json" },
   *   body: JSON.stringify({ callJobId: 21752, pageSize: 50 }),
   * });
   * const { added, oddities } = table.ingest(await response.arrayBuffer());
   * ```
   * @throws {ByrobotError} `not_json`, `unexpected_shape` or the vendor's error, as the client does;
   * `invalid_argument` for values that are not rows.
   */
  ingest(source: Uint8Array | ArrayBuffer | string | readonly DoneCall[]): IngestReport {
    const table = this.table();
    const report = Array.isArray(source)
      ? withRows(source, (rows) => table.ingestRows(rows))
      : table.ingestBody(bytesOf(source));
    this.feed.tell();
    return reportOf(report);
  }

  /** A number that grows with every change of the calls. Equal numbers mean that nothing has changed. */
  get revision(): number {
    return this.table().revision;
  }

  /**
   * Calls `listener` after each change: of `ingest`, of `clear`, and of each page of a synchronisation. It costs nothing
   * without a listener. If a listener throws, the console shows the error.
   *
   * ```ts
   * const unsubscribe = table.subscribe((change) => {
   *   for (const { callInstanceId, changed } of change.updates()) {
   *     if (changed.finishStatus) console.log(callInstanceId, ...changed.finishStatus);
   *   }
   * });
   * ```
   * @returns A function that ends the subscription. `free` ends all.
   */
  subscribe(listener: (change: TableChange) => void): () => void {
    return this.feed.subscribe(listener);
  }

  /**
   * The table as bytes, with a version and a checksum; about a quarter of the size of the bodies. They include how far
   * each list has been synchronised.
   *
   * ```ts
   * const kept = CallTable.restore(table.snapshot());
   * ```
   */
  snapshot(): Uint8Array {
    return allocating(() => this.table().snapshot());
  }

  /** The call with this id, or `null`. */
  get(callInstanceId: number): DoneCall | null {
    return this.table().get(callInstanceId);
  }

  /**
   * Charts that filter each other: each shows the calls that pass every filter but its own. They include calls that
   * the table gets later.
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

  /** Removes all calls. Views keep theirs. */
  clear(): void {
    this.table().clear();
    this.feed.tell();
  }

  /** The bytes of the columns: numbers and codes, texts, and the index of ids. */
  memory(): {
    /** Numbers, codes and times. */
    numbers: number;
    /** Names, telephone numbers, links, results, and values without a column. */
    texts: number;
    /** The index from ids to rows. */
    index: number;
  } {
    const [numbers = 0, texts = 0, index = 0] = this.table().memory();
    return { numbers, texts, index };
  }

  /** Frees the memory; the table cannot be used any more. Views keep their calls. */
  free(): void {
    this.feed.free();
    this.view.free();
    this.table.free();
  }

  /** `free()` for `using`. */
  [Symbol.dispose](): void {
    this.free();
  }
}

/** A view of all calls of a table; after a change of the table it makes a new one. */
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
