// Checks everything that is not behaviour: format, clippy, layering, types. `--fix` mends the format.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { setup } from "./setup.mjs";
import { inOrder } from "./steps.mjs";
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
    if (existsSync(join(root, "www/tsconfig.json"))) {
      await runNode(program("vue-tsc"), ["--noEmit", "-p", "www"]);
    }
  },
};

export const lint = () => inOrder("lint", checks);

export async function format() {
  await run("cargo", ["fmt", "--all"]);
  await runNode(program("prettier"), ["--write", "--log-level", "warn", "."]);
}

/** Only `src/wasm` speaks JavaScript; a model may also derive its declaration when built for it. */
function layers() {
  const foreign = /\b(js_sys|web_sys|gloo_\w+|wasm_bindgen\w*|serde_wasm_bindgen|JsValue)\b/;
  const declaration = /\bcfg_attr\b[^\n]*\b(Tsify|tsify)\b/;
  const breaches = readdirSync(join(root, "src"), { recursive: true })
    .filter((file) => file.endsWith(".rs") && !/^wasm[\\/]/.test(file))
    .flatMap((file) =>
      readFileSync(join(root, "src", file), "utf8")
        .split("\n")
        .map((text, index) => ({
          code: text.replace(/\/\/.*/, ""),
          at: `src/${file}:${index + 1}`,
        }))
        .filter(
          ({ code }) =>
            foreign.test(code) ||
            (/tsify/i.test(code) && !(file.startsWith("model") && declaration.test(code))),
        ),
    )
    .map(({ at, code }) => `${at}: ${code.trim()}`);
  if (breaches.length > 0) {
    throw new Failure(`JavaScript is named outside src/wasm:\n${breaches.join("\n")}`);
  }
}

await main(import.meta.url, async (args) => {
  await setup({ testing: false });
  await (args.includes("--fix") ? format() : lint());
});
