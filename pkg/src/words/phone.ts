// Telephone numbers for people to look at. Not here: what is masked of exported data (`CallTable.toCSV`) and of
// answers (the proxy's `maskPhones`).
import { maskPhone as masked } from "#glue";
import { ready } from "../wasm/instance.js";

/**
 * A telephone number without its middle, by the rules of the CSV and the proxy. All digits of the text are one number.
 *
 * @returns "139****1234"; fewer than seven digits, as of a service or in the name of a line, stay as they are.
 * @throws {ByrobotError} `invalid_argument` for what is no string.
 *
 * ```ts
 * maskPhone("+86 139 0000 1234"); // "+86 1** **** 1234"
 * ```
 */
export function maskPhone(phone: string): string {
  ready();
  return masked(phone);
}
