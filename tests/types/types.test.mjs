// The declarations under a user's compiler without skipLibCheck: a program with all of them compiles and runs, wrong
// programs do not compile, and the shapes are the designed ones.
import assert from "node:assert/strict";
import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, posix } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { format, resolveConfig } from "prettier";
import { publint } from "publint";
import ts from "typescript";
import { install, root, successful } from "../package/installation.mjs";

const sources = [
  ...["program.ts", "describe.ts", "refused.ts", "same.ts", "design.d.ts"],
  ...["entries.ts", "required.cts", "fetches.ts"],
  ...["adapters.ts", "required-adapters.cts"],
];
const require = createRequire(import.meta.url);
const compilerOf = (name) => join(dirname(require.resolve(`${name}/package.json`)), "bin/tsc");
/** The oldest that is supported, the one in use, and the native one. */
const compilers = { 5.4: "typescript-5.4", "6.0": "typescript", 7: "typescript-7" };

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
async function compile(files, { compiler = "typescript", ...options }) {
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
  const command = [compilerOf(compiler), "-p", "."];
  const { code, stdout } = await project.run(process.execPath, command);
  assert.equal(stdout, "", "the compiler complains");
  assert.equal(code, 0);
}

describe("the compiler", () => {
  const all = ["program.ts", "refused.ts", "entries.ts"];
  test("accepts the program and refuses the others, for a bundler, and the shapes are as designed", () =>
    compile([...all, "same.ts"], bundler));
  test("for Node 16", () => compile([...all, "required.cts"], node16));
  test("for the newest Node with exact optional properties; the program runs", async () => {
    const emitted = { noEmit: false, outDir: "out", declaration: true };
    await compile(["program.ts"], { ...nodenext, ...exact, ...emitted });
    const { stdout } = await successful(project.run(process.execPath, ["out/program.js"]));
    assert.equal(stdout, "done\n");
  });

  for (const [version, compiler] of Object.entries(compilers)) {
    describe(`TypeScript ${version}`, () => {
      test("is the one that runs", async () => {
        const command = [compilerOf(compiler), "--version"];
        const { stdout } = await project.run(process.execPath, command);
        assert.ok(stdout.startsWith(`Version ${version}.`), stdout);
      });
      test("for a bundler, exactly", () => compile(all, { compiler, ...bundler, ...exact }));
      test("for Node 16, exactly, CommonJS too", () =>
        compile([...all, "required.cts"], { compiler, ...node16, ...exact }));
      test("without the DOM's types, with Node's", () => {
        const types = { types: ["node"], typeRoots: [join(root, "node_modules/@types")] };
        const files = ["entries.ts", "required.cts"];
        return compile(files, { compiler, ...nodenext, ...exact, ...types, lib: ["es2022"] });
      });
    });
  }

  test("takes the fetch of undici and of node-fetch", async () => {
    // They find their own types from where they really are.
    for (const name of ["undici", "node-fetch"]) {
      await symlink(join(root, "node_modules", name), project.path("node_modules", name));
    }
    const types = { types: ["node"], typeRoots: [join(root, "node_modules/@types")] };
    await compile(["fetches.ts"], { ...nodenext, ...exact, ...types, skipLibCheck: true });
  });

  describe("byrobot-calls/vue and byrobot-calls/react", () => {
    const files = ["adapters.ts", "required-adapters.cts"];
    // The declarations of Vue are not ours to check.
    const options = { ...node16, ...exact, skipLibCheck: true };
    const withVue = async (library) => {
      await rm(project.path("node_modules/vue"), { force: true });
      await symlink(join(root, "node_modules", library), project.path("node_modules/vue"));
    };
    before(() => withVue("vue"));
    for (const [version, compiler] of Object.entries(compilers)) {
      test(`TypeScript ${version}`, () => compile(files, { ...options, compiler }));
    }
    test("TypeScript 5.4 with moduleResolution node", () => {
      const old = { module: "esnext", moduleResolution: "node", compiler: compilers[5.4] };
      return compile(files.slice(0, 1), { ...options, ...old });
    });
    test("the oldest Vue", async () => {
      await withVue("vue-3.3");
      await compile(files, options);
    });
  });

  test("TypeScript 5.4 with moduleResolution node", () =>
    compile(["entries.ts"], {
      compiler: compilers[5.4],
      module: "esnext",
      moduleResolution: "node",
    }));
});

describe("the declarations", () => {
  /** Each declaration a program can reach from an entry point, parsed. */
  async function reachable() {
    const folder = project.path("node_modules/byrobot-calls/dist");
    const found = new Map();
    const { exports, peerDependencies } = JSON.parse(
      await readFile(project.path("node_modules/byrobot-calls/package.json"), "utf8"),
    );
    const frameworks = Object.keys(peerDependencies);
    const names = Object.values(exports)
      .map((target) => target.import?.types)
      .filter(Boolean)
      .map((file) => basename(file, ".d.ts"));
    for (const name of names) {
      if (found.has(name)) continue;
      const text = await readFile(join(folder, `${name}.d.ts`), "utf8");
      const file = ts.createSourceFile(`${name}.d.ts`, text, ts.ScriptTarget.Latest, true);
      found.set(name, file);
      const imported = ts.preProcessFile(text).importedFiles;
      const own = imported.filter(({ fileName }) => !frameworks.includes(fileName));
      names.push(...own.map(({ fileName }) => within(fileName, name)));
    }
    return [...found.values()];
  }

  function within(specifier, from) {
    const path = specifier.match(/^(\.\.?\/.+)\.js$/)?.[1];
    if (path) return posix.join(posix.dirname(from), path);
    return assert.fail(`a declaration imports ${specifier}, which no user has`);
  }

  function* nodesOf(node) {
    yield node;
    for (const child of node.getChildren()) yield* nodesOf(child);
  }

  test("import nothing from outside of the package but the frameworks, and name nothing of the glue", async () => {
    for (const file of await reachable()) {
      assert.doesNotMatch(file.text, /InitOutput|__wb|wasm-bindgen|#glue/, file.fileName);
    }
  });

  test("contain no any", async () => {
    const vague = (await reachable()).flatMap((file) =>
      [...nodesOf(file)]
        .filter((node) => node.kind === ts.SyntaxKind.AnyKeyword)
        .map((node) => `${file.fileName}: ${node.parent.getText()}`),
    );
    assert.deepEqual(vague, []);
  });

  test("describe each exported name", async () => {
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

  test("are those of golden.d.ts (GOLDEN=write updates it)", async () => {
    const printer = ts.createPrinter({ removeComments: true });
    const sorted = (await reachable()).sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
    const text = sorted
      .map((file) => `// ── ${file.fileName} ──\n${printer.printFile(file)}`)
      .join("\n");
    const golden = join(import.meta.dirname, "golden.d.ts");
    const found = await format(text, { ...(await resolveConfig(golden)), parser: "typescript" });
    if (process.env.GOLDEN === "write") return writeFile(golden, found);
    assert.equal(found, await readFile(golden, "utf8"));
  });
});

describe("other checkers of packages", () => {
  test("publint finds nothing, not even to suggest", async () => {
    const pkgDir = project.path("node_modules/byrobot-calls");
    const { messages } = await publint({ pkgDir, level: "suggestion", strict: true, pack: false });
    assert.deepEqual(messages, []);
  });

  test("arethetypeswrong finds nothing, for any entry and any way of resolving it", async () => {
    const tarball = await readFile(project.path(project.packed.filename));
    const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(tarball));
    assert.deepEqual(problems, []);
    const { exports } = JSON.parse(
      await readFile(project.path("node_modules/byrobot-calls/package.json"), "utf8"),
    );
    assert.deepEqual(Object.keys(entrypoints), Object.keys(exports));
  });
});
