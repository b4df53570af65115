// The colour of a code's badge. The label is always shown, too. src/schema/codes.rs defines the colours.
import { tones } from "../generated/codes";

export type Tone = "good" | "busy" | "warn" | "bad" | "mute";

export type TonedTable = keyof typeof tones;

export function tone(table: TonedTable, code: number | null): Tone {
  const known: Record<number, Tone> = tones[table];
  return (code !== null && known[code]) || "mute";
}
