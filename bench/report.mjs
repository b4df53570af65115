// Writes the measurements as Markdown tables. Not here: the measurements (work.mjs).

const ours = "CallTable";
const rowCounts = { 10000: "10⁴", 100000: "10⁵", 1000000: "10⁶" };

const name = (rows) => rowCounts[rows] ?? String(rows);

const number = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

const ratio = (value) => `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} ×`;

/** A table from its header and rows of cells; the first column is text. */
const table = (header, rows) =>
  [header, ["---", ...header.slice(1).map(() => "--:")], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** The contestants with a measurement of that name, in the order of the measurements. */
const members = (all, what) => [
  ...new Set(
    all
      .flatMap(({ results }) => Object.values(results))
      .flatMap((one) => Object.keys(one[what] ?? {})),
  ),
];

/** One measurement by contestant, environment and number of rows: milliseconds, and the ratio to CallTable. */
function byRows(all, what, part = "ms") {
  const columns = all.flatMap(({ environment, results }) =>
    Object.keys(results)
      .filter((rows) => results[rows][what])
      .map((rows) => ({ title: `${environment} ${name(rows)}`, times: results[rows][what] })),
  );
  const cell = ({ times }, member) => {
    const time = times[member];
    if (!time) return "–";
    if (time.stoppedAt) return `> ${number(time.ms)} (${time.stoppedAt} rows)`;
    return member === ours || !times[ours]
      ? number(time[part])
      : `${number(time[part])} (${ratio(time[part] / times[ours][part])})`;
  };
  return table(
    ["ms", ...columns.map(({ title }) => title)],
    members(all, what).map((member) => [member, ...columns.map((column) => cell(column, member))]),
  );
}

/** Several measurements for the largest number of rows. */
function atMost(all, titles) {
  const columns = all.flatMap(({ environment, results }) => {
    const rows = Math.max(...Object.keys(results));
    return Object.entries(titles)
      .filter(([what]) => results[rows][what])
      .map(([what, title]) => ({ title: `${environment}: ${title}`, times: results[rows][what] }));
  });
  const [first] = Object.keys(titles);
  return table(
    ["ms", ...columns.map(({ title }) => title)],
    members(all, first).map((member) => [
      member,
      ...columns.map(({ times }) => (times[member] ? number(times[member].ms) : "–")),
    ]),
  );
}

function reading(all) {
  const columns = all.flatMap(({ environment, results }) => {
    const found = Object.values(results).find((one) => one["read: bodies of 50 rows"]);
    return ["read: bodies of 50 rows", "read: one large body"]
      .filter((what) => found?.[what])
      .map((what) => ({ title: `${environment}: ${what.slice(6)}`, times: found[what] }));
  });
  const base = "JSON.parse alone, of a string";
  const readers = Object.keys(columns[0]?.times ?? {});
  return table(
    ["MB/s", ...columns.map(({ title }) => title)],
    readers.map((reader) => [
      reader,
      ...columns.map(({ times }) => {
        const { perSecond } = times[reader];
        const against = reader === base ? "" : ` (${ratio(perSecond / times[base].perSecond)})`;
        return `${perSecond.toFixed(0)}${against}`;
      }),
    ]),
  );
}

function memory(all) {
  const [found] = all.filter(({ results }) => Object.values(results).some((one) => one.memory));
  if (!found) return undefined;
  const { results } = found;
  // With few rows, the heap mostly contains the program, not the rows.
  const many = Object.keys(results).filter((rows) => rows >= 100_000);
  const counts = many.length > 0 ? many : Object.keys(results);
  const perRow = (rows, what, member) => {
    const bytes = results[rows][what]?.[member]?.bytes;
    return bytes === undefined ? "–" : Math.round(bytes / rows).toString();
  };
  const filled = table(
    [
      "bytes a row",
      ...counts.flatMap((rows) => [`${name(rows)} filled`, `${name(rows)} with five charts`]),
    ],
    members([found], "memory").map((member) => [
      member,
      ...counts.flatMap((rows) => [
        perRow(rows, "memory", member),
        perRow(rows, "memory, linked", member),
      ]),
    ]),
  );
  const own = (rows) => results[rows].memory[ours].own;
  const account = table(
    ["bytes a row, by its own account", ...counts.map(name)],
    Object.keys(own(counts[0])).map((part) => [
      part,
      ...counts.map((rows) => (own(rows)[part] / rows).toFixed(1)),
    ]),
  );
  return `${filled}\n\n${account}`;
}

/** The cost of ten times the rows for CallTable. */
function growth(all) {
  const works = {
    load: "reading all rows",
    overview: "filter, statistics, four charts",
    "brush: move": "brush move",
    "sort: first window by startTimeMs": "sorting by start",
  };
  const columns = all.flatMap(({ environment, results }) =>
    Object.keys(results)
      .slice(1)
      .map((rows, at) => ({
        title: `${environment} ${name(Object.keys(results)[at])} → ${name(rows)}`,
        from: results[Object.keys(results)[at]],
        to: results[rows],
      })),
  );
  if (columns.length === 0) return undefined;
  const cell = ({ from, to }, what) =>
    from[what]?.[ours] && to[what]?.[ours] ? ratio(to[what][ours].ms / from[what][ours].ms) : "–";
  const rows = Object.entries(works).map(([what, title]) => [
    title,
    ...columns.map((column) => cell(column, what)),
  ]);
  const measured = rows.filter((cells) => cells.some((one, at) => at > 0 && one !== "–"));
  return measured.length > 0
    ? table(["times as long", ...columns.map(({ title }) => title)], measured)
    : undefined;
}

/** @param all `{ environment, results }` for Node and Chromium, `results` by number of rows. */
export function report(all, machine) {
  const has = (what) => all.some(({ results }) => Object.values(results).some((one) => one[what]));
  const sections = [
    ["Response bodies into columns", has("read: bodies of 50 rows") && reading(all)],
    ["All rows, body by body", has("load") && byRows(all, "load")],
    ["A filter, the statistics and four charts", has("overview") && byRows(all, "overview")],
    ["A brush move, five linked charts", has("brush: move") && byRows(all, "brush: move")],
    [
      "Of the same moves the 95th percentile: where many calls come in or go out",
      has("brush: move") && byRows(all, "brush: move", "worst"),
    ],
    [
      "Brush jumps, and linking, at the largest number of rows",
      has("brush: set") &&
        atMost(all, {
          "brush: set": "set",
          "brush: jump to many rows": "to many rows",
          "brush: jump to few rows": "to few rows",
          "brush: clear": "cleared",
          "brush: link": "linked, first read",
        }),
    ],
    ["50-row pages arriving, five charts read after each", has("pages") && byRows(all, "pages")],
    [
      "Sorted: the first window of 50 rows",
      has("sort: first window by startTimeMs") &&
        atMost(all, {
          "sort: first window by startTimeMs": "by start",
          "sort: first window by duration": "by duration",
        }),
    ],
    [
      "Sorted: the next window",
      has("sort: next window by startTimeMs") &&
        atMost(all, {
          "sort: next window by startTimeMs": "by start",
          "sort: next window by duration": "by duration",
        }),
    ],
    ["Memory, in Node", has("memory") && memory(all)],
    ["Growth of ours", growth(all)],
  ];
  const chosen = sections.filter(([, content]) => content);
  return [`${machine}.`, ...chosen.map(([title, content]) => `### ${title}\n\n${content}`)].join(
    "\n\n",
  );
}
