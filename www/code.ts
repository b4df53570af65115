// A plugin of Vite's: the page's own declarations as text, for the code that a panel shows. They are cut out of the
// sources at build time, so they cannot drift. Not here: which of them a panel shows (src/code/programs.ts).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Plugin } from "vite";

/** What is cut out of each file of `src`: a declaration, or a property of the object that a declaration makes. */
export const sources = {
  "analysis/specs.ts": [
    "durationEdges",
    "specs.numbers",
    "specs.outcomes",
    "specs.hours",
    "specs.durations",
    "specs.rounds",
    "specs.intent",
    "specs.result",
    "specs.times",
    "specs.funnel",
  ],
  "analysis/choices.ts": ["unusable", "answered", "funnelSteps"],
  "analysis/useAnalysis.ts": ["stepCounts"],
  "tasks/rows.ts": ["leadsOf", "rowOf"],
  "compliance/questions.ts": ["hoursOf", "repeatsOf", "outcomesOf"],
  "lines/outcomes.ts": ["outcomesBeside"],
  "scripts/questions.ts": ["ReadCall", "Question", "readCall", "keyOf", "questionsOf"],
  "format/transcript.ts": ["spokenSpan"],
} as const satisfies Record<string, readonly string[]>;

/** The name of a piece of code. */
export type Piece = (typeof sources)[keyof typeof sources][number];

const name = "virtual:code";
const resolved = `\0${name}`;

/** Gives the module `virtual:code`: `pieces`, a text for each name. */
export function code(): Plugin {
  const folder = join(import.meta.dirname, "src");
  return {
    name: "code",
    resolveId: (id) => (id === name ? resolved : undefined),
    load(id) {
      if (id !== resolved) return undefined;
      for (const file of Object.keys(sources)) this.addWatchFile(join(folder, file));
      return `export const pieces = ${JSON.stringify(readPieces(folder))};`;
    },
  };
}

/** The text of every piece. */
export function readPieces(folder: string): Record<Piece, string> {
  const entries = Object.entries(sources).flatMap(([file, names]) => {
    const text = readFileSync(join(folder, file), "utf8");
    return names.map((name) => [name, cut(file, text, name)]);
  });
  return Object.fromEntries(entries) as Record<Piece, string>;
}

/**
 * Cuts a declaration out of a source, with its comment and without `export`; or, by `declaration.property`, a property
 * of the first object in it, without its comment. The text begins at the left edge.
 *
 * @throws {Error} The source has no such name.
 */
export function cut(file: string, text: string, path: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const [name, property] = path.split(".");
  const statement = source.statements.find((statement) => declares(statement, name!));
  const missing = (what: string) =>
    new Error(`the code of a panel names ${path}, and ${file} has no ${what}: correct www/code.ts`);
  if (statement === undefined) throw missing(`declaration ${name}`);
  if (property === undefined) {
    const whole = text.slice(statement.getStart(source, true), statement.end);
    return whole.replace(/^export /m, "");
  }
  const found = find(
    statement,
    (node): node is ts.ObjectLiteralElementLike =>
      ts.isObjectLiteralElementLike(node) && node.name?.getText(source) === property,
  );
  if (found === undefined) throw missing(`property ${property} of ${name}`);
  const { character } = source.getLineAndCharacterOfPosition(found.getStart(source));
  return found.getText(source).replaceAll(`\n${" ".repeat(character)}`, "\n");
}

function declares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.some(({ name: own }) => own.getText() === name);
  }
  const isNamed = ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement);
  return isNamed && statement.name?.text === name;
}

/** The first node inside of another one, from its start on, that passes. */
function find<T extends ts.Node>(
  node: ts.Node,
  passes: (node: ts.Node) => node is T,
): T | undefined {
  return ts.forEachChild(node, (child) => (passes(child) ? child : find(child, passes)));
}
