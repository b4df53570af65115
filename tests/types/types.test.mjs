// The declarations as a user's compiler reads them, without skipLibCheck: a program that uses all
// of them compiles and runs, wrong ones do not compile, and the shapes are those of the design.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import ts from "typescript";
import { install, successful } from "../package/installation.mjs";

const sources = ["program.ts", "refused.ts", "same.ts", "design.d.ts"];
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

let project;
before(async () => {
  const files = sources.map((name) => ({ file: join(import.meta.dirname, name), as: name }));
  project = await install(files);
});
after(() => project?.remove());

const bundler = { module: "esnext", moduleResolution: "bundler" };
const node16 = { module: "node16", moduleResolution: "node16" };
const nodenext = { module: "nodenext", moduleResolution: "nodenext" };
const exact = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };

/** Compiles some of the sources, and says what the compiler says. */
async function compile(files, options) {
  const compilerOptions = {
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    ...options,
  };
  await project.write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
  const { code, stdout } = await project.run(process.execPath, [compiler, "-p", "."]);
  assert.equal(stdout, "", "the compiler complains");
  assert.equal(code, 0);
}

describe("the compiler", () => {
  const all = ["program.ts", "refused.ts"];
  test("accepts the program and refuses the others, for a bundler, and the shapes are as designed", () =>
    compile([...all, "same.ts"], bundler));
  test("for Node 16", () => compile(all, node16));
  test("and with exact optional properties, for the newest Node; the program runs", async () => {
    const emitted = { noEmit: false, outDir: "out", declaration: true };
    await compile(all, { ...nodenext, ...exact, ...emitted });
    const { stdout } = await successful(project.run(process.execPath, ["out/program.js"]));
    assert.equal(stdout, "done\n");
  });
});

describe("the declarations", () => {
  /** Each declaration a program can reach from an entry point, parsed. */
  async function reachable() {
    const folder = project.path("node_modules/byrobot-calls/dist");
    const found = new Map();
    const names = ["index", "sandbox"];
    for (const name of names) {
      if (found.has(name)) continue;
      const text = await readFile(join(folder, `${name}.d.ts`), "utf8");
      const file = ts.createSourceFile(`${name}.d.ts`, text, ts.ScriptTarget.Latest, true);
      found.set(name, file);
      names.push(...ts.preProcessFile(text).importedFiles.map(({ fileName }) => within(fileName)));
    }
    return [...found.values()];
  }

  function within(specifier) {
    const name = specifier.match(/^\.\/([\w-]+)\.js$/)?.[1];
    return name ?? assert.fail(`a declaration imports ${specifier}, which no user has`);
  }

  function* nodesOf(node) {
    yield node;
    for (const child of node.getChildren()) yield* nodesOf(child);
  }

  test("lead nowhere outside the package, and name nothing of the glue", async () => {
    for (const file of await reachable()) {
      assert.doesNotMatch(file.text, /InitOutput|__wb|wasm-bindgen|#glue/, file.fileName);
    }
  });

  test("know every type: there is no any", async () => {
    const vague = (await reachable()).flatMap((file) =>
      [...nodesOf(file)]
        .filter((node) => node.kind === ts.SyntaxKind.AnyKeyword)
        .map((node) => `${file.fileName}: ${node.parent.getText()}`),
    );
    assert.deepEqual(vague, []);
  });

  test("say in words what each name is", async () => {
    const silent = (await reachable()).flatMap((file) => {
      const exported = file.statements.filter(
        (node) => ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export && !node.exportClause,
      );
      const names = (node) =>
        (node.declarationList?.declarations ?? [node]).map(({ name }) => name.text);
      // A constant and the type of its values may share a name, and the words.
      const described = exported.filter((node) => ts.getJSDocCommentsAndTags(node).length > 0);
      const known = new Set(described.flatMap(names));
      return exported.flatMap(names).filter((name) => !known.has(name));
    });
    assert.deepEqual(silent, []);
  });
});
