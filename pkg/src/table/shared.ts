// What a client needs of a table. The table may be of another entry point or of another copy of the package: then its part
// lies in another WebAssembly module, and its class is another one.
import type { Table } from "#glue";
import { invalidArgument } from "../wasm/errors.js";
import { type Handle, hide } from "../wasm/handle.js";

/** A table for a client. @internal */
export interface SharedTable {
  /** A second handle of the table. It outlives the owner's `free()`. */
  second(): Handle<Table>;
  /** Tells the listeners of the table what has changed. */
  tell(): void;
}

const prefix = "byrobot-calls.table.";

/**
 * With the version of `SharedTable` and of the methods of `Table` that a client calls (pkg/src/client/run.ts,
 * src/wasm/client/foreign_table.rs).
 */
const key = Symbol.for(`${prefix}1`);

/** Lets clients find the table. @internal */
export function share(table: object, shared: SharedTable): void {
  hide(table, { [key]: shared });
}

/**
 * The table of an argument.
 *
 * @throws {ByrobotError} `invalid_argument` for another value, and for a table that this client does not understand.
 * @internal
 */
export function sharedOf(table: unknown): SharedTable {
  if (typeof table === "object" && table !== null) {
    const shared = (table as Record<symbol, SharedTable | undefined>)[key];
    if (shared !== undefined) return shared;
    const others = Object.getOwnPropertySymbols(table).map((symbol) => Symbol.keyFor(symbol));
    if (others.some((name) => name?.startsWith(prefix))) {
      throw invalidArgument("table", "it is of another version of byrobot-calls: use one version");
    }
  }
  throw invalidArgument("table", "expected a CallTable");
}
