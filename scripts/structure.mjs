// Checks the structure of the sources: circles, arrows between rooms, long files, names with two definitions,
// pointers to files that do not exist, retired terms. Not here: which file uses which (imports.mjs).
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { rustImports, typescriptImports } from "./imports.mjs";
import { Failure, main, root } from "./toolchain.mjs";

/** The rooms of a folder of sources, and which other rooms each of them may use. */
const rooms = {
  src: {
    foundation: ["schema"],
    schema: [],
    json: ["foundation"],
    decode: ["foundation", "schema", "json"],
    request: ["foundation", "schema", "json", "decode"],
    client: ["foundation", "schema", "json", "decode", "request"],
    columns: ["foundation"],
    table: ["foundation", "schema", "json", "columns"],
    ingest: ["foundation", "schema", "json", "decode", "columns", "table"],
    compute: ["foundation", "schema", "json", "columns", "table"],
    export: ["foundation", "schema", "json", "decode", "columns", "table", "compute"],
    paging: [
      "foundation",
      "schema",
      "json",
      "decode",
      "request",
      "client",
      "columns",
      "table",
      "ingest",
    ],
    wasm: "all",
  },
  "pkg/src": {
    generated: [],
    wasm: ["generated"],
    words: ["generated", "wasm"],
    table: ["generated", "wasm"],
    client: ["generated", "wasm", "table"],
    server: ["generated"],
    sandbox: ["wasm"],
    adapters: ["generated", "wasm", "table", "client"],
    alerts: ["generated", "wasm", "table"],
    entry: [
      "generated",
      "wasm",
      "words",
      "table",
      "client",
      "server",
      "sandbox",
      "adapters",
      "alerts",
    ],
    cli: ["server", "sandbox", "entry"],
  },
};

/** The room of the files that lie in none. */
const outside = "foundation";

const crates = ["src", "sandbox/src", "unpack/src", "scripts/schema/src"];

/** In lines. Declarations and documents are looked up rather than read, and may be longer. */
const longest = 450;

/** Retired terms, as patterns, and the standard terms. */
const retired = {
  "doors?": "entry point, or host adapter",
  pretend: "sandbox, or mock server",
  whoever: "the noun that is meant",
  "(?:quick|slow) way": "fast path, general path",
  "between two frames": "in-browser",
  "server half": "server side",
  模拟厂商: "Mock 服务端",
  一半: "服务端部分",
  两帧: "一帧之内",
  forThisMachine: "loopbackOnly",
};

/** Fails with every fault of the checkout in `folder`. */
export async function structure(folder = root) {
  const sources = ["src", "pkg/src", "sandbox", "unpack", "www/src", "scripts", "tests", "bench"];
  const documents = readdirSync(folder).filter((name) => name.endsWith(".md"));
  const files = [...documents, ...[...sources, "docs"].flatMap((name) => filesIn(folder, name))];
  // The list of what was renamed has to name what is gone.
  const history = /^## Renamed\n.*?(?=^## |(?![^]))/ms;
  const read = (file) => readFileSync(join(folder, file), "utf8").replace(history, "");
  const texts = new Map(files.map((file) => [file, read(file)]));
  const graph = await typescriptImports(texts);
  for (const crate of crates)
    rustImports(texts, crate).forEach((used, file) => graph.set(file, used));
  const faults = [
    ...circles(graph),
    ...forbiddenArrows(graph),
    ...longFiles(texts),
    ...secondModules(texts),
    ...homonyms(texts),
    ...stalePointers(texts, folder),
    ...retiredTerms(texts),
  ];
  if (faults.length > 0) throw new Failure(`${faults.length} faults:\n${faults.join("\n")}`);
}

/** The files of a folder with text that is read here, by their paths from the root. */
function filesIn(folder, name) {
  if (!existsSync(join(folder, name))) return [];
  return readdirSync(join(folder, name), { recursive: true })
    .map((path) => `${name}/${path.replaceAll("\\", "/")}`)
    .filter((path) => /\.(rs|ts|cts|tsx|mjs|vue|md)$/.test(path))
    .filter((path) => !/(^|\/)(node_modules|target|dist|fixtures)\//.test(path));
}

/** One message for each group of files that use each other. */
export function circles(graph) {
  const found = new Map();
  const done = new Set();
  const visit = (file, path) => {
    const at = path.indexOf(file);
    if (at >= 0) {
      const circle = path.slice(at);
      found.set([...circle].sort().join(), [...circle, file].join(" → "));
    } else if (!done.has(file)) {
      for (const used of graph.get(file) ?? []) visit(used, [...path, file]);
      done.add(file);
    }
  };
  for (const file of graph.keys()) visit(file, []);
  return [...found.values()].map(
    (circle) => `circle: ${circle}: move what both need into a file of its own`,
  );
}

function forbiddenArrows(graph) {
  const roomOf = (file) => {
    const folder = Object.keys(rooms).find((name) => file.startsWith(`${name}/`));
    if (folder === undefined) return undefined;
    const parts = file.slice(folder.length + 1).split("/");
    return { folder, room: parts.length > 1 ? parts[0] : outside };
  };
  const faults = [];
  for (const [file, used] of graph) {
    const from = roomOf(file);
    if (from === undefined) continue;
    const allowed = rooms[from.folder][from.room];
    if (allowed === undefined) {
      const there = Object.keys(rooms[from.folder]).join(", ");
      faults.push(
        `room: ${file} is in none of ${there}: move it, or add its room to scripts/structure.mjs`,
      );
      continue;
    }
    for (const other of used) {
      const to = roomOf(other);
      if (to?.folder !== from.folder || to.room === from.room) continue;
      if (allowed !== "all" && !allowed.includes(to.room)) {
        faults.push(
          `arrow: ${file} uses ${other}: ${from.room} may use ${allowed.join(", ") || "no room"}: ` +
            "move one of the two",
        );
      }
    }
  }
  return faults;
}

function longFiles(texts) {
  return [...texts].flatMap(([file, text]) => {
    const lines = text.split("\n").length - 1;
    const isList = /\.(d\.ts|md)$/.test(file) || /generated\//.test(file);
    if (isList || lines <= longest) return [];
    return [`length: ${file} has ${lines} lines, ${longest} are allowed: split it by subject`];
  });
}

/** The page loads the module as a file: the other entry point would add the same bytes to its scripts. */
function secondModules(texts) {
  return [...texts].flatMap(([file, text]) =>
    file.startsWith("www/src/") &&
    /^(import|\} from) .*"byrobot-calls(\/(client|table)(\/streaming)?)?"/m.test(text)
      ? [`entry: ${file} imports a second module: name "byrobot-calls/streaming" instead`]
      : [],
  );
}

/** Names that two files of a folder export, or two files of a crate make public as types. */
function homonyms(texts) {
  const typescript =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|class|enum|const|function) (\w+)/gm;
  const rust = /^pub(?:\([^)]*\))? (?:struct|enum|trait|type|union) (\w+)/gm;
  const groups = [
    ...crates.map((folder) => [folder, /\.rs$/, rust]),
    // The adapters have the same functions, each for its framework.
    ["pkg/src", /(?<!adapters\/vue)\.ts$/, typescript],
    ["www/src", /\.ts$/, typescript],
  ];
  return groups.flatMap(([folder, kind, definition]) => {
    const definers = new Map();
    for (const [file, text] of texts) {
      if (!file.startsWith(`${folder}/`) || !kind.test(file)) continue;
      for (const name of new Set([...text.matchAll(definition)].map(([, name]) => name))) {
        definers.set(name, [...(definers.get(name) ?? []), file]);
      }
    }
    return [...definers]
      .filter(([, files]) => files.length > 1)
      .map(
        ([name, files]) => `name: ${name} is defined in ${files.join(" and ")}: rename all but one`,
      );
  });
}

/** Paths in comments, and in the code spans of documents, that lead to no file and no folder. */
function stalePointers(texts, folder) {
  const top = "src|pkg|sandbox|unpack|www|tests|bench|docs|scripts|fuzz";
  const path = new RegExp(
    `(?<![\\w/.@:*-])(?:(?:${top})/[\\w./-]*\\w|(?:[\\w-]+/)*[\\w.-]+\\.(?:rs|ts|mjs|md))(?![\\w*<{-])`,
    "g",
  );
  return [...texts].flatMap(([file, text]) => {
    const isDocument = file.endsWith(".md");
    // What a guide shows are files of its readers.
    if (isDocument && !/^(CONTRIBUTING|DESIGN|PROTOCOL|tests\/|bench\/)/.test(file)) return [];
    if (file.endsWith(".d.ts")) return [];
    return commentsOf(text, isDocument).flatMap(({ words, line }) => {
      const pointers = [...words.matchAll(path)].map(([pointer]) => pointer);
      return pointers
        .filter((pointer) => {
          const beside = pointers.map((other) => join(dirname(other), pointer));
          return ![pointer, ...beside].some((one) => isThere(one, file, folder));
        })
        .map(
          (pointer) =>
            `pointer: ${file}:${line}: ${pointer} does not exist: name the file that is meant`,
        );
    });
  });
}

/** The comments of a program, or the code spans of a document, line by line; without blocks of code. */
function commentsOf(text, isDocument) {
  let isExample = false;
  return text.split("\n").flatMap((words, index) => {
    const line = index + 1;
    if (/^[\s/*!]*```/.test(words)) isExample = !isExample;
    if (isExample) return [];
    if (isDocument) return [{ words: [...words.matchAll(/`[^`]+`/g)].join(" "), line }];
    const comment = /^\s*(?:\/\/|\/?\*)(.*)|\s\/\/ (.*)/.exec(words);
    return comment ? [{ words: comment[1] ?? comment[2], line }] : [];
  });
}

/** Whether a path leads somewhere: from the folder of the file's parts, its own folder, or one above. */
function isThere(pointer, file, folder) {
  if (/^(pkg\/(dist|docs)|www\/(dist|public)|fuzz\/(artifacts|corpus))\b/.test(pointer))
    return true;
  for (let from = file.replace(/\.\w+$/, ""); ; from = dirname(from)) {
    if (existsSync(join(folder, from, pointer))) return true;
    if (existsSync(join(folder, from, "src", pointer))) return true;
    if (from === ".") return false;
  }
}

function retiredTerms(texts) {
  const naming = /^(CHANGELOG\.md|(scripts|tests\/docs)\/structure\b.*)$/;
  return Object.entries(retired).flatMap(([term, standard]) => {
    const pattern = new RegExp(`(?<![\\w-])(?:${term})(?![\\w-])`, "i");
    return [...texts].flatMap(([file, text]) =>
      naming.test(file)
        ? []
        : text.split("\n").flatMap((words, index) => {
            const [found] = pattern.exec(words) ?? [];
            return found ? [`term: ${file}:${index + 1}: "${found}": say ${standard}`] : [];
          }),
    );
  });
}

await main(import.meta.url, ([folder]) => structure(folder));
