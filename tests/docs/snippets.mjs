// Makes programs from the blocks of TypeScript and JavaScript in documents and in comments of declarations, and
// compiles them. A name that a block neither declares nor imports is imported from the package or from stage.ts.
import { mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import ts from "typescript";
import { root } from "../package/installation.mjs";
import { blocksOf, declarations, read } from "./documents.mjs";

const languages = /^(ts|tsx|js)$/;

/** The blocks to compile, each with the file that it becomes. Its first line can name it: `// page`, with `.ts`. */
export function snippetsOf(documents) {
  const seen = new Set();
  return documents.flatMap((document) =>
    blocksOf(read(document))
      .map((block, index) => {
        const { language, code } = block;
        const [, name] = code.match(/^\/\/ ([\w.-]+\.[jt]sx?)\n/) ?? [];
        const folder = document.replace(/\W+/g, "-");
        const file = `${folder}/${name ?? `${index + 1}.${language}`}`;
        return { ...block, file, title: `${document}, block ${index + 1}` };
      })
      .filter(({ language, isCompiled }) => languages.test(language) && isCompiled)
      // The READMEs have the same blocks.
      .filter(({ code }) => !seen.has(code) && seen.add(code)),
  );
}

/** The blocks in the comments of the declarations. Those with hooks, `tsx`, need a component round them to run. */
export function snippetsOfDeclarations() {
  return declarations.flatMap((path) => {
    const comments = read(path).match(/^ *\/\*\*.*?\*\//gms) ?? [];
    const blocks = blocksOf(comments.join("\n").replace(/^ *\* ?/gm, ""));
    return blocks.map(({ language, code }, index) => ({
      code,
      file: `${path.replace(/\W+/g, "-")}/${index + 1}.${language}`,
      title: `${path}, block ${index + 1}`,
      isRun: language === "ts",
    }));
  });
}

/** Compiles the snippets in a project that has the package; gives what the compiler says. */
export async function compile(project, snippets) {
  for (const { file, code } of snippets) {
    await mkdir(dirname(project.path(file)), { recursive: true });
    await project.write(file, `${code}\nexport {};\n`);
    await linkLibraries(project, code);
  }
  const roots = ["stage.ts", ...snippets.map(({ file }) => file)].map((file) => project.path(file));
  const offered = offeredBy(project);
  const missing = missingNames(programOf(project, roots));
  for (const { file, code } of snippets) {
    const names = missing.get(project.path(file)) ?? [];
    const imports = names
      .filter((name) => offered.has(name))
      .map((name) => `import { ${name} } from "${offered.get(name)}";\n`);
    await project.write(file, `${imports.join("")}${code}\nexport {};\n`);
  }
  const program = programOf(project, roots);
  program.emit();
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => project.folder };
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    ...host,
    getNewLine: () => "\n",
  });
}

function programOf(project, rootNames) {
  return ts.createProgram(rootNames, {
    target: ts.ScriptTarget.ES2022,
    lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable", "esnext.disposable"].map(
      (name) => `lib.${name}.d.ts`,
    ),
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    allowJs: true,
    checkJs: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    // The declarations of React and of the query libraries are not ours to check.
    skipLibCheck: true,
    rootDir: project.folder,
    outDir: project.path("out"),
  });
}

/** The names that nothing declares, by file. */
function missingNames(program) {
  const codes = new Set([2304, 2552, 18004]);
  const missing = new Map();
  for (const { code, file, start, length } of ts.getPreEmitDiagnostics(program)) {
    if (!codes.has(code)) continue;
    const names = missing.get(file.fileName) ?? new Set();
    missing.set(file.fileName, names.add(file.text.slice(start, start + length)));
  }
  return new Map([...missing].map(([file, names]) => [file, [...names]]));
}

/** Where each name comes from: the stage, else the first entry of the package that exports it. */
function offeredBy(project) {
  const { exports } = JSON.parse(
    ts.sys.readFile(project.path("node_modules/byrobot-calls/package.json")),
  );
  const entries = Object.keys(exports)
    .filter((entry) => !/\.(json|wasm)$/.test(entry))
    .map((entry) => [
      entry.replace(/^\./, "byrobot-calls"),
      project.path("node_modules/byrobot-calls", exports[entry].import.types),
    ]);
  const sources = [["../stage.js", project.path("stage.ts")], ...entries];
  const program = programOf(
    project,
    sources.map(([, file]) => file),
  );
  const checker = program.getTypeChecker();
  const offered = new Map();
  for (const [specifier, file] of sources) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    for (const { name } of checker.getExportsOfModule(module)) {
      if (!offered.has(name)) offered.set(name, specifier);
    }
  }
  return offered;
}

/** Lets the project have what this checkout has of the libraries that a snippet imports. */
async function linkLibraries(project, code) {
  // An adapter imports its framework.
  const adapters = code.replace(/"byrobot-calls\/(vue|react)"/g, '"$1"');
  for (const [, name] of adapters.matchAll(/from "((?:@[\w-]+\/)?[a-z][\w.-]*)[^":]*"/g)) {
    const wanted = name === "react" ? ["react", "@types/react"] : [name];
    for (const library of wanted.filter((one) => one !== "byrobot-calls")) {
      const link = project.path("node_modules", library);
      await mkdir(dirname(link), { recursive: true });
      const target = join(root, "node_modules", library);
      await symlink(target, link).catch((error) => {
        if (error.code !== "EEXIST") throw error;
      });
    }
  }
}
