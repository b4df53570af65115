// Parses the documents for users of the package: blocks of code, headings, links. Not here: expectations of them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../package/installation.mjs";

/** A document's text, by its path from the root. */
export const read = (path) => readFileSync(join(root, path), "utf8");

/** The READMEs and the guides. */
export const documents = [
  ...["README.md", "README.zh-CN.md"],
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The published declarations. */
export const declarations = readdirSync(join(root, "pkg/dist"), { recursive: true })
  .filter((name) => /^(?!cjs).*\.d\.ts$/.test(name))
  .map((name) => `pkg/dist/${name}`);

/**
 * The fenced blocks. A comment that no reader sees, right above a block, says what cannot be done with it:
 *
 *     <!-- not run: why -->
 *     <!-- not compiled: why -->
 */
export function blocksOf(text) {
  const fenced = /^(?:<!-- (not run|not compiled): (\S[^\n]*) -->\n+)?```(\w*)\n(.*?)^```$/gms;
  return [...text.matchAll(fenced)].map(([, not, , language, code]) => ({
    language,
    code,
    isCompiled: not !== "not compiled",
    isRun: not === undefined,
  }));
}

/** How deep each heading is, and what it says; blocks of code have none. */
export const headingsOf = (text) =>
  [...withoutBlocks(text).matchAll(/^(#+) (.+)$/gm)].map(([, marks, title]) => ({
    depth: marks.length,
    title,
  }));

/** Where the links lead. */
export const linksOf = (text) =>
  [...withoutBlocks(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target);

/** The rows of every table whose first cell is a name in code, or several: their cells. */
export const rowsOf = (text) =>
  [...text.matchAll(/^\| `.*\|$/gm)].map(([row]) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );

/** The names in code of a cell. */
export const namesIn = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name);

const withoutBlocks = (text) => text.replace(/^```.*?^```$/gms, "");
