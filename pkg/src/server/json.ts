// Scanner for JSON text, in one pass: finds the selected strings, numbers and keys, and replaces them. All other
// text stays as it was sent, to the last digit of numbers that JavaScript cannot represent. Not here: which scalars
// are selected, and their replacements.

/** The part of the vendor's answer that a value is in. */
export type Zone = number;

/** Flags of a member's name. */
export type Tag = number;

/** A string, a number or a key. */
export interface Scalar {
  /** Its position in the text, including its quotes. */
  from: number;
  to: number;
  isText: boolean;
  isKey: boolean;
  /** The tag of the member whose value, or list item, it is; 0 outside of objects. For a key, its own tag. */
  tag: Tag;
  zone: Zone;
  /** The replacement in a hidden zone, whatever the value is. */
  by: string | undefined;
}

/** Selects the scalars. */
export interface Search {
  zone: Zone;
  /** A zone whose values are all removed: numbers and strings become `null`, keys become `"…"`. */
  hidden: Zone;
  tagOf(name: string): Tag;
  /** The zone of a member's value, and of the items of a list. */
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

/** A key, and the key that came after it. */
interface Key {
  /** With its quotes, as it is written. */
  raw: string;
  tag: Tag;
  isLong: boolean;
  next: Key | undefined;
}

const keyOf = (raw: string, tag: Tag, isLong: boolean): Key => ({
  raw,
  tag,
  isLong,
  next: undefined,
});

/** The largest number of keys that are remembered; the schema has fewer. */
const mostKeys = 200;

/** Digits of the shortest telephone number. */
const enough = 7;
const [quote, backslash, open, close, comma, minus] = [0x22, 0x5c, 0x7b, 0x7d, 0x2c, 0x2d];

/**
 * The digits of a telephone number that a character can stand for: one for a digit or a star, up to two for a circled
 * number. Common Chinese characters have none.
 */
export const weightOf = (code: number): number => {
  if (code < 0x80) {
    const isDigit = code >= 0x30 && code <= 0x39;
    return isDigit || code === 0x2a || (code | 0x20) === 0x78 ? 1 : 0;
  }
  return code < 0x3400 || code >= 0xa000 ? 2 : 0;
};

/**
 * The selected scalars, in the order of the text.
 *
 * @param text Valid JSON: `JSON.parse` has accepted it.
 */
export function scan(text: string, search: Search): Scalar[] {
  const { hidden } = search;
  const found: Scalar[] = [];
  /** The enclosing objects and lists: twice the zone of the parent, plus one for an object; the tag. */
  const around: number[] = [];
  const tags: Tag[] = [];
  let [zone, tag, isObject, isKey] = [search.zone, 0, false, false];
  // Rows have the same keys in the same order: a key is compared with the one that came last time.
  const keys = new Map<string, Key>();
  let key = keyOf("", 0, false);
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
      const guess = isKey ? key.next : undefined;
      let isLong: boolean;
      if (guess && text.startsWith(guess.raw, from)) {
        key = guess;
        at = from + key.raw.length;
        ({ tag, isLong } = key);
      } else {
        let weight = 0;
        for (;;) {
          const inside = text.charCodeAt(at);
          at += 1;
          if (inside === quote) break;
          if (inside === backslash) {
            at += 1;
            // An escape can write any character.
            weight = enough;
          } else if (weight < enough) {
            weight += weightOf(inside);
          }
        }
        isLong = weight >= enough;
        if (isKey) {
          const raw = text.slice(from, at);
          const known = keys.get(raw) ?? keyOf(raw, search.tagOf(valueOf(text, from, at)), isLong);
          if (keys.size < mostKeys) keys.set(raw, known);
          // A key that is not remembered ends the chain, which would keep all of them.
          key.next = keys.has(raw) ? known : undefined;
          key = known;
          ({ tag } = key);
        }
      }
      if (zone === hidden || search.wants(tag, zone, true, isKey, isLong, from))
        add(from, at, true);
      isKey = false;
    } else if (code === comma) {
      isKey = isObject;
    } else if (code === open || code === 0x5b) {
      around.push(zone * 2 + Number(isObject));
      tags.push(tag);
      // An item of a list has the zone of the list.
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
    // Colons, blanks, and the letters of true, false and null are skipped.
  }
  return found;
}

/** The text with the replaced scalars; `undefined` leaves a scalar as it is. */
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

/** The value of a string, or a number as it is written. */
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
