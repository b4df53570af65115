// Generates the reference by TypeDoc from the published declarations and the guides: `www/public/reference`, which the
// dashboard serves, with llms.txt and the published guides for programs. Every warning of TypeDoc is an error: an
// exported name without documentation, a broken link.
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, unlessFresh } from "./build.mjs";
import { setup } from "./setup.mjs";
import { Failure, main, root } from "./toolchain.mjs";

const site = join(root, "www/public");
const folder = join(site, "reference");

/** What a user of the package reads, in the order of the guides' index. */
function guides() {
  const index = readFileSync(join(root, "docs/README.md"), "utf8");
  const listed = [...index.matchAll(/^\| \[.+?\]\(([\w-]+\.md)\)/gm)].map(([, name]) => name);
  return [
    "README.md",
    "README.zh-CN.md",
    ...["README.md", ...listed].map((name) => `docs/${name}`),
  ];
}

/** What is told beside the declarations. */
const documents = () => [...guides(), "DESIGN.md", "PROTOCOL.md", "bench/README.md"];

/** The file of declarations that each entry of the package leads to, by the first entry's name. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  const found = new Map();
  for (const [entry, target] of Object.entries(exports)) {
    const file = target.import?.types;
    if (file && !found.has(file)) found.set(file, entry.replace(/^\./, "byrobot-calls"));
  }
  return [...found].map(([file, name]) => ({ name, file: join(root, "pkg", file) }));
}

/** The languages of all blocks of code; those of comments are among them. */
function languages() {
  const texts = documents().map((name) => readFileSync(join(root, name), "utf8"));
  const named = texts.flatMap((text) => [...text.matchAll(/^ *```(\w+)$/gm)]);
  return [...new Set(named.map(([, language]) => language))];
}

/** Makes the pages anew if anything in them has changed. */
export async function reference() {
  const declarations = readdirSync(join(root, "pkg/dist"), { recursive: true }).filter((name) =>
    name.endsWith(".d.ts"),
  );
  const recipe = [
    ...declarations.map((name) => `pkg/dist/${name}`),
    ...documents(),
    ...[
      "llms.txt",
      "pkg/package.json",
      "scripts/reference.mjs",
      "scripts/reference.css",
      "package-lock.json",
    ],
  ].map((name) => join(root, name));
  await unlessFresh(folder, ["index.html", "../llms.txt"], recipe, [], async () => {
    await makePages();
    for (const name of ["llms.txt", ...guides()]) {
      mkdirSync(dirname(join(site, name)), { recursive: true });
      copyFileSync(join(root, "pkg", name), join(site, name));
    }
    console.log(`✓ ${folder.slice(root.length + 1)}`);
  });
}

async function makePages() {
  // Loaded late: on a bare clone `npm ci` has not run when this file is read.
  const [{ Application, Converter }, { default: ts }] = await Promise.all([
    import("typedoc"),
    import("typescript"),
  ]);
  const app = await Application.bootstrap(
    {
      name: "byrobot-calls",
      basePath: root,
      readme: join(root, "README.md"),
      projectDocuments: documents()
        .filter((name) => name !== "README.md")
        .map((name) => join(root, name)),
      entryPoints: [],
      disableSources: true,
      excludeInternal: true,
      excludePrivate: true,
      excludeProtected: true,
      sort: ["source-order"],
      sortEntryPoints: false,
      navigation: { includeGroups: true, includeFolders: false },
      headings: { readme: false },
      navigationLinks: { Dashboard: "/" },
      highlightLanguages: languages(),
      favicon: join(root, "www/public/favicon.svg"),
      customCss: join(root, "scripts/reference.css"),
      hideGenerator: true,
      githubPages: false,
      includeHierarchySummary: false,
      packagesRequiringDocumentation: ["byrobot-calls"],
      // Conditions in types, which are no fields of anything.
      intentionallyNotDocumented: [
        ...["", ".__type.Module", ".__type.Module.__type.prototype"].map(
          (rest) => `byrobot-calls.CompiledModule.__type.WebAssembly${rest}`,
        ),
      ],
      validation: { notDocumented: true, notExported: true, invalidLink: true },
      logLevel: "Warn",
    },
    [],
  );
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const [title] = document.content
      .map(({ text }) => text.match(/^# (.+)$/m)?.[1])
      .filter(Boolean);
    if (title) document.name = title;
  });
  const program = ts.createProgram(
    entries().map(({ file }) => file),
    {
      target: ts.ScriptTarget.ES2022,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
    },
  );
  const project = app.converter.convert(
    entries().map(({ name, file }) => ({
      displayName: name,
      program,
      sourceFile: program.getSourceFile(file),
    })),
  );
  app.validate(project);
  await app.generateDocs(project, folder);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Failure("TypeDoc complains: mend the comments or documents that it names");
  }
}

await main(import.meta.url, async () => {
  await setup({ testing: false });
  await build();
  await reference();
});
