// Rewrites the vendor's answer for the page: removes stack traces, hosts and signatures, masks telephone numbers
// if the option is set, and turns links to recordings into links through the proxy. Not here: what a telephone
// number is (phone.ts), how links are sealed (seal.ts).
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
import type { RecordingHosts } from "./recordings.js";
import type { Eventual } from "./seal.js";

export interface AnswerOptions {
  maskPhones: boolean;
  recordingHosts: RecordingHosts;
  /** The link through the proxy for the vendor's link to a recording; `undefined` if its server is not allowed. */
  pathOf: (link: string) => Eventual<string> | undefined;
  /** Secrets of the request. A server that repeats its request must not disclose them. */
  secrets: readonly string[];
}

/** Names have the meaning of the schema: in the envelope, and in the documented members below `data`. */
const envelope: Zone = 0;
const known: Zone = 1;
/** Below a list of counts: a number is a count, unless it is as long as a mobile number. */
const tally: Zone = 2;
/** Below an undocumented member or data of the customer: names have no meaning. */
const unknown: Zone = 3;
/** Removed from the answer. */
const hidden: Zone = 4;

/** The known names, with their flags. */
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
  // Members that describe the vendor's servers; they become null.
  [stackTrace, "stackTrace"],
  // Texts that may contain names of the vendor's own machines.
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

/** From this number of digits on, a customer's number inside an id is not a coincidence. */
const mobileDigits = 11;

/** Whether an id has the number of a customer in it. */
const hasNumber = (own: OwnNumbers, said: string, tag: Tag): boolean =>
  (tag & isId) !== 0 && said.length >= mobileDigits && own.isIn(said, mobileDigits);

/**
 * Rewrites the vendor's answer for the page.
 *
 * @param text Valid JSON: `JSON.parse` has accepted it.
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
      const path = recordingHosts.isEmpty ? undefined : options.pathOf(link);
      const setPath = (path: string) => void (scalar.by = JSON.stringify(path));
      if (path instanceof Promise) sealed.push(path.then(setPath));
      else if (path !== undefined) setPath(path);
    }
  }
  if (sealed.length > 0) await Promise.all(sealed);
  return replaced(text, scalars, (scalar) => page.replacement(text, scalar));
}

function enter(tag: Tag, around: Zone): Zone {
  if (tag & isInternal) return hidden;
  if (around === envelope) return tag & isData ? known : unknown;
  if (around !== known) return around;
  return tag & isContainer ? known : tag & isTally ? tally : unknown;
}

const time = /"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"/y;

/** Whether a documented field has a time in the vendor's form, `"2024-02-29 09:30:00"`. Most digits are in times. */
function isInstant(tag: Tag, text: string, at: number): boolean {
  time.lastIndex = at;
  return (tag & isNumber) !== 0 && time.test(text);
}

/** A recording is a field of the schema, not a field of the same name in a customer's data. */
const isLink = (tag: Tag, zone: Zone) => zone === known && (tag & isRecording) !== 0;

class PageAnswer {
  /** Absent if numbers are not masked. */
  #own: OwnNumbers | undefined;
  #secrets: readonly string[];
  /** The last text, and its replacement. */
  #last = { said: "", shown: "" };

  constructor(own: OwnNumbers | undefined, secrets: readonly string[]) {
    this.#own = own;
    this.#secrets = secrets;
  }

  /** Selects the scalars to check. @param isAll Any text may contain something that must be removed. */
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

  /** The JSON text that replaces a scalar; `undefined` if the scalar stays. */
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
      else if (hasNumber(own, shown, tag)) shown = maskText(shown, own);
    } else if (own) {
      if (isKey) shown = maskText(shown, own);
      else if (tag & isPhone) shown = maskNumber(shown);
      else if (!isDocumented(shown, scalar)) shown = maskNumeral(shown, own);
      else if (hasNumber(own, shown, tag)) shown = maskText(shown, own);
    }
    return shown === said ? undefined : JSON.stringify(shown);
  }

  /** A text of unknown content, or JSON in a text, whose names have no meaning. */
  #textOf(said: string): string {
    const own = this.#own;
    if (!said.includes("tackTrace") && !(own && mayHoldNumber(said))) return said;
    // Consecutive rows often have the same texts.
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

/** Replaces scalars of JSON inside a text; `undefined` if the text is not JSON. */
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

/** A company's name, or JSON about the call, which may contain names of the vendor's own machines. */
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

/** Whether it is an id, a count, a code, an amount or an instant. None of these is a telephone number, however long. */
function isDocumented(said: string, { isText, tag, zone }: Scalar): boolean {
  if (zone === tally) return !isText && said.length < 10;
  const isKnown = (zone === known || zone === envelope) && (tag & isNumber) !== 0;
  return isKnown && (!isText || plainNumber.test(said) || instant.test(said));
}

/** A number of an undocumented member. A fraction is not part of a telephone number. */
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
 * The part of a secret that Base64, URLs and JSON write alike: its longest run of letters and digits, if it is
 * long enough to differ from words.
 */
function core(secret: string): string {
  const runs = secret.split(/[^A-Za-z0-9]+/).sort((one, other) => other.length - one.length);
  return runs[0] !== undefined && runs[0].length >= 6 ? runs[0] : secret;
}

/** Letters and signs written as JSON escapes, at any depth. */
const unescaped = (text: string): string =>
  text.replace(/\\+u00([0-7][0-9a-f])/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );

/** Whether an answer may contain something that must be removed. Escapes can write any character. */
function mayHaveInternals(text: string): boolean {
  if (text.includes("\\u00") || text.includes('\\"host') || text.includes('\\"ip')) return true;
  const name = "tackTrace";
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const after = text.slice(at + name.length, at + name.length + 20);
    if (!/^"\s{0,5}:\s{0,5}null/.test(after)) return true;
  }
  return false;
}
