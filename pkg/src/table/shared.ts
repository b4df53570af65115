// What a client needs of a table. The table may be of another entry point or of another copy of the package: then its part
// lies in another WebAssembly module, and its class is another one.
import type { Table } from "#glue";
import { invalidArgument, reading } from "../wasm/errors.js";
import { type Handle, hide } from "../wasm/handle.js";
import { version } from "../wasm/version.js";

/** A table for a client. @internal */
export interface SharedTable {
  /** A second handle of the table. It outlives the owner's `free()`. */
  second(): Handle<Table>;
  /** Tells the listeners of the table what has changed. */
  tell(): void;
  /** The version of the package, for the message of a client of another version. */
  readonly version: string;
}

const prefix = "byrobot-calls.table.";

/**
 * With the version of `SharedTable` and of the methods of `Table` that a client calls (pkg/src/client/run.ts,
 * src/wasm/client/foreign_table.rs).
 */
const key = Symbol.for(`${prefix}1`);

/** Lets clients find the table. @internal */
export function share(table: object, shared: Omit<SharedTable, "version">): void {
  hide(table, { [key]: { ...shared, version } });
}

/**
 * The table of an argument.
 *
 * @throws {ByrobotError} `invalid_argument` for another value, and for a table that this client does not understand.
 * @internal
 */
export function sharedOf(table: unknown): SharedTable {
  return reading("table", "a CallTable", () => {
    if (typeof table === "object" && table !== null) {
      const parts = table as Record<symbol, SharedTable | undefined>;
      const shared = parts[key];
      if (typeof shared?.second === "function") return shared;
      const other = Object.getOwnPropertySymbols(table).find((symbol) =>
        Symbol.keyFor(symbol)?.startsWith(prefix),
      );
      if (other !== undefined) {
        const theirs = parts[other]?.version;
        const is = typeof theirs === "string" ? `version ${theirs}` : "another version";
        throw invalidArgument(
          "table",
          `it is of ${is} of byrobot-calls, and the client of version ${version}: use one version`,
        );
      }
    }
    throw invalidArgument("table", "expected a CallTable");
  });
}
