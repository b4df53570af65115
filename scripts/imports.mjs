// Builds the graph of imports between files in TypeScript, Vue, JavaScript and Rust. Not here: the rules of the graph
// (structure.mjs).
import { posix } from "node:path";

/** Edges between TypeScript files, type-only imports too: `texts` maps the path of a file to its text. */
export async function typescriptImports(texts) {
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const { default: ts } = await import("typescript");
  const graph = new Map();
  for (const [file, text] of texts) {
    if (!/\.(ts|cts|tsx|mjs|vue)$/.test(file)) continue;
    const program = file.endsWith(".vue")
      ? (/<script[^>]*>(.*?)<\/script>/s.exec(text)?.[1] ?? "")
      : text;
    const used = ts.preProcessFile(program, true, true).importedFiles.flatMap(({ fileName }) => {
      if (!fileName.startsWith(".")) return [];
      const path = posix.join(posix.dirname(file), fileName);
      const guesses = [".ts", ".tsx", "/index.ts"].map((end) => path + end);
      const candidates = [path, path.replace(/\.js$/, ".ts"), ...guesses];
      return candidates.filter((candidate) => texts.has(candidate));
    });
    graph.set(file, new Set(used));
  }
  return graph;
}

/**
 * Edges between the Rust files of a crate, whose root is in `folder`. A path leads to the file that
 * defines the item: re-exports are followed, and are no edges themselves.
 */
export function rustImports(texts, folder) {
  const modules = new Map();
  for (const [file, text] of texts) {
    if (!file.startsWith(`${folder}/`) || !file.endsWith(".rs")) continue;
    const path = file
      .slice(folder.length + 1)
      .replace(/\.rs$/, "")
      .replace(/(^|\/)(mod|lib|main)$/, "");
    const [program] = text.split(/^#\[cfg\(test\)\]$/m);
    const code = program.replace(/\/\/.*|"(?:[^"\\\n]|\\.)*"/g, "");
    modules.set(path.replaceAll("/", "::"), { file, ...pathsIn(code) });
  }

  /** The file that defines what `path` means in the module `from`. */
  function fileOf(from, path, depth = 0) {
    const [first, ...rest] = path;
    let at;
    if (first === "crate") at = "";
    else if (first === "self") at = from;
    else if (first === "super") at = parentOf(from);
    else if (modules.has(childOf(from, first))) at = childOf(from, first);
    else return undefined;
    for (const [index, name] of rest.entries()) {
      if (name === "super") at = parentOf(at);
      else if (modules.has(childOf(at, name))) at = childOf(at, name);
      else {
        const exported = modules.get(at)?.exported.get(name);
        if (exported === undefined || depth > 8) break;
        return fileOf(at, [...exported, ...rest.slice(index + 1)], depth + 1);
      }
    }
    return modules.get(at)?.file;
  }

  const graph = new Map();
  for (const [name, { file, used }] of modules) {
    const files = used.map((path) => fileOf(name, path)).filter((other) => other && other !== file);
    graph.set(file, new Set(files));
  }
  return graph;
}

const childOf = (module, name) => (module === "" ? name : `${module}::${name}`);
const parentOf = (module) => module.split("::").slice(0, -1).join("::");

/** The paths that a Rust file uses, and the names that it re-exports with their paths. */
function pathsIn(code) {
  const used = [];
  const exported = new Map();
  const rest = code.replace(/(\bpub(?:\([^)]*\))?\s+)?\buse\s+([^;]+);/g, (_, visibility, tree) => {
    for (const { path, name } of branches(tree.replace(/\s+/g, " ").trim())) {
      if (visibility === undefined) used.push(path);
      else exported.set(name, path);
    }
    return "";
  });
  for (const [path] of rest.matchAll(/\b(?:crate|super|self)(?:::\w+)+/g))
    used.push(path.split("::"));
  return { used, exported };
}

/** The paths of a tree of `use`, each with the name that it brings. */
function branches(tree, before = []) {
  const brace = tree.indexOf("{");
  if (brace < 0) {
    const [path, alias] = tree.split(" as ").map((part) => part.trim());
    const names = [...before, ...path.split("::")].filter((name) => name !== "" && name !== "*");
    if (names.at(-1) === "self" && names.length > 1) names.pop();
    return [{ path: names, name: alias ?? names.at(-1) }];
  }
  const lead = [
    ...before,
    ...tree
      .slice(0, brace)
      .split("::")
      .map((name) => name.trim())
      .filter(Boolean),
  ];
  return parts(tree.slice(brace + 1, tree.lastIndexOf("}"))).flatMap((part) =>
    branches(part, lead),
  );
}

/** What stands between commas, but for those inside of braces. */
function parts(text) {
  let depth = 0;
  const found = [""];
  for (const character of text) {
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (character === "," && depth === 0) found.push("");
    else found[found.length - 1] += character;
  }
  return found.map((part) => part.trim()).filter(Boolean);
}
