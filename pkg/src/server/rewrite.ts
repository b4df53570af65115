// JSON whose strings and numbers are replaced while all the rest stays as it was sent, to the last
// digit of a number that JavaScript could not hold.

/** What a scalar or a key says, and where it stands. */
export interface Place {
  /** The JSON text, with its quotes if it is a string. */
  raw: string;
  /** The member it is (or is in, as an item of a list); null outside of objects. Of a key, itself. */
  name: string | null;
  isKey: boolean;
  /** The names of the members round it, the outermost first. */
  path: readonly string[];
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:,]|true|false|null|[ \t\r\n]+/gy;

/**
 * Gives the text with each scalar and key for which `visit` gives another JSON text replaced by it.
 *
 * @throws SyntaxError where the text is not JSON.
 */
export function rewrite(text: string, visit: (place: Place) => string | undefined): string {
  JSON.parse(text);
  const path: string[] = [];
  const containers: { isList: boolean; name: string | null; named: boolean }[] = [];
  let name: string | null = null;
  let expectsKey = false;
  let out = "";
  for (const [raw] of text.matchAll(token)) {
    const first = raw[0]!;
    if (first === "{" || first === "[") {
      const named = name !== null && containers.at(-1)?.isList === false;
      containers.push({ isList: first === "[", name, named });
      if (named) path.push(name!);
      expectsKey = first === "{";
      out += raw;
    } else if (first === "}" || first === "]") {
      const left = containers.pop();
      if (left?.named) path.pop();
      name = left?.name ?? null;
      expectsKey = false;
      out += raw;
    } else if (first === ",") {
      expectsKey = containers.at(-1)?.isList === false;
      out += raw;
    } else if (first === ":" || /\s/.test(first)) {
      out += raw;
    } else if (expectsKey) {
      name = JSON.parse(raw) as string;
      expectsKey = false;
      out += visit({ raw, name, isKey: true, path }) ?? raw;
    } else {
      out += visit({ raw, name, isKey: false, path }) ?? raw;
    }
  }
  return out;
}
