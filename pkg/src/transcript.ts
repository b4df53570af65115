// Questions asked of one conversation. It is a hundred lines at most, which the page has already: to
// carry it into the WebAssembly module would cost more than the answers, so this is TypeScript.
import { invalidArgument } from "./errors.js";
import type { CallDetail, TranscriptLine } from "./models.js";

/** What can be asked of a conversation. Lines that are returned are the objects of `phoneLog.phoneLogs`. */
export interface TranscriptTools {
  /**
   * The line that is spoken at an offset into the recording; of several the one that began last. `null`
   * in a silence. Lines without times are never returned: the vendor sends none for most of the robot's.
   *
   * @param ms Milliseconds, `audio.currentTime * 1000` for instance.
   */
  at(ms: number): TranscriptLine | null;
  /**
   * How the time is shared out, fractions that sum to 1: of the call's duration, or of the time up to
   * the last word, whichever is longer. While both speak the time is that of the one who began.
   * `null` where it would have to be guessed: a spoken line has no times, or a speaker nobody knows.
   */
  talkRatio(): { robot: number; customer: number; silence: number } | null;
  /** What the customer said and the robot did not understand: the customer's lines with `aiUnknown`. */
  unknownQuestions(): TranscriptLine[];
  /** The lines that contain a text, letters in either case. None for an empty text. */
  search(text: string): TranscriptLine[];
  /** The lines without times: `null`, 0 to 0, or an end that is not after the start. */
  untimed(): TranscriptLine[];
  /** One line after the other: "[0:03] 机器人：您好", and "[-:--]" for a line without times. */
  toText(language?: "zh" | "en"): string;
  /**
   * Subtitles for `<track>`, in the order of their times, with the speakers as voices. Lines without times
   * cannot be subtitles; a note says how many there are.
   */
  toWebVTT(language?: "zh" | "en"): string;
}

/** A line that has times, milliseconds into the recording. */
interface Timed {
  line: TranscriptLine;
  start: number;
  end: number;
}

/**
 * Tools for the conversation of a call.
 *
 * ```ts
 * const { at } = transcript(await client.phoneLogInfo({ callInstanceId: 540 }));
 * audio.ontimeupdate = () => show(at(audio.currentTime * 1000));
 * ```
 * @throws {ByrobotError} `invalid_argument` for what is no `CallDetail`.
 */
export function transcript(detail: CallDetail): TranscriptTools {
  const lines: unknown = (detail as CallDetail | null | undefined)?.phoneLog?.phoneLogs;
  if (!Array.isArray(lines)) {
    throw invalidArgument("detail", "expected what phoneLogInfo gives, with phoneLog.phoneLogs");
  }
  return new Conversation([...(lines as TranscriptLine[])], detail.sceneInstance?.duration ?? 0);
}

class Conversation implements TranscriptTools {
  private readonly timed: Timed[];

  constructor(
    private readonly lines: TranscriptLine[],
    /** Seconds. */
    private readonly duration: number,
  ) {
    this.timed = lines.map(timesOf).filter((timed) => timed !== null);
    this.timed.sort((one, other) => one.start - other.start);
    // So that they can be taken out of the object and called by themselves.
    for (const name of ["at", "talkRatio", "unknownQuestions", "search", "untimed"] as const) {
      Object.assign(this, { [name]: this[name].bind(this) });
    }
    this.toText = this.toText.bind(this);
    this.toWebVTT = this.toWebVTT.bind(this);
  }

  at(ms: number): TranscriptLine | null {
    let spoken: TranscriptLine | null = null;
    for (const { line, start, end } of this.timed) if (start <= ms && ms < end) spoken = line;
    return spoken;
  }

  talkRatio(): { robot: number; customer: number; silence: number } | null {
    const isKnown = ({ speaker }: TranscriptLine): boolean => speaker === "AI" || speaker === "ME";
    const spoken = this.lines.filter(({ content }) => content.trim() !== "");
    if (spoken.length === 0 || spoken.some((line) => timesOf(line) === null || !isKnown(line))) {
      return null;
    }
    let [robot, customer, until] = [0, 0, 0];
    for (const { line, start, end } of this.timed) {
      const own = Math.max(0, end - Math.max(start, until));
      if (line.speaker === "AI") robot += own;
      else customer += own;
      until = Math.max(until, end);
    }
    const whole = Math.max(this.duration * 1000, until);
    return {
      robot: robot / whole,
      customer: customer / whole,
      silence: (whole - robot - customer) / whole,
    };
  }

  unknownQuestions(): TranscriptLine[] {
    return this.lines.filter(({ speaker, aiUnknown }) => speaker === "ME" && aiUnknown === true);
  }

  search(text: string): TranscriptLine[] {
    const wanted = text.toLowerCase();
    if (wanted === "") return [];
    return this.lines.filter(({ content }) => content.toLowerCase().includes(wanted));
  }

  untimed(): TranscriptLine[] {
    return this.lines.filter((line) => timesOf(line) === null);
  }

  toText(language: "zh" | "en" = "zh"): string {
    const colon = language === "zh" ? "：" : ": ";
    return this.lines
      .map((line) => {
        const time = timesOf(line);
        const clock = time === null ? "-:--" : clockOf(time.start);
        return `[${clock}] ${nameOf(line, language)}${colon}${line.content.replace(/\s+/g, " ")}\n`;
      })
      .join("");
  }

  toWebVTT(language: "zh" | "en" = "zh"): string {
    const missing = this.untimed().length;
    const note = language === "zh" ? `${missing} 句没有时间` : `${missing} lines have no times`;
    const cues = this.timed.map(({ line, start, end }) => {
      const words = escaped(line.content.trim().replace(/\s*[\r\n]\s*/g, "\n"));
      return `${stampOf(start)} --> ${stampOf(end)}\n<v ${escaped(nameOf(line, language))}>${words}\n`;
    });
    return ["WEBVTT\n", ...(missing > 0 ? [`NOTE ${note}\n`] : []), ...cues].join("\n");
  }
}

function timesOf(line: TranscriptLine): Timed | null {
  const { startTime: start, endTime: end } = line;
  const known = start !== null && end !== null && start >= 0 && end > start;
  return known ? { line, start, end } : null;
}

function nameOf({ speaker }: TranscriptLine, language: "zh" | "en"): string {
  if (speaker === "AI") return language === "zh" ? "机器人" : "Robot";
  if (speaker === "ME") return language === "zh" ? "客户" : "Customer";
  return speaker.replace(/\s+/g, " ");
}

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
