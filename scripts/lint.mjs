// Checks everything that is not behaviour: format, clippy, layers, types, structure. `--fix` corrects the format.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { linters, setup } from "./setup.mjs";
import { retyped } from "./retyped.mjs";
import { inOrder } from "./steps.mjs";
import { structure } from "./structure.mjs";
import { Failure, main, program, root, run, runNode } from "./toolchain.mjs";

const clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];

const checks = {
  rustfmt: () => run("cargo", ["fmt", "--all", "--check"]),
  prettier: () => runNode(program("prettier"), ["--check", "."]),
  clippy: () => run("cargo", clippy),
  // Not every machine has a clippy for wasm, but the edge's dependencies compile natively too.
  "clippy edge": () =>
    run("cargo", clippy, {
      env: { RUSTFLAGS: "--cfg byrobot_edge", CARGO_TARGET_DIR: join(root, "target/edge") },
    }),
  layers,
  // The build type-checks pkg/src: its declarations come out of that.
  types: async () => {
    await build();
    declarationsStandAlone();
    retyped();
    if (existsSync(join(root, "www/tsconfig.json"))) {
      await runNode(program("vue-tsc"), ["--noEmit", "-p", "www"]);
    }
  },
  // After the build: what is generated is in the graph, too.
  structure: () => structure(),
};

export const lint = () => inOrder("lint", checks);

export async function format() {
  await run("cargo", ["fmt", "--all"]);
  await runNode(program("prettier"), ["--write", "--log-level", "warn", "."]);
}

/** Only `src/wasm` speaks JavaScript. */
function layers() {
  const foreign = /\b(js_sys|web_sys|gloo_\w+|(serde_)?wasm_bindgen\w*|JsValue)\b/;
  const breaches = readdirSync(join(root, "src"), { recursive: true })
    .filter((file) => file.endsWith(".rs") && !/^wasm[\\/]/.test(file))
    .flatMap((file) =>
      readFileSync(join(root, "src", file), "utf8")
        .split("\n")
        .map((text, index) => ({ code: text.replace(/\/\/.*/, ""), line: index + 1 }))
        .filter(({ code }) => foreign.test(code))
        .map(({ code, line }) => `src/${file}:${line}: ${code.trim()}`),
    );
  if (breaches.length > 0) {
    throw new Failure(`JavaScript is named outside src/wasm:\n${breaches.join("\n")}`);
  }
}

/** The aliases of pkg/tsconfig.json end at the package's edge: a user's compiler knows none. */
function declarationsStandAlone() {
  const dist = join(root, "pkg/dist");
  const dangling = readdirSync(dist, { recursive: true })
    .filter((file) => file.endsWith(".d.ts"))
    .filter((file) => /(from|import\()\s*"#/.test(readFileSync(join(dist, file), "utf8")));
  if (dangling.length > 0) {
    throw new Failure(
      `types of the glue leak into pkg/dist/${dangling.join(", ")}: mark what shows them @internal`,
    );
  }
}

await main(import.meta.url, async (args) => {
  await setup({ testing: false });
  await linters();
  await (args.includes("--fix") ? format() : lint());
});
