// What a page gets of the vendor's answer: all of it, but for stack traces, hosts and signatures, and, where they
// are to be masked, telephone numbers; recordings lead through the proxy. Not here: what a telephone number is
// (phone.ts), how links are sealed (seal.ts).
import {
  containers,
  counts,
  customerNumbers,
  documented,
  ids,
  inside,
  phones,
  recordings,
  stackTrace,
  data,
} from "../generated/fields.js";
import { replaced, saidBy, scan, type Scalar, type Search, type Tag, type Zone } from "./json.js";
import { maskNumber, maskText, mayHoldNumber, OwnNumbers } from "./phone.js";
import { parsed, type RecordingHosts } from "./recordings.js";

export interface AnswerOptions {
  maskPhones: boolean;
  recordingHosts: RecordingHosts;
  /** Where the page finds the recording that a link leads to. */
  pathOf: (link: string) => Promise<string>;
  /** What must not be in an answer: a server that repeats what it was sent would give it away. */
  secrets: readonly string[];
}

/** Where names mean what the schema says: in the envelope, and in what it documents below `data`. */
const envelope: Zone = 0;
const known: Zone = 1;
/** Below a list of counts: a number is one, unless it is as long as a mobile number. */
const tally: Zone = 2;
/** Below what is in no document, or is anybody's: no name means anything. */
const unknown: Zone = 3;
/** What pages do not get. */
const hidden: Zone = 4;

/** What is known of names. */
const tags = new Map<string, Tag>();
const [
  isInternal,
  isMachine,
  isData,
  isContainer,
  isTally,
  isNumber,
  isId,
  isCustomer,
  isPhone,
  isInside,
  isRecording,
] = [
  // Members that tell how the vendor's servers are made inside; they are null in a page.
  [stackTrace, "stackTrace"],
  // The vendor's own machines, in texts in which they may stand.
  ["host", "ip"],
  [data],
  containers,
  counts,
  documented,
  ids,
  customerNumbers,
  phones,
  inside,
  recordings,
].map((names, at) => {
  for (const name of names) tags.set(name, (tags.get(name) ?? 0) | (1 << at));
  return 1 << at;
}) as [Tag, Tag, Tag, Tag, Tag, Tag, Tag, Tag, Tag, Tag, Tag];
const tagOf = (name: string): Tag => tags.get(name) ?? 0;

/** Digits from which on a customer's number in an id is no coincidence. */
const mobileDigits = 11;

/**
 * The vendor's answer as the page gets it.
 *
 * @param text It has to be JSON: `JSON.parse` has taken it.
 */
export async function forPage(text: string, options: AnswerOptions): Promise<string> {
  const { maskPhones, recordingHosts } = options;
  const secrets = options.secrets.map(core);
  const isSuspect = mayHaveInternals(text) || secrets.some((secret) => text.includes(secret));
  if (!maskPhones && recordingHosts.isEmpty && !isSuspect) return text;

  const own = maskPhones ? new OwnNumbers() : undefined;
  const page = new PageAnswer(own, isSuspect ? secrets : []);
  const scalars = scan(text, { ...page.search(text, isSuspect), zone: envelope });
  const sealed: Promise<void>[] = [];
  for (const scalar of scalars) {
    const { tag, isKey, isText, zone } = scalar;
    if (isKey) continue;
    if (tag & isCustomer) own?.add(saidBy(text, scalar));
    if (isText && isLink(tag, zone)) {
      const link = saidBy(text, scalar);
      scalar.by = maskPhones && link !== "" ? "null" : undefined;
      const url = recordingHosts.isEmpty ? undefined : parsed(link);
      if (!url || !recordingHosts.has(url)) continue;
      const setPath = (path: string) => void (scalar.by = JSON.stringify(path));
      sealed.push(options.pathOf(link).then(setPath));
    }
  }
  await Promise.all(sealed);
  return replaced(text, scalars, (scalar) => page.replacement(text, scalar));
}

function enter(tag: Tag, around: Zone): Zone {
  if (tag & isInternal) return hidden;
  if (around === envelope) return tag & isData ? known : unknown;
  if (around !== known) return around;
  return tag & isContainer ? known : tag & isTally ? tally : unknown;
}

/** Whether a documented field has a time as the vendor writes it, `"2024-02-29 09:30:00"`. Most digits are of these. */
const isInstant = (tag: Tag, text: string, at: number): boolean =>
  (tag & isNumber) !== 0 &&
  text.charCodeAt(at + 5) === 0x2d &&
  text.charCodeAt(at + 14) === 0x3a &&
  text.charCodeAt(at + 20) === 0x22;

/** A recording is where the schema has one: not where a customer's data say so. */
const isLink = (tag: Tag, zone: Zone) => zone === known && (tag & isRecording) !== 0;

class PageAnswer {
  /** Nothing where numbers are not masked. */
  #own: OwnNumbers | undefined;
  #secrets: readonly string[];
  /** The last text and what became of it. */
  #last = { said: "", shown: "" };

  constructor(own: OwnNumbers | undefined, secrets: readonly string[]) {
    this.#own = own;
    this.#secrets = secrets;
  }

  /** What is looked at. @param isAll Any text may have something in it that pages do not get. */
  search(text: string, isAll: boolean): Omit<Search, "zone"> {
    const masks = this.#own !== undefined;
    return {
      hidden,
      tagOf,
      enter,
      wants: (tag, zone, isText, isKey, mayHoldNumber, at) =>
        isAll ||
        (masks && mayHoldNumber && !(isText && zone === known && isInstant(tag, text, at))) ||
        (isText && !isKey && ((tag & (isInternal | isInside)) !== 0 || isLink(tag, zone))),
    };
  }

  /** The JSON text that takes the place of a scalar; nothing, where it stays. */
  replacement(text: string, scalar: Scalar): string | undefined {
    const { isText, isKey, tag, zone } = scalar;
    if (!isKey && tag & isInternal) return "null";
    const own = this.#own;
    const said = saidBy(text, scalar);
    if (this.#secrets.length > 0 && this.#hasSecret(said)) return '"…"';
    if (isLink(tag, zone) && isText && !isKey) return undefined;
    let shown = said;
    if (isText && !isKey) {
      if (tag & isInside) shown = withoutMachines(shown);
      if (own && tag & isPhone) shown = maskNumber(shown);
      else if (!own || !isDocumented(shown, scalar)) shown = this.#textOf(shown);
      else if (tag & isId && own.isIn(shown, mobileDigits)) shown = maskText(shown, own);
    } else if (own) {
      if (isKey) shown = maskText(shown, own);
      else if (tag & isPhone) shown = maskNumber(shown);
      else if (!isDocumented(shown, scalar)) shown = maskNumeral(shown, own);
      else if (tag & isId && own.isIn(shown, mobileDigits)) shown = maskText(shown, own);
    }
    return shown === said ? undefined : JSON.stringify(shown);
  }

  /** A text of which nothing is known, or JSON in one, whose names are anybody's. */
  #textOf(said: string): string {
    const own = this.#own;
    if (!said.includes("tackTrace") && !(own && mayHoldNumber(said))) return said;
    // Rows have much in common.
    if (said === this.#last.said) return this.#last.shown;
    const inner = inJson(said, { ...this.search(said, true), zone: unknown }, (scalar) =>
      this.replacement(said, scalar),
    );
    const shown = inner ?? (own ? maskText(said, own) : said);
    this.#last = { said, shown };
    return shown;
  }

  #hasSecret(said: string): boolean {
    const plain = unescaped(said);
    return this.#secrets.some((secret) => plain.includes(secret));
  }
}

/** JSON in a text, with what takes the place of scalars; nothing, if the text is none. */
function inJson(
  text: string,
  search: Search,
  by: (scalar: Scalar) => string | undefined,
): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return replaced(text, scan(text, search), by);
}

/** A company's name, or JSON about the call, in which the vendor's own machines stand. */
function withoutMachines(text: string): string {
  const search: Search = {
    zone: unknown,
    hidden,
    tagOf,
    enter: (tag, around) => (tag & isMachine ? hidden : around),
    wants: (tag, _zone, _isText, isKey) => !isKey && (tag & isMachine) !== 0,
  };
  return inJson(text, search, () => "null") ?? text;
}

const plainNumber = /^-?\d+(?:\.\d+|(?:_\d+)+)?$/;
const instant = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?$/;

/** Whether it is an id, a count, a code, an amount or an instant: no telephone number, however long. */
function isDocumented(said: string, { isText, tag, zone }: Scalar): boolean {
  if (zone === tally) return !isText && said.length < 10;
  const isKnown = (zone === known || zone === envelope) && (tag & isNumber) !== 0;
  return isKnown && (!isText || plainNumber.test(said) || instant.test(said));
}

/** A number of no document. A fraction is no part of a telephone number. */
function maskNumeral(numeral: string, own: OwnNumbers): string {
  if (Number.isSafeInteger(Number(numeral))) {
    const digits = String(Number(numeral));
    const masked = maskText(digits, own);
    return masked === digits ? numeral : masked;
  }
  const customers = maskText(numeral, own, false);
  if (customers !== numeral || /e-/i.test(numeral)) return customers;
  if (/e/i.test(numeral)) return maskText(numeral, own);
  const [whole = ""] = numeral.split(".");
  const masked = maskText(whole, own);
  return masked === whole ? numeral : masked;
}

/**
 * What of a secret is spelt alike in Base64, in addresses and in JSON: its longest run of letters and digits, if that is
 * long enough to be told from words.
 */
function core(secret: string): string {
  const runs = secret.split(/[^A-Za-z0-9]+/).sort((one, other) => other.length - one.length);
  return runs[0] !== undefined && runs[0].length >= 6 ? runs[0] : secret;
}

/** Letters and signs that stand as JSON escapes in a text, however deep. */
const unescaped = (text: string): string =>
  text.replace(/\\+u00([0-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );

/** Whether there may be something in an answer that pages do not get. Escapes may spell anything. */
function mayHaveInternals(text: string): boolean {
  if (text.includes("\\u00") || text.includes('\\"host') || text.includes('\\"ip')) return true;
  const name = "tackTrace";
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const after = text.slice(at + name.length, at + name.length + 20);
    if (!/^"\s{0,5}:\s{0,5}null/.test(after)) return true;
  }
  return false;
}
