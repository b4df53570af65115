// The program that makes the numbers of a panel, as a person would write it. What a chart counts is the page's own source
// (virtual:code); the values are those that the page shows now. It is loaded with the first look at it.
import type { CallFilter } from "byrobot-calls/streaming";
import { pieces } from "virtual:code";
import type { Piece } from "../../code";
import type { Axes, ChartName } from "../analysis/specs";
import { literal } from "./literal";

/** Where a program gets its calls. */
export interface Origin {
  readonly baseUrl: string;
  readonly companyId: number;
}

/** What a page looks at. */
export interface Scope extends Origin {
  /** The calls of the page. */
  readonly calls: CallFilter;
  /** The choices, as filters of charts. */
  readonly filters: Partial<Record<ChartName, CallFilter>>;
  readonly axes: Axes;
}

/** The panels of a page with charts. */
export type ChartPanelName = Exclude<ChartName, "scope"> | "calls";

/** The program of a panel with charts that filter each other. */
export function chartProgram(panel: ChartPanelName, scope: Scope): string {
  const filtered = Object.entries(scope.filters).filter(
    // A chart shows the calls that pass the others. The steps of the funnel are counted in what passes them.
    ([name]) => name !== panel,
  ) as [Exclude<ChartName, "scope">, CallFilter][];
  const isCounted = panel !== "calls" && panel !== "funnel";
  const charts = [...filtered.map(([name]) => name), ...(isCounted ? [panel] : [])];
  const setUp = [
    "// The calls of this page.",
    where(scope.calls),
    ...(charts.length > 0
      ? [
          "",
          ...charts.flatMap((chart) => needs(chart, scope.axes)),
          "const charts = calls.linked({",
          ...charts.map((chart) => `${indented(pieces[`specs.${chart}`])},`),
          "});",
          ...filtered.map(([name, filter]) => {
            const begin = `charts.filter("${name}", `;
            return `${begin}${literal(filter, begin)});`;
          }),
        ]
      : []),
  ];
  const passing = charts.length > 0 ? "charts.view()" : "calls";
  return program(scope, setUp, ends[panel]?.(passing) ?? [`console.log(charts.read().${panel});`]);
}

/** How the programs of these panels end; `passing` are the calls that pass the choices. */
const ends: Partial<Record<ChartPanelName, (passing: string) => string[]>> = {
  numbers: () => [
    pieces.leadsOf,
    "",
    "const { numbers } = charts.read();",
    "console.log(numbers, leadsOf(numbers));",
  ],
  funnel: (passing) => [
    pieces.answered,
    pieces.unusable,
    "",
    pieces.funnelSteps,
    "",
    pieces.stepCounts,
    "",
    `console.log(stepCounts(${passing}));`,
  ],
  calls: (passing) => [
    `for (const call of ${passing}.rows({ sortBy: "startTime", descending: true, limit: 50 })) {`,
    "  console.log(call);",
    "}",
  ],
};

/** The declarations that a chart uses. */
function needs(chart: Exclude<ChartName, "scope">, { result, unit }: Axes): string[] {
  if (chart === "durations") return [pieces.durationEdges, ""];
  if (chart === "result") return [`const result = ${literal(result)};`, ""];
  return chart === "times" ? [`const unit = ${literal(unit)};`, ""] : [];
}

/** The program of the list of tasks. */
export function taskProgram(origin: Origin, calls: CallFilter): string {
  return program(
    origin,
    ["// The calls of the period.", where(calls), "", pieces.leadsOf, "", pieces.rowOf],
    [
      `for await (const { callJobId, jobName } of client.tasks({ companyId: ${origin.companyId} })) {`,
      "  console.log(jobName, rowOf(calls, callJobId));",
      "}",
    ],
  );
}

/** The program of a panel that asks the calls of a period one question. */
export function questionProgram(
  origin: Origin,
  calls: CallFilter,
  question: "hoursOf" | "repeatsOf" | "outcomesOf",
): string {
  const setUp = ["// The calls of the period.", where(calls), "", pieces[question]];
  return program(origin, setUp, [`console.log(${question}(calls));`]);
}

/** The program of the outcomes of a line beside the other lines. */
export function outcomesProgram(origin: Origin, calls: CallFilter, callerPhone: string): string {
  const setUp = ["// The calls of the period.", where(calls), "", pieces.outcomesBeside];
  return program(origin, setUp, [`console.log(outcomesBeside(calls, ${literal(callerPhone)}));`]);
}

/** The program of the list of lines. */
export function linesProgram(origin: Origin, calls: CallFilter): string {
  const setUp = ["// The calls of the period.", where(calls)];
  return program(origin, setUp, ["for (const line of compareLines(calls)) console.log(line);"]);
}

/** The program of what needs attention. */
export function alertsProgram(origin: Origin): string {
  const { companyId } = origin;
  return program(
    origin,
    [
      "const tasks = [];",
      `for await (const task of client.tasks({ companyId: ${companyId} })) {`,
      "  // Only running tasks need counters.",
      `  tasks.push(task.status === 1 ? await client.taskCounts(${companyId}, task) : task);`,
      "}",
      "const now = Date.now();",
    ],
    [
      "const { alerts } = evaluateAlerts(table, { now, tasks, syncedAt: now });",
      'for (const alert of alerts) console.log(describeAlert(alert, "zh").text);',
    ],
  );
}

/** The program of what the robot could not answer; `calls` are the conversations. */
export function unansweredProgram(origin: Origin, calls: CallFilter): string {
  return program(
    origin,
    [
      "// The conversations of the period.",
      where(calls),
      "",
      ...(
        ["ReadCall", "Question", "keyOf", "spokenSpan", "readCall", "questionsOf"] as const
      ).flatMap((piece) => [pieces[piece], ""]),
      "// The page draws them at random.",
      "const read = [];",
      "for (const { callInstanceId } of calls.rows({ limit: 20 })) {",
      "  read.push(readCall(await client.phoneLogInfo({ callInstanceId: callInstanceId! })));",
      "}",
    ],
    ["console.log(questionsOf(read));"],
  );
}

/** Imports, the table with its calls, then these lines. */
function program({ baseUrl, companyId }: Origin, setUp: string[], end: string[]): string {
  const body = [
    `const client = new ByrobotClient({ baseUrl: ${literal(baseUrl)} });`,
    "const table = new CallTable();",
    `await client.syncTasks(table, { companyId: ${companyId} });`,
    "",
    ...setUp,
    "",
    ...end,
  ].join("\n");
  const used = (names: readonly string[]) =>
    names.filter((name) => RegExp(`\\b${name}\\b`).test(body));
  const imported = [...used(values), ...used(types).map((name) => `type ${name}`)].join(", ");
  const rules = used(["compareLines", "describeAlert", "evaluateAlerts"]).join(", ");
  const alerts = rules && `import { ${rules} } from "byrobot-calls/alerts";\n`;
  return `import { ${imported} } from "byrobot-calls";\n${alerts}\n${body}\n`;
}

/** What the pieces use of the package. */
const values = ["ByrobotClient", "CallTable", "FinishStatus", "rateInterval", "transcript"];
const types = ["CallDetail", "CallFilter", "CallSet", "CallStatistics", "TranscriptLine"];

const indented = (piece: Piece | string) => piece.replace(/^/gm, "  ");

function where(filter: CallFilter): string {
  const begin = "const calls = table.where(";
  return `${begin}${literal(filter, begin)});`;
}
