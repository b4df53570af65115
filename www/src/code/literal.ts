// Values as a person would write them in TypeScript.
import { dateOf, timeOf } from "../format/shanghai";

/** Columns. */
const WIDTH = 84;

/**
 * A value of JSON as a literal; instants of bounds as texts in Shanghai time, what is undefined not at all. `before` is
 * what stands before it in its line.
 */
export function literal(value: unknown, before = "", key = ""): string {
  if (typeof value === "number" && (key === "from" || key === "to")) return instant(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => [isList ? "" : `${name}: `, item, name] as const);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const write = (indent: string) =>
    items.map(([label, item, name]) => label + literal(item, indent + label, name));
  if (items.length === 0) return `${open}${close}`;
  const pad = isList ? "" : " ";
  const line = `${open}${pad}${write("").join(", ")}${pad}${close}`;
  if (!line.includes("\n") && before.length + line.length <= WIDTH) return line;
  const indent = /^ */.exec(before)![0];
  const lines = write(`${indent}  `).map((item) => `${indent}  ${item},\n`);
  return `${open}\n${lines.join("")}${indent}${close}`;
}

/** "2024-03-15", or with minutes: the package reads such texts in Shanghai time. */
function instant(ms: number): string {
  if (ms % 60_000 !== 0) return String(ms);
  const time = timeOf(ms);
  return JSON.stringify(time === "00:00" ? dateOf(ms) : `${dateOf(ms)} ${time}:00`);
}
