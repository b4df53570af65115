// The code behind the panels: it is the page's source, it compiles, and it makes the numbers of its panel.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import { transform } from "esbuild";
import ts from "typescript";
import { companyCalls, count } from "./company.mjs";
import { button, completedTask, open, openDashboard, view, visit } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Inside of the project, so that the programs find the package. */
const folder = join(root, "target/code-of-panels");

describe("the cut out of a source", async () => {
  const { cut, readPieces } = await plugin();
  const source = `/** Seconds. */
export const edges = [
  0,
] as const;
export const specs = ({ edges }) =>
  ({
    /** A note. */
    first: {
      groupBy: "edges",
    },
  }) as const;
function sum(a) {
  return a;
}
`;

  test("a declaration has its comment and no export", () => {
    assert.equal(
      cut("a.ts", source, "edges"),
      "/** Seconds. */\nconst edges = [\n  0,\n] as const;",
    );
    assert.equal(cut("a.ts", source, "sum"), "function sum(a) {\n  return a;\n}");
  });

  test("a property begins at the left edge", () => {
    assert.equal(cut("a.ts", source, "specs.first"), 'first: {\n  groupBy: "edges",\n}');
  });

  test("a name that is gone fails with the file and the name", () => {
    assert.throws(() => cut("a.ts", source, "other"), /names other, and a\.ts has no declaration/);
    assert.throws(() => cut("a.ts", source, "specs.second"), /specs\.second.* no property second/);
  });

  test("every name of the page is there", () => {
    const pieces = readPieces(join(root, "www/src"));
    assert.equal(pieces["specs.outcomes"], 'outcomes: { groupBy: "finishStatus" }');
    assert.match(pieces.durationEdges, /const durationEdges = \[0, 3, 5/);
  });
});

describe("the code of a panel", () => {
  openDashboard();
  before(() => mkdir(folder, { recursive: true }));
  after(() => rm(folder, { recursive: true, force: true }));

  const figure = (title) =>
    view.page.locator("figure", { has: view.page.getByRole("heading", { name: title }) });

  /** The code behind a button. */
  async function codeOf(place) {
    await place.getByRole("button", { name: /：代码$/ }).click();
    const dialog = view.page.getByRole("dialog").filter({ has: view.page.locator("pre") });
    const text = await dialog.locator("pre").innerText();
    await view.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    return text;
  }

  /** The table of a panel: a list of texts for each row. */
  async function tableOf(panel) {
    await panel.getByRole("button", { name: "以表格显示" }).click();
    const rows = await panel.locator("tbody tr").all();
    return Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
  }

  const columns = (table, ...at) =>
    table.map((row) => at.map((index) => row.at(index))).filter((row) => row[0] !== "0");
  const numbers = (groups, ...names) =>
    groups
      .filter((group) => group[names[0]] > 0)
      .map((group) => names.map((name) => count(group[name])));
  const sorted = (rows) => rows.map((row) => row.join(" ")).sort();

  /** Turns the switch on, opens the page of a task and waits for all calls. */
  async function openTask(query) {
    const { callJobId } = await completedTask();
    await open(`/tasks/${callJobId}?company=1&p=all${query}`);
    // A phone has the switch in the settings only.
    if (view.page.viewportSize().width > 800) {
      const turned = button("显示每块图表背后的代码");
      if ((await turned.getAttribute("aria-pressed")) !== "true") await turned.click();
    }
    const calls = await companyCalls(view.sandbox.url);
    const { length } = calls.where({ callJobId });
    await eventually(async () =>
      assert.match(
        await view.page.locator(".panel .count").innerText(),
        new RegExp(`共 ${count(length)} 通`),
      ),
    );
  }

  /** What each panel shows, as a check of what its code writes. */
  const panels = {
    "号码变成意向，走到哪一步？": (table, [steps]) =>
      assert.deepEqual(
        table.map((row) => row[1]),
        steps.map(count),
      ),
    "什么时候打，客户会接？": (table, [{ calls, answered }]) =>
      assert.deepEqual(
        columns(table, 1, 2),
        [...calls].flatMap((n, at) => (n > 0 ? [[count(n), count(answered[at])]] : [])),
      ),
    "电话打成了什么结果？": (table, [groups]) =>
      assert.deepEqual(sorted(columns(table, 2)), sorted(numbers(groups, "calls"))),
    "客户在第几轮离开？": (table, [rounds]) => {
      const few = rounds.filter(({ round }) => round > 0 && round < 15);
      const shown = table.filter(([round]) => few.some((one) => String(one.round) === round));
      assert.deepEqual(
        shown.map((row) => row.slice(1, 3)),
        few.map(({ atRisk, ended }) => [count(atRisk), count(ended)]),
      );
    },
    "接通后聊了多久？": (table, [{ counts }]) =>
      assert.deepEqual(
        table.map((row) => row[1]),
        [...counts].map(count),
      ),
    "客户有多少意向？": (table, [{ intent }]) =>
      assert.deepEqual(sorted(columns(table, 1)), sorted(numbers(intent, "calls"))),
    "话术问出了什么？": (table, [groups]) =>
      assert.deepEqual(
        sorted(columns(table, 1)),
        sorted(
          numbers(
            groups.filter(({ key }) => key !== null),
            "calls",
          ),
        ),
      ),
    "每天打得怎么样？": (table, [groups]) =>
      assert.deepEqual(columns(table, 1, 2), numbers(groups, "calls", "answered")),
  };

  for (const [title, query] of [
    ["without a choice", ""],
    ["with choices", "&o=0,1,8&h=33~34,161~162&d=2~9"],
  ]) {
    test(`of every panel of a task it makes the panel's numbers, ${title}`, async () => {
      await openTask(query);
      const codes = { 总览: await codeOf(view.page.locator("dl.cards")) };
      codes.list = await codeOf(view.page.locator("#list"));
      for (const panel of Object.keys(panels)) codes[panel] = await codeOf(figure(panel));
      // No panel is without its code.
      const shown = view.page.locator("figure", { has: view.page.getByRole("heading") });
      assert.deepEqual(
        (await shown.getByRole("heading").allInnerTexts()).sort(),
        Object.keys(panels).sort(),
      );
      assert.deepEqual(compile(codes), []);

      for (const [panel, check] of Object.entries(panels)) {
        const [written] = await run(codes[panel]);
        check(await tableOf(figure(panel)), written);
      }
      const [[{ calls, answered }]] = await run(codes.总览);
      assert.ok(calls > 0);
      const cards = await view.page.locator("dl.cards .value").allInnerTexts();
      assert.equal(cards[0], count(calls));
      assert.match(
        await view.page.locator("dl.cards").innerText(),
        RegExp(`接通 ${count(answered)}`),
      );
      const listed = await run(codes.list);
      assert.equal(listed.length, Math.min(50, calls));
      const first = await view.page.locator("#list [role=row] [role=gridcell]").first().innerText();
      assert.ok(first.includes(listed[0][0].customerName), first);
    });
  }

  test("of the list of tasks it makes the numbers of the rows", async () => {
    await open("/tasks?company=1&p=all");
    await button("显示每块图表背后的代码").click();
    await view.page.locator(".freshness .live").waitFor();
    const code = await codeOf(view.page.locator("#list"));
    assert.deepEqual(compile({ tasks: code }), []);
    const byName = new Map((await run(code)).map(([name, row]) => [name, row]));
    const rows = await view.page.locator("tbody tr:has(.row-link)").all();
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const { numbers } = byName.get(await row.locator(".row-link").innerText());
      const cells = await row.locator("td").allInnerTexts();
      assert.equal(cells[3].trim(), count(numbers.calls));
    }
  });

  test("of lines, outcomes beside others, vendors' rules and alerts it compiles and runs", async () => {
    await open("/lines?company=1&p=all");
    await button("显示每块图表背后的代码").click();
    await view.page.locator(".freshness .live").waitFor();
    const calls = await companyCalls(view.sandbox.url);
    const [{ key: phone }] = calls.groupBy("callerPhone");
    const codes = { lines: await codeOf(view.page.locator("#list")) };
    await open(`/lines/${phone}?company=1&p=all`);
    codes.outcomes = await codeOf(figure("结果和其他线路有什么不同？"));
    await open("/calls?company=1&p=all&tab=compliance");
    codes.hours = await codeOf(figure("有没有在厂商允许的时段之外拨打？"));
    codes.repeats = await codeOf(figure("同一个号码被打得太频繁吗？"));
    codes.blocked = await codeOf(figure("有多少号码被名单或规则拦下？"));
    await open("/today?company=1");
    codes.alerts = await codeOf(view.page.getByRole("region", { name: "待处理" }));
    await open("/scripts?company=1&p=all");
    codes.unanswered = await codeOf(figure("哪些问题机器人答不上来？"));
    assert.deepEqual(compile(codes), []);

    const lines = await run(codes.lines);
    assert.deepEqual(
      lines.map(([{ callerPhone }]) => callerPhone).sort(),
      calls
        .groupBy("callerPhone")
        .map(({ key }) => key)
        .sort(),
    );
    const [[{ line }]] = await run(codes.outcomes);
    const of = (groups) => groups.reduce((sum, { calls }) => sum + calls, 0);
    assert.equal(of(line), calls.where({ callerPhone: phone }).length);
    for (const name of ["hours", "blocked"]) {
      const [[groups]] = await run(codes[name]);
      assert.equal(of(groups), calls.length, name);
    }
    const [[{ numbers }]] = await run(codes.repeats);
    assert.deepEqual(numbers, calls.repeats().numbers);
    assert.ok(Array.isArray(await run(codes.alerts)));
    const [[questions]] = await run(codes.unanswered);
    assert.ok(questions.every(({ calls }) => calls.length > 0));
  });

  test("is offered only while the switch is on, also after a reload", async () => {
    await openTask("");
    const offers = view.page.getByRole("button", { name: /：代码$/ });
    assert.equal(await offers.count(), 10);
    await view.page.reload();
    await eventually(async () => assert.equal(await offers.count(), 10));
    await button("显示每块图表背后的代码").click();
    assert.equal(await offers.count(), 0);
    await view.page.reload();
    await view.page.locator("figure").first().waitFor();
    assert.equal(await offers.count(), 0);
  });

  test("is copied, and closes by the keyboard, on a phone too", async () => {
    await view.context.close();
    await visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await view.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open("/settings");
    await view.page.getByRole("checkbox", { name: "开启" }).last().check();
    await openTask("");
    const opener = figure("电话打成了什么结果？").getByRole("button", { name: /：代码$/ });
    await opener.focus();
    await view.page.keyboard.press("Enter");
    const dialog = view.page.getByRole("dialog").filter({ has: view.page.locator("pre") });
    await dialog.getByRole("button", { name: "复制代码" }).click();
    await dialog.getByRole("button", { name: "已复制" }).waitFor();
    assert.equal(
      await view.page.evaluate(() => navigator.clipboard.readText()),
      await dialog.locator("pre").evaluate((pre) => pre.textContent),
    );
    const { width } = await dialog.boundingBox();
    assert.ok(width <= 390);
    assert.equal(
      await dialog.getByRole("link").getAttribute("href"),
      "./reference/documents/Analytics.html",
    );
    await view.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await opener.evaluate((element) => element === document.activeElement));
  });
});

/** What the compiler says of these programs. */
function compile(codes) {
  const files = new Map(
    Object.values(codes).map((code, at) => [join(folder, `panel-${at}.ts`), code]),
  );
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, version) =>
    files.has(file)
      ? ts.createSourceFile(file, files.get(file), version)
      : getSourceFile(file, version);
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

let runs = 0;

/** Runs a program; what it writes: a list for each line. */
async function run(code) {
  const script = await transform(code, { loader: "ts", target: "node20" });
  const file = join(folder, `panel-${(runs += 1)}.mjs`);
  await writeFile(
    file,
    `const console = { log: (...values) => lines.push(values) };
export const lines = [];
${script.code}`,
  );
  return (await import(pathToFileURL(file).href)).lines;
}

/** The plugin of the page's build. */
async function plugin() {
  const { build } = await import("esbuild");
  const outfile = join(folder, "plugin.mjs");
  await build({
    entryPoints: [join(root, "www/code.ts")],
    outfile,
    format: "esm",
    platform: "node",
    logLevel: "silent",
  });
  return import(pathToFileURL(outfile).href);
}
