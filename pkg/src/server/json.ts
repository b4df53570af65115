// JSON text, gone through once: strings, numbers and keys that somebody wants are found, and replaced afterwards. All
// the rest stays as it was sent, to the last digit of a number that JavaScript could not hold. Not here: what is wanted,
// and what takes its place.

/** Where in the vendor's answer a value stands. */
export type Zone = number;

/** What is known of a member's name, bit by bit. */
export type Tag = number;

/** A string, a number or a key. */
export interface Scalar {
  /** Its position in the text, with its quotes. */
  from: number;
  to: number;
  isText: boolean;
  isKey: boolean;
  /** Of the member that it is, or is in as an item of a list; 0 outside of objects. Of a key, its own. */
  tag: Tag;
  zone: Zone;
  /** What takes its place whatever it is, in a hidden zone. */
  by: string | undefined;
}

/** Says what is looked for. */
export interface Search {
  zone: Zone;
  /** A zone of which nothing is shown: its numbers and strings become `null`, its keys `"…"`. */
  hidden: Zone;
  tagOf(name: string): Tag;
  /** The zone of what a member holds, and of the items of a list. */
  enter(tag: Tag, around: Zone): Zone;
  /**
   * @param at Its position in the text.
   * @param mayHoldNumber Whether it has enough digits for a telephone number.
   */
  wants(
    tag: Tag,
    zone: Zone,
    isText: boolean,
    isKey: boolean,
    mayHoldNumber: boolean,
    at: number,
  ): boolean;
}

/** Digits of the shortest telephone number. */
const enough = 7;
const [quote, backslash, open, close, comma, minus] = [0x22, 0x5c, 0x7b, 0x7d, 0x2c, 0x2d];

/**
 * How many digits of a telephone number a character may be: itself, a star in the place of one, or a number in a circle.
 * Usual Chinese characters are none.
 */
export const weightOf = (code: number): number => {
  if (code < 0x80) {
    const isDigit = code >= 0x30 && code <= 0x39;
    return isDigit || code === 0x2a || (code | 0x20) === 0x78 ? 1 : 0;
  }
  return code < 0x3400 || code >= 0xa000 ? 2 : 0;
};

/**
 * The scalars that are wanted, from the first to the last.
 *
 * @param text It has to be JSON: `JSON.parse` has taken it.
 */
export function scan(text: string, search: Search): Scalar[] {
  const { hidden } = search;
  const found: Scalar[] = [];
  /** Of the objects and lists around: twice the zone of what they are in, and one if that is an object; the tag. */
  const around: number[] = [];
  const tags: Tag[] = [];
  let [zone, tag, isObject, isKey] = [search.zone, 0, false, false];
  const add = (from: number, to: number, isText: boolean) => {
    const by = zone !== hidden ? undefined : isKey ? '"…"' : "null";
    found.push({ from, to, isText, isKey, tag, zone, by });
  };
  const { length } = text;
  for (let at = 0; at < length;) {
    const code = text.charCodeAt(at);
    const from = at;
    at += 1;
    if (code === quote) {
      let weight = 0;
      for (;;) {
        const inside = text.charCodeAt(at);
        at += 1;
        if (inside === quote) break;
        if (inside === backslash) {
          at += 1;
          // An escape may spell any character.
          weight = enough;
        } else if (weight < enough) {
          weight += weightOf(inside);
        }
      }
      if (isKey) tag = search.tagOf(valueOf(text, from, at));
      const isLong = weight >= enough;
      if (zone === hidden || search.wants(tag, zone, true, isKey, isLong, from))
        add(from, at, true);
      isKey = false;
    } else if (code === comma) {
      isKey = isObject;
    } else if (code === open || code === 0x5b) {
      around.push(zone * 2 + Number(isObject));
      tags.push(tag);
      // An item of a list is in the zone of the list.
      if (isObject && zone !== hidden) zone = search.enter(tag, zone);
      isObject = code === open;
      isKey = isObject;
    } else if (code === close || code === 0x5d) {
      const left = around.pop()!;
      zone = left >> 1;
      isObject = (left & 1) === 1;
      tag = tags.pop()!;
      isKey = false;
    } else if (code === minus || (code >= 0x30 && code <= 0x39)) {
      at = endOfNumber(text, at);
      const isLong = at - from >= enough || text.slice(from, at).toLowerCase().includes("e");
      if (zone === hidden || search.wants(tag, zone, false, false, isLong, from))
        add(from, at, false);
    }
    // Colons, blanks, and the letters of true, false and null say nothing.
  }
  return found;
}

/** The text with what takes the place of scalars; nothing leaves one as it is. */
export function replaced(
  text: string,
  scalars: readonly Scalar[],
  by: (scalar: Scalar) => string | undefined,
): string {
  const out: string[] = [];
  let copied = 0;
  for (const scalar of scalars) {
    const other = scalar.by ?? by(scalar);
    if (other === undefined) continue;
    out.push(text.slice(copied, scalar.from), other);
    copied = scalar.to;
  }
  if (copied === 0) return text;
  out.push(text.slice(copied));
  return out.join("");
}

/** What a string says, or a number as it is written. */
export const saidBy = (text: string, { from, to, isText }: Scalar): string =>
  isText ? valueOf(text, from, to) : text.slice(from, to);

function valueOf(text: string, from: number, to: number): string {
  const inner = text.slice(from + 1, to - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(from, to)) as string) : inner;
}

function endOfNumber(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    // Digits, signs, point and exponent.
    const goesOn =
      (code >= 0x30 && code <= 0x39) ||
      code === minus ||
      code === 0x2b ||
      code === 0x2e ||
      (code | 0x20) === 0x65;
    if (!goesOn) return at;
    at += 1;
  }
}
