// How a code feels: only a colour beside its words, never instead of them. Which one, src/schema/codes.rs says.
import { tones } from "../generated/codes";

export type Tone = "good" | "busy" | "warn" | "bad" | "mute";

export type TonedTable = keyof typeof tones;

export function tone(table: TonedTable, code: number | null): Tone {
  const known: Record<number, Tone> = tones[table];
  return (code !== null && known[code]) || "mute";
}
