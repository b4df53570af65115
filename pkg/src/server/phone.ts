// Telephone numbers in text: finds them and masks them, `139****1234`. The same rules as the package's CSV
// (src/phone.rs, which explains them; tests/phones.json tests both). Not here: which texts are masked
// (answer.ts).
import { between, otherNumbers, zeros } from "../generated/digits.js";
import { weightOf } from "./json.js";

/** The fewest digits of a telephone number. Shorter numbers, like 10086, belong to services. */
const telephone = 7;
/** More digits than any telephone number has: a longer number is masked as a whole, without a search inside it. */
const tooLong = 64;
const star = 10;

/** A run of digits in a text, with only separators of telephone numbers between them. */
interface Run {
  /** 0 to 9, or 10 for a star. */
  values: number[];
  /** The position of each digit's character, in UTF-16 units. A circled number may have two digits. */
  places: number[];
  /** Whether no digit stands directly before the run. */
  starts: boolean[];
  /** Whether it is a piece of a run that is too long. */
  isPiece: boolean;
}

/** A run, and two positions in it: from, to. */
type Part = [Run, number, number];

/** The numbers of the customers in an answer. */
export class OwnNumbers {
  #all = new Set<string>();
  #lengths = new Set<number>();
  /** The first seven digits of each number: a fast test that most numbers fail. */
  #beginnings = new Set<number>();

  /** Adds a number as it is sent, unless it is too short or too long. */
  add(number: string): void {
    // Fast path: the usual spelling.
    if (/^1\d{10}$/.test(number)) {
      this.#all.add(number);
      this.#lengths.add(11);
      this.#beginnings.add(Number(number.slice(0, telephone)));
      return;
    }
    let values = digitsOf(number).values.filter((value) => value !== star);
    if (values.length === 13 && values[0] === 8 && values[1] === 6) values = values.slice(2);
    if (values.length < telephone || values.length >= tooLong) return;
    this.#all.add(values.join(""));
    this.#lengths.add(values.length);
    this.#beginnings.add(numberOf(values, 0, telephone));
  }

  /** The length of the customer's number at a position of a run; 0 if none begins there. */
  at(values: readonly number[], from: number): number {
    if (this.#all.size === 0 || from + telephone > values.length) return 0;
    if (!this.#beginnings.has(numberOf(values, from, from + telephone))) return 0;
    let longest = 0;
    for (const length of this.#lengths) {
      if (length <= longest || from + length > values.length) continue;
      if (this.#all.has(values.slice(from, from + length).join(""))) longest = length;
    }
    return longest;
  }

  /** Whether a customer's number of at least this many digits is in a text. */
  isIn(text: string, least: number): boolean {
    if (this.#all.size === 0 || !mayHoldNumber(text)) return false;
    for (const { values } of runsOf(text)) {
      if (values.some((_, from) => this.at(values, from) >= least)) return true;
    }
    return false;
  }
}

const numberOf = (values: readonly number[], from: number, to: number): number => {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + values[at]!;
  return number;
};

/** Masks a telephone number: all its digits are one number, whatever stands between them. */
export function maskNumber(text: string): string {
  // Fast path: the usual spelling.
  if (/^1\d{10}$/.test(text)) return `${text.slice(0, 3)}****${text.slice(7)}`;
  const digits = digitsOf(text);
  const { length } = digits.values;
  if (length >= tooLong) return maskText(text, new OwnNumbers());
  if (length < telephone) return text;
  const masked = new Masked(text);
  masked.hide([digits, 0, length]);
  return masked.toString();
}

/** Masks the numbers in a text: the customers' own, and, if `all`, everything that looks like a number. */
export function maskText(text: string, own: OwnNumbers, all = true): string {
  if (!mayHoldNumber(text)) return text;
  const masked = new Masked(text);
  for (const run of runsOf(text)) {
    for (const number of numbersIn(text, run, own, all)) masked.hide(number);
  }
  return masked.toString();
}

/** Whether a text can have enough digits. Most texts have none. */
export function mayHoldNumber(text: string): boolean {
  let weight = 0;
  for (let at = 0; at < text.length && weight < telephone; at += 1) {
    weight += weightOf(text.charCodeAt(at));
  }
  return weight >= telephone;
}

/** The number of one or two digits that a character stands for; -1 if none. */
function valueOf(code: number): number {
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
  // Most characters that are not digits are Chinese.
  if (code >= 0x3400 && code < 0xa000) return -1;
  const above = code - (zeros[lastUpTo(zeros, 1, code)] ?? Infinity);
  if (above >= 0 && above < 10) return above;
  for (let at = 0; at < otherNumbers.length; at += 3) {
    const last = otherNumbers[at + 1]!;
    if (code >= otherNumbers[at]! && code <= last) return otherNumbers[at + 2]! - (last - code);
  }
  return -1;
}

const isBetween = (code: number): boolean =>
  code <= (between[lastUpTo(between, 2, code) + 1] ?? -1);

/** The index of the last item ≤ a number, in a list of rising numbers `step` apart; negative if there is none. */
function lastUpTo(list: readonly number[], step: number, most: number): number {
  let [low, high] = [0, list.length / step];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle * step]! <= most) low = middle + 1;
    else high = middle;
  }
  return (low - 1) * step;
}

/** Adds the digits of a character; returns whether it has any. Stars and crosses count as digits from the fourth on. */
function push(run: Run, place: number, code: number, isFirst: boolean): boolean {
  const { values, places, starts, isPiece } = run;
  let value = valueOf(code);
  // * x X ＊
  const isStar = code === 0x2a || code === 0x78 || code === 0x58 || code === 0xff0a;
  if (value < 0 && isStar && (isPiece || values.length >= 3)) value = star;
  if (value < 0) return false;
  if (value > star || (value === star && !isStar)) {
    values.push(Math.floor(value / 10));
    places.push(place);
    starts.push(isFirst);
    isFirst = false;
    value %= 10;
  }
  values.push(value);
  places.push(place);
  starts.push(isFirst);
  return true;
}

const newRun = (isPiece: boolean): Run => ({ values: [], places: [], starts: [], isPiece });

/** All digits of a text, if they are not too many. */
function digitsOf(text: string): Run {
  const run = newRun(false);
  for (let at = 0; at < text.length && run.values.length < tooLong;) {
    const code = text.codePointAt(at)!;
    push(run, at, code, false);
    at += code > 0xffff ? 2 : 1;
  }
  return run;
}

/** The runs of digits in a text that are long enough, in order; a run that is too long comes in pieces. */
function* runsOf(text: string): Generator<Run> {
  let run = newRun(false);
  let isFirst = true;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!;
    const isDigit = push(run, at, code, isFirst);
    isFirst = !isDigit;
    at += code > 0xffff ? 2 : 1;
    const { length } = run.values;
    if (length >= tooLong) {
      yield { ...run, isPiece: true };
      run = newRun(true);
    } else if (!isDigit && (length > 0 || run.isPiece) && !isBetween(code)) {
      if (length >= telephone || run.isPiece) yield run;
      run = newRun(false);
    }
  }
  if (run.values.length >= telephone || run.isPiece) yield run;
}

/** The telephone numbers in a run. */
function numbersIn(text: string, run: Run, own: OwnNumbers, all: boolean): Part[] {
  const { values } = run;
  if (all && run.isPiece) return [[run, 0, values.length]];
  const numbers: Part[] = [];
  let from = 0;
  const end = (to: number) => {
    if (all && to - from >= telephone) numbers.push([run, from, to]);
  };
  for (let at = 0; at < values.length;) {
    const owned = own.at(values, at);
    const kept = owned > 0 ? 0 : keptAt(text, run, at, from, own);
    if (owned + kept === 0) {
      at += 1;
      continue;
    }
    end(at);
    if (owned > 0) numbers.push([run, at, at + owned]);
    at += owned + kept;
    from = at;
  }
  end(values.length);
  return numbers;
}

/** The number of digits, from a position on, of a date that is not masked. */
function keptAt(text: string, run: Run, at: number, from: number, own: OwnNumbers): number {
  if (!run.starts[at]) return 0;
  const before = at - from;
  // A few digits before a date may be the beginning of a number that looks like one.
  if ((before >= 3 && before < telephone) || (before > 0 && run.values.length === 11)) return 0;
  const date = dateLength(text, run, at);
  for (let inside = at + 1; inside < at + date; inside += 1) {
    if (own.at(run.values, inside) > 0) return 0;
  }
  return date;
}

/** The number of adjacent digits from a position on. */
function group({ starts }: Run, at: number): number {
  if (at >= starts.length) return 0;
  let end = at + 1;
  while (end < starts.length && !starts[end]) end += 1;
  return end - at;
}

/** The number of digits of a date, which may have a time of day as one group after it; 0 if there is no date. */
function dateLength(text: string, run: Run, at: number): number {
  const { values, places, starts } = run;
  const first = group(run, at);
  let lengths = [4, 2, 2];
  if (first === 4) {
    const month = group(run, at + 4);
    const day = group(run, at + 4 + month);
    const separator = (digit: number) => text.slice(places[digit - 1]! + 1, places[digit]);
    if (month < 1 || month > 2 || day < 1 || day > 2) return 0;
    const one = separator(at + 4);
    if (!["-", "/", "."].includes(one) || one !== separator(at + 4 + month)) return 0;
    lengths = [4, month, day];
  } else if (first !== 8 && first !== 14) {
    return 0;
  }
  if (values.slice(at, at + 14).includes(star)) return 0;
  let next = at;
  const number = (length: number) =>
    numberOf(values, next, (next = Math.min(next + length, values.length)));
  const [year, month, day] = lengths.map(number) as [number, number, number];
  if (year < 1900 || year >= 2100 || !isDay(year, month, day)) return 0;
  const length = next - at;
  const isTime = first === 14 || (group(run, next) === 6 && starts[next]);
  const after = values.length - next - 6;
  const [hour, minute, second] = [2, 2, 2].map(number) as [number, number, number];
  const isOfDay = hour < 24 && minute < 60 && second < 60;
  if (isTime && isOfDay && ((after >= 0 && after <= 2) || after >= telephone)) return length + 6;
  return first === 14 ? 0 : length;
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** A copy of a text in which stars replace digits. */
class Masked {
  #text: string;
  #out = "";
  #copied = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Hides a number: at least four digits become stars. The first three and the last four digits of a long number stay;
   * of a number that is too long, none.
   */
  hide([{ places, isPiece }, from, to]: Part): void {
    const kept = isPiece ? 0 : Math.min(to - from - 4, 7);
    const end = to - Math.ceil(kept / 2);
    const parts: string[] = [];
    for (let digit = from + Math.floor(kept / 2); digit < end; digit += 1) {
      const place = places[digit]!;
      if (place < this.#copied) continue;
      parts.push(this.#text.slice(this.#copied, place), "*");
      this.#copied = place + (this.#text.codePointAt(place)! > 0xffff ? 2 : 1);
    }
    // One string per number: millions of small strings would take more memory than the answer.
    this.#out += parts.join("");
  }

  toString(): string {
    return this.#out + this.#text.slice(this.#copied);
  }
}
