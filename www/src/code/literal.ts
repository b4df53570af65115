// Values as a person would write them in TypeScript.
import { dateOf, timeOf } from "../format/shanghai";

/** Columns. */
const WIDTH = 88;

/** A value of JSON as a literal; instants of bounds as texts in Shanghai time, what is undefined not at all. */
export function literal(value: unknown, indent = "", key = ""): string {
  if (typeof value === "number" && (key === "from" || key === "to")) return instant(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => (inner: string) => literal(item, inner))
    : Object.entries(value).flatMap(([name, item]) =>
        item === undefined ? [] : [(inner: string) => `${name}: ${literal(item, inner, name)}`],
      );
  const [open, close] = isList ? "[]" : ["{", "}"];
  if (items.length === 0) return `${open}${close}`;
  const pad = isList ? "" : " ";
  const line = `${open}${pad}${items.map((item) => item(indent)).join(", ")}${pad}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  return `${open}\n${items.map((item) => `${inner}${item(inner)},\n`).join("")}${indent}${close}`;
}

/** "2024-03-15", or with minutes: the package reads such texts in Shanghai time. */
function instant(ms: number): string {
  if (ms % 60_000 !== 0) return String(ms);
  const time = timeOf(ms);
  return JSON.stringify(time === "00:00" ? dateOf(ms) : `${dateOf(ms)} ${time}:00`);
}
