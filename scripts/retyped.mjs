// Finds copies of what src/schema defines: the vendor's names and labels as string literals, codes as bare numbers.
// Not here: what compilers find, such as TypeScript names with a generated type.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "./toolchain.mjs";

/** Where such a text is no vendor's fact, or has to be apart from the schema: which ones, none for all; and why. */
const exceptions = {
  "src/compute/filter.rs": {
    why: "keys of our own filters, of which some are named after a field",
  },
  "src/compute/dimension.rs": { why: "our own dimensions, of which some are named after a field" },
  "src/compute/kinds/histogram.rs": {
    texts: ["chatRound"],
    why: "our own option, named after a field",
  },
  "src/wasm/table/mod.rs": { texts: ["callInstanceId"], why: "the parameter of our own method" },
  "pkg/src/table/options.ts": { why: "our own dimensions, of which some are named after a field" },
  "pkg/src/table/call-set.ts": { texts: ["chatRound"], why: "our own option, named after a field" },
  "pkg/src/table/charts.ts": { texts: ["chatRound"], why: "our own option, named after a field" },
  "pkg/src/table/call-questions.ts": {
    texts: ["chatRound"],
    why: "our own option, named after a field",
  },
  "pkg/src/alerts/compare-lines.ts": {
    why: "our own dimensions, of which some are named after a field",
  },
  "pkg/src/alerts/lines.ts": { why: "our own dimensions, of which some are named after a field" },
  "pkg/src/alerts/tasks.ts": {
    texts: ["callJobId"],
    why: "our own dimension, named after a field",
  },
  "pkg/src/client/call-store.ts": { texts: ["callJobId"], why: "keys in users' stores have it" },
  "pkg/src/client/query.ts": {
    texts: ["pageNum"],
    why: "a type; the compiler knows the names of queries",
  },
  "pkg/src/client/task-counts.ts": {
    texts: ["companyId"],
    why: "the argument of our own method, in an error",
  },
  "pkg/src/sandbox/sandbox.ts": {
    texts: ["callJobId"],
    why: "the argument of our own method, in an error",
  },
  "pkg/src/sandbox/options.ts": { why: "the sandbox keeps its own spellings" },
  "www/src/i18n/zh.ts": { why: "the page's own words" },
  "www/src/i18n/call.ts": { why: "the page's own words" },
  "www/src/i18n/lines.ts": { why: "the page's own words" },
  "www/src/i18n/settings.ts": { why: "the page's own words" },
};

/** Fails where a fact of the schema is typed in a folder that has to take it from there. */
export function retyped() {
  const schema = JSON.parse(readFileSync(join(root, "pkg/src/generated/schema.json"), "utf8"));
  const fields = Object.values(schema.models).flat();
  const names = [
    ...fields.flatMap(({ wire }) => wire),
    ...Object.entries(schema.endpoints).flatMap(([name, parameters]) => [name, ...parameters]),
    ...schema.around,
  ];
  const codes = Object.values(schema.codes).flat();
  const words = [...codes, ...fields].flatMap(({ zh }) => zh ?? []);
  // A single word such as "status" or "list" means too many things to be looked for.
  const facts = new Set([...names.filter((name) => /[A-Z]/.test(name)), ...words]);

  const found = [
    ...filesIn("src", /\.rs$/, /^schema\//),
    ...filesIn("pkg/src", /\.ts$/, /^(\w+\/)?generated\//),
    ...filesIn("www/src", /\.(ts|vue)$/, /^generated\//),
  ].flatMap((file) => factsIn(file, facts));
  if (found.length > 0) {
    throw new Failure(`take these from src/schema instead of typing them:\n${found.join("\n")}`);
  }
}

/** The files of a folder whose names fit, but for those in `generated`. */
function filesIn(folder, fits, generated) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => fits.test(file) && !generated.test(file))
    .map((file) => `${folder}/${file}`);
}

function factsIn(file, facts) {
  const exception = exceptions[file];
  if (exception && !exception.texts) return [];
  const [program] = readFileSync(join(root, file), "utf8").split("#[cfg(test)]");
  return program.split("\n").flatMap((line, index) => {
    const code = line.replace(/(^|\s)(\/\/|\*|\/\*\*).*/, "");
    const literals = [...code.matchAll(/(["'`])((?:(?!\1)[^\\])+)\1/g)].map(([, , text]) => text);
    const isTyped = file.startsWith("www/") || /\blabel\(/.test(code);
    const isName = (text) =>
      facts.has(text) && !exception?.texts.includes(text) && !(isTyped && /^\w+$/.test(text));
    const numbers =
      /\b(?:finishStatus|callInstanceStatus|readStatus|jobType|hangUp)\s*[!=]==?\s*\d/.exec(code) ??
      [];
    return [...literals.filter(isName), ...numbers].map((text) => `${file}:${index + 1}: ${text}`);
  });
}
