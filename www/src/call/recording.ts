// The sound of a recording, its loudness over time, and how long it is kept. Not here: playback (RecordingPlayer.vue).
import { pageFetch } from "../client";
import { DAY } from "../format/shanghai";

/**
 * Whether the page may read the bytes. It can play a recording of another origin, but reading needs CORS headers there,
 * and a request without them is an error in the console.
 */
export const isReadable = (url: string): boolean =>
  new URL(url, location.href).origin === location.origin;

/** The bytes of a recording. @throws if there is no such recording, or no network. */
export async function readSound(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await pageFetch(url, { signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.blob();
}

/** Telephone sound has 8000 samples a second; a decoder that makes 48 000 of them takes six times as long. */
const RATE = 8000;
const PART = 160; // samples, 20 ms

/** The loudness of parts of 20 ms, 0–1; the loudest part is 1. Null for a format that this browser cannot decode. */
export async function loudness(sound: Blob): Promise<Float32Array | null> {
  try {
    const context = new OfflineAudioContext(1, 1, RATE);
    const decoded = await context.decodeAudioData(await sound.arrayBuffer());
    const parts = new Float32Array(Math.ceil(decoded.length / PART));
    let most = 0;
    for (let channel = 0; channel < decoded.numberOfChannels; channel += 1) {
      const samples = decoded.getChannelData(channel);
      for (let at = 0; at < samples.length; at += 1) {
        const level = Math.abs(samples[at]!);
        const part = Math.floor(at / PART);
        if (level > parts[part]!) parts[part] = level;
        if (level > most) most = level;
      }
    }
    return most > 0 ? parts.map((level) => level / most) : parts;
  } catch {
    return null;
  }
}

/** About how long the vendor keeps a recording, in days. */
export const KEPT = { answered: 30, unanswered: 3 } as const;

/** The instant until which the recording of a call is kept, about; null without a start. */
export function keptUntil(startTime: string | null, isAnswered: boolean): number | null {
  const start = startTime === null ? NaN : Date.parse(`${startTime.replace(" ", "T")}+08:00`);
  return Number.isNaN(start) ? null : start + KEPT[isAnswered ? "answered" : "unanswered"] * DAY;
}
