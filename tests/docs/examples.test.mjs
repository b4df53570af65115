// The example dashboards (docs/examples) in Chromium: they are type-checked, built for development, and used by hand.
// Every number on the screen is compared with DuckDB's, on calls that are read outside of the page.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { ByrobotClient, CallTable, explain, label, maskPhone } from "byrobot-calls";
import { createSandbox } from "byrobot-calls/sandbox";
import { build, preview } from "vite";
import { openBrowser } from "../../scripts/browser.mjs";
import { program, root, runNode } from "../../scripts/toolchain.mjs";
import { openDuckDB } from "../package/duckdb.mjs";
import { keyOf, statement } from "../package/elsewhere.mjs";

/** Each example's compiler, and how many tables it makes when it opens: StrictMode mounts twice. */
const examples = {
  vue: { compiler: program("vue-tsc"), tables: 1 },
  react: { compiler: program("typescript", "tsc"), tables: 2 },
};
const seed = 7;

/** Remembers the tables that were freed, and all linked charts. */
const counting = `
  import { CallTable } from "byrobot-calls";
  const { free, linked } = CallTable.prototype;
  globalThis.freed = new Set();
  globalThis.charts = [];
  CallTable.prototype.free = function () {
    freed.add(this);
    free.call(this);
  };
  CallTable.prototype.linked = function (specs) {
    const made = linked.call(this, specs);
    charts.push(made);
    return made;
  };
`;
const countingPlugin = {
  name: "counting",
  resolveId: (id) => (id === "counting" ? "\0counting" : undefined),
  load: (id) => (id === "\0counting" ? counting : undefined),
  transform: (code, id) => (/\/main\.tsx?$/.test(id) ? `import "counting";\n${code}` : undefined),
};

let database, browser, folder;
before(async () => {
  const table = new CallTable();
  const { fetch } = await createSandbox({ seed });
  const { complete } = await new ByrobotClient({ fetch }).syncTasks(table, { companyId: 1 });
  assert.ok(complete);
  database = await openDuckDB();
  database.load("everything", table.toArrowIPC());
  browser = await openBrowser();
  folder = await mkdtemp(join(tmpdir(), "byrobot-examples-"));
});
after(async () => {
  await browser?.close();
  database?.close();
  if (folder) await rm(folder, { recursive: true });
});

for (const [name, { compiler, tables }] of Object.entries(examples)) {
  const source = join(root, "docs/examples", name);

  describe(`the dashboard in ${name}`, () => {
    test("compiles", () => runNode(compiler, ["-p", source]));

    test("shows the numbers of DuckDB whatever is chosen, and frees its tables when it closes", async () => {
      const url = await served(name, source);
      const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
      const page = await context.newPage();
      const complaints = [];
      page.on("console", (message) => {
        if (/error|warning/.test(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(`${url}?seed=${seed}`);
      await opened(page);
      const nothing = {};
      await shows(page, nothing);
      await scrolls(page);

      // The bar of 30 to 60 seconds, then bars from 30 to 600.
      await press(page, "Duration, seconds", 2);
      await shows(page, { durations: "duration >= 30 and duration < 60" });
      await press(page, "Duration, seconds", 4, 2);
      const durations = "duration >= 30 and duration <= 600";
      await shows(page, { durations });
      await press(page, "Hour", 1, 4);
      const hours = `${keyOf("hourOfDay")} in (9, 10, 11, 13)`;
      await shows(page, { durations, hours });
      await page.getByLabel("Hour").getByRole("button", { name: "All" }).click();
      await press(page, "Outcome", 0);
      await shows(page, { durations, outcomes: "finishStatus = 0" });
      await press(page, "Hour", 6);
      const chosen = { durations, outcomes: "finishStatus = 0" };
      chosen.hours = `${keyOf("hourOfDay")} = 15`;
      // On the first of these days there is no such call.
      for (const day of ["2024-02-25", "2024-02-06"]) {
        await page.getByLabel("Date").selectOption(day);
        chosen.dates = `${keyOf("date")} = '${day}'`;
        await shows(page, chosen);
      }
      await lists(page, chosen);
      await exports(page, chosen);

      for (const chart of ["Duration, seconds", "Hour", "Outcome"])
        await page.getByLabel(chart).getByRole("button", { name: "All" }).click();
      await page.getByLabel("Date").selectOption("");
      await shows(page, nothing);

      await page.getByRole("button", { name: "Close" }).click();
      await page.getByText("up to date").waitFor({ state: "detached" });
      assert.equal(await page.evaluate(() => globalThis.freed.size), tables);
      await page.getByRole("button", { name: "Open" }).click();
      await opened(page);
      await shows(page, nothing);
      await page.getByRole("button", { name: "Close" }).click();
      await page.getByText("up to date").waitFor({ state: "detached" });
      assert.equal(await page.evaluate(() => globalThis.freed.size), 2 * tables);
      assert.deepEqual(await page.evaluate(livingCharts), []);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  });
}

/** Builds an example for development, where frameworks warn, and serves it until the end of the tests. */
async function served(name, source) {
  process.env.NODE_ENV = "development";
  const settings = {
    root: source,
    mode: "development",
    logLevel: "error",
    plugins: [countingPlugin],
    build: { outDir: join(folder, name) },
  };
  await build(settings);
  const server = await preview({ ...settings, preview: { host: "127.0.0.1", port: 0 } });
  after(() => server.close());
  return server.resolvedUrls.local[0];
}

const opened = (page) => page.getByText("calls, up to date").waitFor({ timeout: 120_000 });

const livingCharts = () =>
  globalThis.charts.filter((charts) => {
    try {
      return charts.length >= 0;
    } catch (error) {
      return error.code !== "invalid_argument";
    }
  });

const edges = [0, 10, 30, 60, 120, 600];
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** The calls that pass the conditions, but for that of one chart, are `calls` from now on. */
function choose({ ...conditions }, except) {
  delete conditions[except];
  const where = Object.values(conditions).map((condition) => `(${condition})`);
  database.query(
    `create or replace view calls as select * from everything where ${where.join(" and ") || true}`,
  );
}

/** What the page has to show under these conditions. */
function expected(conditions) {
  const { query } = database;
  const [{ total }] = query("select count(*) as total from everything");
  choose(conditions);
  const [totals] = query(statement("statistics"));
  const metrics = ["answerRate", "intentRate", "meanDuration", "billableMinutes"];
  const cards = metrics.map((metric) => {
    const format = metric.endsWith("Rate") ? percent : decimal;
    const value = totals[metric];
    return [explain(metric, "en").title, value === null ? "–" : format.format(value)];
  });
  /** Groups that have no calls keep their bars. */
  const groups = (chart, key, keys) => {
    choose(conditions, chart);
    const counts = new Map(
      query(`select ${key} as key, count(*) as n from calls group by key`).map((group) => [
        group.key,
        group.n,
      ]),
    );
    const all = keys ?? `select distinct ${key} as key from everything order by key nulls last`;
    return query(all).map((group) => [group.key, counts.get(group.key) ?? 0]);
  };
  const top = `select key from (select finishStatus as key, count(*) as n from everything group by key
    order by n desc limit 6) order by key`;
  const bins = edges.slice(1).map((to, bin) => {
    const below = bin === edges.length - 2 ? "<=" : "<";
    return `count(*) filter (duration >= ${edges[bin]} and duration ${below} ${to}) as "${edges[bin]}–${to}"`;
  });
  choose(conditions, "durations");
  const [durations] = query(`select ${bins.join(", ")} from calls`);
  const named = (list, name) => list.map(([key, calls]) => [name(key), calls]);
  return {
    status: `${totals.calls} of ${total} calls, up to date`,
    cards,
    dates: [
      "All dates",
      ...groups("dates", keyOf("date")).map(([key, calls]) => `${key} (${calls})`),
    ],
    charts: {
      "Duration, seconds": Object.entries(durations),
      Hour: named(groups("hours", keyOf("hourOfDay")), String),
      Outcome: named(groups("outcomes", "finishStatus", top), (key) =>
        label("finishStatus", key, "en"),
      ),
    },
  };
}

/** What the page shows. In a chart a number stands above its bar, and the name, perhaps in lines, below. */
const shown = (page) =>
  page.evaluate(() => {
    const texts = (selector, from = document) =>
      [...from.querySelectorAll(selector)].map(({ textContent }) => textContent.trim());
    const barsOf = (chart) => {
      const words = [...chart.querySelectorAll("svg text")].map((text) => {
        const { x, width, y } = text.getBoundingClientRect();
        const isNumber = getComputedStyle(text).fontSize === "11px";
        return { text: text.textContent, middle: x + width / 2, y, isNumber };
      });
      const numbers = words.filter((word) => word.isNumber).sort((a, b) => a.middle - b.middle);
      const bars = numbers.map((number) => ({ ...number, names: [] }));
      for (const word of words.filter(({ isNumber }) => !isNumber).sort((a, b) => a.y - b.y)) {
        const away = ({ middle }) => Math.abs(middle - word.middle);
        bars.toSorted((a, b) => away(a) - away(b))[0].names.push(word.text.trim());
      }
      return bars.map(({ names, text }) => [names.join(" "), Number(text)]);
    };
    return {
      status: texts(".bar > p")[0]?.replace(/\s+/g, " "),
      cards: [...document.querySelectorAll(".cards > *")].map((card) => texts("dt, dd", card)),
      dates: texts("select option").map((text) => text.replace(/\s+/g, " ")),
      charts: Object.fromEntries(
        [...document.querySelectorAll("section")].map((chart) => [
          chart.getAttribute("aria-label"),
          barsOf(chart),
        ]),
      ),
    };
  });

/** Waits until the page shows what DuckDB computes. */
function shows(page, conditions) {
  const wanted = expected(conditions);
  return eventually(async () => assert.deepEqual(await shown(page), wanted));
}

/** Waits until an expectation holds: the page follows at its next frame. */
async function eventually(expectation) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await expectation();
    } catch (error) {
      if (attempt === 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Presses the pointer on a bar; draws it to another one. */
async function press(page, chart, from, to = from) {
  const box = await page.getByLabel(chart).locator("svg").boundingBox();
  const bars = await shown(page).then(({ charts }) => charts[chart].length);
  const x = (bar) => box.x + (box.width * (bar + 0.5)) / bars;
  const y = box.y + box.height / 2;
  await page.mouse.move(x(from), y);
  await page.mouse.down();
  await page.mouse.move(x(to), y, { steps: 8 });
  await page.mouse.up();
}

/** The rows in sight: the position of each in the list, and its texts. */
const rowsInSight = (page) =>
  page.evaluate(() => {
    const [head, ...rows] = document.querySelectorAll(".row");
    const { top } = head.nextElementSibling.getBoundingClientRect();
    return rows.map((row) => ({
      at: Math.round((row.getBoundingClientRect().top - top) / 32),
      cells: [...row.children].map(({ textContent }) => textContent.trim()),
    }));
  });

const scrollTo = (page, part) =>
  page.locator(".calls").evaluate((list, part) => {
    list.scrollTop = part * (list.scrollHeight - list.clientHeight);
  }, part);

const startText = "strftime(epoch_ms(epoch_ms(startTime) + 28800000), '%Y-%m-%d %H:%M:%S')";

/** Wherever the whole list is scrolled to, each row in sight has the value that DuckDB has at its position. */
async function scrolls(page) {
  const orders = [
    { column: 0, sql: `select ${startText} as value from calls order by startTime desc` },
    { column: 3, sql: "select duration as value from calls order by duration desc nulls last" },
    { column: 3, sql: "select duration as value from calls order by duration nulls last" },
  ];
  choose({});
  for (const [index, { column, sql }] of orders.entries()) {
    if (index > 0) await page.getByRole("button", { name: "Seconds" }).click();
    const wanted = database.query(sql).map(({ value }) => String(value));
    for (const part of [0, 0.1, 0.5, 1]) {
      await scrollTo(page, part);
      const middle = Math.round(part * (wanted.length - 11)) + 5;
      await eventually(async () => {
        const rows = await rowsInSight(page);
        assert.ok(rows.length < 100, `${rows.length} rows are in the page`);
        assert.ok(rows[0].at <= middle && rows.at(-1).at >= middle, `no row ${middle}`);
        assert.deepEqual(
          rows.map(({ cells }) => cells[column]),
          wanted.slice(rows[0].at, rows.at(-1).at + 1),
        );
      });
    }
  }
  await page.getByRole("button", { name: "Start" }).click();
  await scrollTo(page, 0);
}

/** The list has every call that passes, and no other one. */
async function lists(page, conditions) {
  choose(conditions);
  const wanted = database
    .query(`select *, ${startText} as start from calls`)
    .map(({ start, customerTelephone, finishStatus, duration, chatRound }) => {
      const outcome = label("finishStatus", finishStatus, "en");
      return [start, maskPhone(customerTelephone), outcome, duration, chatRound].join();
    });
  assert.ok(wanted.length > 30);
  const seen = new Map();
  for (let part = 0; part <= 1; part += 0.05) {
    await scrollTo(page, part);
    const middle = Math.round(part * (wanted.length - 11)) + 5;
    await eventually(async () => {
      const rows = await rowsInSight(page);
      assert.ok(rows[0].at <= middle && rows.at(-1).at >= middle, `no row ${middle}`);
      for (const { at, cells } of rows) seen.set(at, cells.join());
    });
  }
  assert.deepEqual([...seen.values()].sort(), wanted.sort());
  const starts = Array.from(wanted, (_, at) => seen.get(at).slice(0, 19));
  assert.deepEqual(starts, starts.toSorted().reverse());
}

/** The CSV has the calls that pass. */
async function exports(page, conditions) {
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  const download = await waiting;
  assert.equal(download.suggestedFilename(), "calls.csv");
  const table = new CallTable();
  table.ingest(await readFile(await download.path()), { format: "csv" });
  choose(conditions);
  const wanted = database.query("select callInstanceId, finishStatus, duration from calls");
  const rows = table.rows().map(({ callInstanceId, finishStatus, duration }) => {
    return { callInstanceId, finishStatus, duration };
  });
  const byId = (a, b) => a.callInstanceId - b.callInstanceId;
  assert.deepEqual(rows.sort(byId), wanted.sort(byId));
}
