// Rows of a program under the names of fields: from its own names, from the bodies of the vendor's callbacks, from CSV.
// Not here: reading the values (src/ingest/call_rows.rs).
import type { OwnColumns } from "./ingest.js";
import type { CallDetail, TaskResult } from "../generated/models.js";
import { invalidArgument } from "../wasm/errors.js";

/**
 * The rows under the names of fields. Removes from `missing` the fields that a row has.
 *
 * @internal
 */
export function* ownRows(
  rows: Iterable<object>,
  columns: OwnColumns,
  missing: Set<string>,
): Generator<object> {
  const names: [string, string][] = [];
  for (const [field, name] of Object.entries(columns)) {
    if (name == null) continue;
    names.push([field, name]);
    missing.add(field);
  }
  for (const row of rows) {
    const own: Record<string, unknown> = { ...row };
    for (const [field, name] of names) {
      delete own[field];
      delete own[name];
    }
    for (const [field, name] of names) {
      const value: unknown = Reflect.get(Object(row), name);
      if (value === undefined) continue;
      own[field] = value;
      missing.delete(field);
    }
    yield typeof row === "object" && row !== null ? callOf(own) : row;
  }
}

/** More results than any call has. */
const mostResults = 10_000;

/** The row of a callback, from its whole body or a part of it; any other row as it is. */
function callOf(row: object): object {
  const { callInstanceId, sceneInstance, taskResult, data } = row as Callback;
  if (callInstanceId !== undefined) return row;
  const results = Array.isArray(taskResult) ? taskResult : [];
  // An array may claim any length.
  if (results.length > mostResults) throw invalidArgument("calls", "a row has too many results");
  const pairs = results
    .filter((result) => result instanceof Object)
    .map(({ resultName: name, resultValue: value }) => ({ name, value }))
    .filter(({ value }) => value != null);
  if (sceneInstance) return { ...sceneInstance, ...(taskResult && { resultList: pairs }) };
  // A correction by hand gives single results, not the list.
  if (results[0]) {
    const resultList = Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
    return { callInstanceId: results[0].sceneInstanceId, resultList };
  }
  return typeof data === "object" && data !== null ? callOf(data) : row;
}

type Callback = Partial<CallDetail> & {
  callInstanceId?: unknown;
  taskResult?: Partial<TaskResult>[];
  data?: object;
};

/** A cell, quoted or plain, and what ends it. */
const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n?|\n|$)/y;

/** The lines of a CSV as objects of titles and cells. Lines and cells without content are left out. @internal */
export function* csvRows(text: string): Generator<object> {
  let header: string[] | undefined;
  let line: string[] = [];
  let row = 0;
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at < text.length || line.length > 0;) {
    cell.lastIndex = at;
    const [all, quoted, plain, end] = cell.exec(text) ?? [];
    if (all === undefined) throw invalidArgument(`calls[${row}]`, "expected CSV with commas");
    at += all.length;
    line.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === ",") continue;
    const cells = line;
    line = [];
    if (!cells.some(Boolean)) continue;
    if (header === undefined) header = cells.map((title) => title.trim());
    else {
      if (cells.length > header.length) {
        throw invalidArgument(`calls[${row}]`, "it has more cells than the header");
      }
      row += 1;
      const pairs = cells.map((content, index) => [header?.[index], content]);
      yield Object.fromEntries(pairs.filter(([, content]) => content));
    }
  }
  if (header === undefined) throw invalidArgument("calls", "expected CSV with a header");
}

/** The text of a CSV. @internal */
export function csvText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalidArgument("calls", "the CSV is not UTF-8; decode it with TextDecoder", cause);
  }
}
