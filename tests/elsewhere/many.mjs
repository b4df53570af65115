// A company with many calls behind HTTP, and the programs of docs/elsewhere.md that export it. Not here: expectations.
import { writeFile } from "node:fs/promises";
import { python } from "../../scripts/engines.mjs";
import { chance, row } from "../package/calls.mjs";
import { blockOf, viewOf } from "../package/elsewhere.mjs";
import { ended, successful } from "../package/installation.mjs";

/** Prints, at the end, the greatest memory in MB that the process had, and its processor time in seconds. */
const measured = `
process.once("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.log(JSON.stringify({ megabytes: Math.round(maxRSS / 1024), cpu: (userCPUTime + systemCPUTime) / 1e6 }));
});`;

const measuredPython = `
import json, resource
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"megabytes": used.ru_maxrss // 1024, "cpu": used.ru_utime + used.ru_stime}))
`;

/** Runs a program; gives what it prints about itself, with the seconds that it took. */
async function timed(child) {
  const started = performance.now();
  const { stdout } = await successful(ended(child));
  const seconds = (performance.now() - started) / 1000;
  return { seconds, ...JSON.parse(stdout.trim().split("\n").at(-1)) };
}

/**
 * Runs the program export.js of the page in a project that has the package, for a company at `url` or for that of
 * `manyCalls(...many)`, which is in the same process in place of the network.
 */
export async function exportCalls(project, { url, many, bound }) {
  const code = blockOf("js", "export.js");
  const changed = bound === undefined ? code : code.replace("500_000", String(bound));
  await project.write("export.js", changed);
  const here = JSON.stringify(import.meta.url);
  const company = `
import { manyCalls } from ${here};
const { answer } = manyCalls(...${JSON.stringify(many)});
globalThis.fetch = async (url, { body }) => new Response(answer({ url, body }));`;
  await project.write("before.js", `${many ? company : ""}${measured}`);
  const env = { BYROBOT_URL: url ?? "http://localhost" };
  return timed(project.start(process.execPath, ["--import", "./before.js", "export.js"], { env }));
}

/** Makes Parquet files of what was exported. */
export async function makeParquet(project) {
  await writeFile(project.path("parquet.py"), blockOf("python", "Parquet") + measuredPython);
  return timed(project.start(python, ["parquet.py"]));
}

/** Asks ClickHouse each statement about the Parquet files; gives the rows and the seconds of each. */
export async function askClickHouse(project, statements) {
  const program = `
import time
from chdb.session import Session
database = Session()
answers = {}
database.query(${JSON.stringify(viewOf("ClickHouse"))})
for name, sql in json.load(open("statements.json")).items():
    started = time.monotonic()
    rows = [json.loads(line) for line in str(database.query(sql, "JSONEachRow")).splitlines()]
    answers[name] = {"seconds": time.monotonic() - started, "rows": rows}
`;
  const last = measuredPython.replace(
    "print(json.dumps({",
    'print(json.dumps({"answers": answers, ',
  );
  await project.write("statements.json", JSON.stringify(statements));
  await project.write("ask.py", `import json\n${program}${last}`);
  return timed(project.start(python, ["ask.py"]));
}

/** The number of different rows in a company. */
const different = 5000;

/**
 * The bodies of answers of a company with `tasks` tasks of `calls` calls each. The rows are some thousand that repeat with
 * other ids; `weights` says of each of them how often it occurs in the company.
 */
export function manyCalls(tasks, calls) {
  const random = chance(1);
  const rows = Array.from({ length: different }, () => row(random, 0));
  // The texts between the id, the task, the number and the id in the link.
  const pieces = rows.map((one) => {
    const marked = { callInstanceId: "@@", callJobId: "@@", customerTelephone: "@" };
    const luyinOssUrl = "https://example.com/@.wav";
    const text = JSON.stringify({ ...one, ...marked, luyinOssUrl });
    return text.replaceAll('"@@"', "@").split("@");
  });
  const text = (job, at) => {
    const id = job * 10_000_000 + at;
    const [first, second, third, fourth, last] = pieces[at % different];
    const number = 13_000_000_000 + id;
    return `${first}${id}${second}${job}${third}${number}${fourth}${id}${last}`;
  };
  const page = (list, pageNum, pageSize, total) =>
    `{"code":200,"data":{"pageNum":${pageNum},"pageSize":${pageSize},"total":${total},"list":[${list.join(",")}]},"resultMsg":"成功"}`;
  const window = (pageNum, pageSize, total, make) => {
    const first = (pageNum - 1) * pageSize;
    const length = Math.max(0, Math.min(pageSize, total - first));
    return page(
      Array.from({ length }, (_, at) => make(first + at)),
      pageNum,
      pageSize,
      total,
    );
  };
  const answer = ({ url, body }) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (pathname.endsWith("/getTasks")) {
      const [number, size] = ["pageNum", "pageSize"].map((name) => Number(searchParams.get(name)));
      const task = (at) =>
        JSON.stringify({ callJobId: at + 1, jobName: `task ${at + 1}`, status: 2 });
      return window(number, size, tasks, task);
    }
    const { callJobId, pageNum, pageSize } = JSON.parse(body);
    // The newest call comes first.
    return window(pageNum, pageSize, calls, (at) => text(callJobId, calls - 1 - at));
  };
  const weights = rows.map((one, at) => [one, tasks * Math.ceil((calls - at) / different)]);
  return { answer, weights };
}
