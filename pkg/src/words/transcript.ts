// Tools for the transcript of one call. It has about a hundred lines and is already in the page. Copying it into
// the WebAssembly module would cost more than the answers, so this is TypeScript.
import { invalidArgument } from "../wasm/errors.js";
import { type Language, speakerNames, speakers } from "../generated/codes.js";
import type { CallDetail, TranscriptLine } from "../generated/models.js";
import { inLanguage } from "./languages.js";

/** Tools for the transcript of a call. The lines that they return are the objects of `phoneLog.phoneLogs`. */
export interface TranscriptTools {
  /**
   * The line that is spoken at an offset of the recording; if several are, the one that began last. `null` in a
   * silence. Lines without times are never returned. The vendor sends no times for most lines of the robot.
   *
   * @param ms Milliseconds, for example `audio.currentTime * 1000`.
   */
  at(ms: number): TranscriptLine | null;
  /**
   * The shares of the time, as fractions that sum to 1. The whole is the call's duration or the end of the last
   * line, the longer of the two, because the vendor rounds the duration to seconds. While both speak, the time
   * belongs to the one who began. A line without words counts as silence.
   * `null` if a share would be a guess: no line has words, the call has no duration, or a line with words has no
   * times or an unknown speaker.
   */
  talkRatio(): {
    /** The robot's share. */
    robot: number;
    /** The customer's share. */
    customer: number;
    /** The share of silence. */
    silence: number;
  } | null;
  /** The customer's lines that the robot did not understand: those with `aiUnknown`. */
  unknownQuestions(): TranscriptLine[];
  /**
   * The lines that contain a text; upper and lower case are equal. An empty text finds none. Full-width and
   * half-width forms differ: "Ａ" does not find "A".
   */
  search(text: string): TranscriptLine[];
  /**
   * The lines without times: `null`, 0 to 0, an end that is not after the start, or offsets that are not whole
   * milliseconds from 0.
   */
  untimed(): TranscriptLine[];
  /** The transcript as text, a row for each line: "[0:03] 机器人：您好"; "[-:--]" for a line without times. */
  toText(language?: Language): string;
  /**
   * Subtitles for `<track>` in the order of their times, with the speakers as voices. Lines without times are left
   * out, and a note says how many. Lines without words are left out, too.
   */
  toWebVTT(language?: Language): string;
}

/** Milliseconds into the recording, `end` after `start`. */
interface Span {
  start: number;
  end: number;
}

/** A line as it was when `transcript` was called; later changes of the caller's object have no effect. */
interface Read {
  line: TranscriptLine;
  speaker: string;
  content: string;
  hasWords: boolean;
  aiUnknown: boolean;
  span: Span | null;
}

/**
 * Tools for the transcript of a call. Later changes of `detail` have no effect.
 *
 * ```ts
 * const call = await client.phoneLogInfo({ callInstanceId: 5402053814 });
 * const { at } = transcript(call);
 * const audio = new Audio(call.phoneLog.luyinOssUrl ?? undefined);
 * audio.ontimeupdate = () => console.log(at(audio.currentTime * 1000)?.content);
 * ```
 * @throws {ByrobotError} `invalid_argument` if `detail` is not a `CallDetail`. The tools throw it for a text that is
 * not a string, for an offset that is not a number, and for an unknown language.
 */
export function transcript(detail: CallDetail): TranscriptTools {
  const { given, duration } = readDetail(detail);
  const lines = given.map(readLine);
  const timed = lines.flatMap((read) => (read.span === null ? [] : [{ ...read, ...read.span }]));
  timed.sort((one, other) => one.start - other.start);

  const linesWhere = (holds: (read: Read) => boolean): TranscriptLine[] =>
    lines.filter(holds).map(({ line }) => line);
  const untimed = (): TranscriptLine[] => linesWhere(({ span }) => span === null);

  // No method uses `this`, so that each can be destructured and called by itself.
  return {
    at(ms: unknown) {
      if (typeof ms !== "number") throw invalidArgument("ms", "expected milliseconds");
      let spoken: TranscriptLine | null = null;
      for (const { line, start, end } of timed) if (start <= ms && ms < end) spoken = line;
      return spoken;
    },

    talkRatio() {
      const spoken = lines.filter(({ hasWords }) => hasWords);
      const isKnown = ({ span, speaker }: Read): boolean => span !== null && isNamed(speaker);
      if (duration === null || spoken.length === 0 || !spoken.every(isKnown)) return null;
      let [robot, customer, until] = [0, 0, 0];
      for (const { speaker, hasWords, start, end } of timed) {
        if (!hasWords) continue;
        const own = Math.max(0, end - Math.max(start, until));
        if (speaker === speakers.Ai) robot += own;
        else customer += own;
        until = Math.max(until, end);
      }
      const whole = Math.max(duration * 1000, until);
      return {
        robot: robot / whole,
        customer: customer / whole,
        silence: (whole - robot - customer) / whole,
      };
    },

    unknownQuestions: () =>
      linesWhere(({ speaker, aiUnknown }) => speaker === speakers.Me && aiUnknown),

    search(text: unknown) {
      if (typeof text !== "string") throw invalidArgument("text", "expected a string");
      const wanted = text.toLowerCase();
      if (wanted === "") return [];
      return linesWhere(({ content }) => content.toLowerCase().includes(wanted));
    },

    untimed,

    toText(language = "zh") {
      const colon = inLanguage({ zh: "：", en: ": " }, language);
      return lines
        .map(({ speaker, content, span }) => {
          const clock = span === null ? "-:--" : clockOf(span.start);
          return `[${clock}] ${nameOf(speaker, language)}${colon}${inOneLine(content)}\n`;
        })
        .join("");
    },

    toWebVTT(language = "zh") {
      const missing = untimed().length;
      const note = inLanguage(
        { zh: `${missing} 句没有时间`, en: `${missing} lines have no times` },
        language,
      );
      const cues = timed
        .filter(({ hasWords }) => hasWords)
        .map(({ speaker, content, start, end }) => {
          const name = escaped(nameOf(speaker, language));
          const voice = name === "" ? "" : `<v ${name}>`;
          // An empty line would end the cue.
          const words = escaped(content.trim().replace(/\s*[\r\n]\s*/g, "\n"));
          return `${stampOf(start)} --> ${stampOf(end)}\n${voice}${words}\n`;
        });
      return ["WEBVTT\n", ...(missing > 0 ? [`NOTE ${note}\n`] : []), ...cues].join("\n");
    },
  };
}

/** The lines as given, and the seconds of the call if they are known. */
function readDetail(detail: CallDetail): { given: unknown[]; duration: number | null } {
  return found("detail", "expected an answer of phoneLogInfo, with phoneLog.phoneLogs", () => {
    const given: unknown = detail.phoneLog.phoneLogs;
    if (!Array.isArray(given)) return undefined;
    const seconds: unknown = detail.sceneInstance?.duration;
    const isKnown = typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0;
    return { given: [...(given as unknown[])], duration: isKnown ? seconds : null };
  });
}

function readLine(given: unknown, index: number): Read {
  const path = `detail.phoneLog.phoneLogs[${index}]`;
  return found(path, "expected a line of a transcript, with speaker and content as text", () => {
    const line = given as TranscriptLine;
    const { content, aiUnknown, startTime: start, endTime: end } = line;
    const speaker: unknown = line.speaker;
    if (typeof speaker !== "string" || typeof content !== "string") return undefined;
    const isSpan = isOffset(start) && isOffset(end) && end > start;
    return {
      line,
      speaker,
      content,
      hasWords: content.trim() !== "",
      aiUnknown: aiUnknown === true,
      span: isSpan ? { start, end } : null,
    };
  });
}

/** The result of `read`. `undefined`, or an exception, is an error of the argument. */
function found<T>(path: string, expected: string, read: () => T | undefined): T {
  let value: T | undefined;
  let cause: unknown = null;
  try {
    value = read();
  } catch (error) {
    cause = error;
  }
  if (value === undefined) throw invalidArgument(path, expected, cause);
  return value;
}

const isOffset = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const isNamed = (speaker: string): boolean =>
  Object.prototype.hasOwnProperty.call(speakerNames, speaker);

function nameOf(speaker: string, language: Language): string {
  return isNamed(speaker)
    ? inLanguage(speakerNames[speaker]!, language)
    : inOneLine(speaker).trim();
}

const inOneLine = (text: string): string => text.replace(/\s+/g, " ");

const two = (number: number): string => String(number).padStart(2, "0");

function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

/** "00:01:02.345" */
function stampOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const rest = String(Math.floor(ms % 1000)).padStart(3, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${rest}`;
}

const escaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
