/// <reference lib="esnext.disposable" preserve="true" />
// `CallTable`. The work is done in Rust, src/table. Not here: its questions (call-questions.ts).
import { Table, type View } from "#glue";
import { allocating, bytesOf } from "./bytes.js";
import { CallQuestions, viewOf } from "./call-questions.js";
import type { LinkedCharts } from "./call-set.js";
import { type ChangeFeed, feedOf, type TableChange } from "./changes.js";
import type { ChartSpec } from "./charts.js";
import { type IngestOptions, type IngestReport, reportOf } from "./ingest.js";
import { Linked } from "./linked.js";
import { csvRows, csvText, ownRows } from "./own-rows.js";
import { withRows } from "./rows.js";
import { share } from "./shared.js";
import type { DoneCall } from "../generated/models.js";
import { invalidArgument, isList, optionsOf, reading } from "../wasm/errors.js";
import { type Handle, handleOf, hide } from "../wasm/handle.js";
import { ready } from "../wasm/instance.js";

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
  declare private readonly table: Handle<Table>;
  /** @internal */
  declare private readonly feed: ChangeFeed;

  constructor();
  /** @internal */
  constructor(table: Table);
  constructor(inside: Table = newTable()) {
    if (!(inside instanceof Table)) throw invalidArgument("table", "expected no arguments");
    const table = handleOf("table", inside);
    super(latest(table));
    const feed = feedOf(table);
    hide(this, { table, feed });
    share(this, {
      second: () => handleOf("table", table().share()),
      tell: () => feed.tell(),
    });
  }

  /**
   * The table of a snapshot.
   *
   * @throws {ByrobotError} `snapshot` for bytes that are not a snapshot, or a damaged one, or one of a newer version.
   */
  static restore(snapshot: Uint8Array): CallTable {
    ready();
    return new CallTable(Table.restore(bytesOf(snapshot)));
  }

  /** The number of calls. */
  override get length(): number {
    return this.table().length;
  }

  /**
   * Adds the body of an answer of `queryDoneTaskPhones` as it was sent, or rows. After an error the table is unchanged.
   *
   * A row of an answer replaces the row with its `callInstanceId`. A row of your own may have some of the fields: a
   * field that it lacks, or that is `undefined`, stays as it is in a known call; `null` removes the value.
   * Rows may have ISO times, `Date`s, fields under your own names, and the form of the vendor's callbacks; unknown
   * fields go to `extra`.
   *
   * ```ts
   * const response = await fetch("/byrobot/openapi/v1/task/queryDoneTaskPhones", {
   *   method: "POST",
   *   headers: { "content-type": "application/json" },
   *   body: JSON.stringify({ callJobId: 21752, pageSize: 50 }),
   * });
   * const { added, oddities } = table.ingest(await response.arrayBuffer());
   * table.ingest([{ callInstanceId: 70258002706, finishStatus: 0, startTime: new Date() }]);
   * ```
   * @throws {ByrobotError} `not_json`, `unexpected_shape` or the vendor's error, as the client does;
   * `invalid_argument` for values that are not rows; `path` names the value, "calls[3].callInstanceId".
   */
  ingest(
    source: Uint8Array | ArrayBuffer | string | readonly object[],
    options?: IngestOptions,
  ): IngestReport {
    const { format, ...given } = optionsOf(options, ["columns", "format"]);
    if (format != null && format !== "csv") throw invalidArgument("format", 'expected "csv"');
    // Not kept: reading the arguments may call code of the caller that frees the table.
    const { table } = this;
    table();
    const isArray = isList(source);
    if (format && isArray) throw invalidArgument("format", "expected a text, not rows");
    if (!isArray && !format) {
      if (given.columns) throw invalidArgument("columns", "expected rows, or CSV with its format");
      const bytes = bytesOf(source);
      return told(this.feed, table().ingestBody(bytes));
    }
    const columns = reading("columns", "an object that can be read", () => ({ ...given.columns }));
    for (const [field, name] of Object.entries(columns)) {
      if (table().hasField(field) && (name == null || typeof name === "string")) continue;
      throw invalidArgument(
        `columns.${field}`,
        "expected a field of a call with the name of a column",
      );
    }
    const calls = isArray
      ? (source as readonly object[])
      : csvRows(typeof source === "string" ? source : csvText(bytesOf(source)));
    const missing = new Set<string>();
    return withRows(table().rows(), ownRows(calls, columns, missing), !isArray, (rows) => {
      const { length } = rows;
      const report = told(this.feed, table().ingestRows(rows));
      for (const field of length > 0 ? missing : []) {
        const example = `calls[0].${field}`;
        report.oddities.push({ field, kind: "missing", count: length, example });
      }
      return report;
    });
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

  /** Charts that filter each other, as `linked` of every set of calls; they include calls that the table gets later. */
  override linked<const T extends Record<string, ChartSpec>>(charts: T): LinkedCharts<T> {
    return new Linked(this.table, charts, viewOf);
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

function newTable(): Table {
  ready();
  return new Table();
}

/** The report of a change, after the listeners have been told of it. */
function told(feed: ChangeFeed, report: Parameters<typeof reportOf>[0]): IngestReport {
  feed.tell();
  return reportOf(report);
}

/** A view of all calls of a table; after a change of the table it makes a new one. */
function latest(table: Handle<Table>): Handle<View> {
  let view: Handle<View> | undefined;
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
