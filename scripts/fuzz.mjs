// Compares the fast path and the general path of ingest on bodies from libFuzzer, for a minute or the given number of
// seconds. Failing bodies stay in fuzz/artifacts; the corpus grows in fuzz/corpus.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { crateBinary } from "./setup.mjs";
import { main, root, run, toolFolder } from "./toolchain.mjs";

const fixtures = join(root, "tests/fixtures/queryDoneTaskPhones");
const corpus = join(root, "fuzz/corpus/paths");

/** The fixtures as bodies and as rows, so that mutations begin with what is read. Returns their bytes. */
function seed() {
  mkdirSync(corpus, { recursive: true });
  return readdirSync(fixtures)
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const body = readFileSync(join(fixtures, name), "utf8");
      writeFileSync(join(corpus, `body-${basename(name)}`), `b${body}`);
      const rows = body.match(/"list"\s*:\s*\[([^]*)\]/)?.[1];
      if (rows) writeFileSync(join(corpus, `rows-${basename(name)}`), `l${rows}\x01${rows}`);
      return body;
    })
    .join("\n");
}

/** The keys and the words of the fixtures, which mutations insert. */
function dictionary(text) {
  const file = join(root, "fuzz/corpus/paths.dict");
  const words = new Set(text.match(/"[A-Za-z]\w*"/g));
  const more = ['{"name":"', '","value":"', "\\u4e2d", "e0", ".0", "[ ]", "null", '"27秒"'];
  const quoted = [...words, ...more].map((word) =>
    [...Buffer.from(word)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  writeFileSync(file, quoted.map((word) => `"${word}"\n`).join(""));
  return file;
}

await main(import.meta.url, async ([seconds = "60"]) => {
  await crateBinary("cargo-fuzz");
  const dict = dictionary(seed());
  // The compiler's coverage flags are unstable in its stable version, too.
  const env = {
    RUSTC_BOOTSTRAP: "1",
    PATH: [join(toolFolder("cargo-fuzz"), "bin"), process.env.PATH].join(delimiter),
  };
  const options = [`-max_total_time=${seconds}`, `-dict=${dict}`, "-max_len=4096", "-timeout=20"];
  await run("cargo", ["fuzz", "run", "--sanitizer", "none", "paths", "--", ...options], { env });
});
