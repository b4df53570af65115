// The intent level of a call, in the vendor's words.
import type { NamedValue } from "byrobot-calls/streaming";
import { intentResult } from "../generated/codes";

export function intentOf(results: readonly NamedValue[]): string | null {
  return results.find(({ name }) => name === intentResult)?.value ?? null;
}
