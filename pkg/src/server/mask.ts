// Telephone numbers without their middle, `139****1234`, by the rules of the package's CSV
// (src/export/mask.rs; a test holds the two together). Not here: which texts are masked (answer.ts).

/** Digits from which on a number is a telephone number. What is shorter, like 10086, is a service's. */
const telephoneDigits = 7;

const separator = /[-－\u2010-\u2015 \u00a0\u3000()（）]/;

/** A digit, also one of full width, as ASCII. */
function digit(character: string): string | undefined {
  if (/[0-9]/.test(character)) return character;
  if (/[０-９]/.test(character)) return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
  return undefined;
}

/** Whether a character is a digit of a number, or stands for one after `before` others. */
const isDigit = (character: string, before: number) =>
  digit(character) !== undefined || (before >= 3 && /[*xX]/.test(character));

/** Masks the texts of an answer whose customers have the numbers `own`, as they are sent. */
export class Mask {
  #own: string[];

  constructor(own: Iterable<string>) {
    const digits = [...own].map((number) => {
      const all = [...number].map((character) => digit(character) ?? "").join("");
      return all.length === 13 && all.startsWith("86") ? all.slice(2) : all;
    });
    this.#own = [...new Set(digits)].filter(({ length }) => length >= telephoneDigits);
  }

  /** Whether the number of a customer is in a number. */
  isOwn(digits: string): boolean {
    return this.#own.some((own) => digits.includes(own));
  }

  /** A telephone number itself: all its digits are one number, whatever stands between them. */
  telephone(text: string): string {
    const digits = [...text].filter((character) => isDigit(character, 3)).length;
    return digits >= telephoneDigits ? star(text, digits) : text;
  }

  /**
   * A text that may have numbers in it: a customer's, or whatever looks like one, that is seven digits or
   * more, also with stars among them and with blanks, dashes or brackets between groups. Dates stay.
   */
  text(text: string): string {
    let out = "";
    let at = 0;
    while (at < text.length) {
      if (digit(text[at]!) === undefined) {
        out += text[at];
        at += 1;
        continue;
      }
      const rest = text.slice(at);
      const date = dateLength(rest);
      const { length, digits } = run(date > 0 ? rest.slice(0, date) : rest);
      const found = rest.slice(0, length);
      const isNumber = date === 0 && digits.length >= telephoneDigits;
      out += isNumber || this.isOwn(digits) ? star(found, digits.length) : found;
      at += length;
    }
    return out;
  }
}

/** The length of the date at the beginning of a text, `2024-02-29` or `20240229`; 0 where there is none. */
function dateLength(text: string): number {
  const ends = (end: number) => end >= text.length || !isDigit(text[end]!, 3);
  const dashed = text.match(/^(\d{4})-(\d\d)-(\d\d)/);
  if (dashed && isDay(dashed) && ends(10)) return 10;
  const compact = text.match(/^((?:19|20)\d\d)(\d\d)(\d\d)/);
  return compact && isDay(compact) && ends(8) ? 8 : 0;
}

function isDay([, year, month, day]: RegExpMatchArray): boolean {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** The length of the run of digits at the beginning of a text, and its digits, stars among them. */
function run(text: string): { length: number; digits: string } {
  let digits = "";
  let length = 0;
  let between = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (isDigit(character, digits.length)) {
      digits += digit(character) ?? "*";
      length = at + 1;
      between = 0;
    } else if (between < 2 && separator.test(character)) {
      between += 1;
    } else {
      break;
    }
  }
  return { length, digits };
}

/** At least four digits become stars; of a long number the first three and the last four stay. */
function star(number: string, digits: number): string {
  const kept = Math.min(Math.max(digits - 4, 0), 7);
  const first = Math.floor(kept / 2);
  const last = digits - Math.ceil(kept / 2);
  let position = 0;
  return [...number]
    .map((character) => {
      if (!isDigit(character, 3)) return character;
      position += 1;
      return position <= first || position > last ? character : "*";
    })
    .join("");
}
