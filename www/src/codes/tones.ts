// How a code feels: only a colour beside its words, never instead of them.

export type Tone = "good" | "busy" | "warn" | "bad" | "mute";

const jobTones: Record<number, Tone> = {
  0: "mute",
  1: "busy",
  2: "good",
  3: "busy",
  4: "warn",
  5: "warn",
  6: "mute",
  7: "busy",
  8: "bad",
  9: "bad",
  10: "bad",
};

/** Answered; declined; not reached (mute); our line or account at fault; stopped before dialling. */
const finishTones: Record<number, Tone> = {
  0: "good",
  1: "warn",
  3: "bad",
  9: "bad",
  10: "bad",
  11: "warn",
  12: "warn",
  22: "bad",
  23: "bad",
  25: "bad",
};

const callTones: Record<number, Tone> = { 1: "busy", 2: "good", 3: "warn" };

const tones = { jobStatus: jobTones, finishStatus: finishTones, callStatus: callTones };

export type TonedTable = keyof typeof tones;

export function tone(table: TonedTable, code: number | null): Tone {
  return (code !== null && tones[table][code]) || "mute";
}
