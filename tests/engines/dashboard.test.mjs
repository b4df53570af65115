// The dashboard in every engine of the system: it opens, shows the package's numbers, and a drag chooses. Not here: the
// rest of the dashboard (tests/browser).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { engineNames, openSession } from "../../scripts/webdriver.mjs";
import { companyCalls, count, percent } from "../browser/company.mjs";
import { eventually, openPage, openSandbox } from "../browser/stage.mjs";

const COMPLETED = 2;
const ANSWERED = 0;
/** The bars of durations, in seconds. */
const edges = [0, 3, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 86_400];

let sandbox, site, calls, tasks, task, own;
before(async () => {
  sandbox = await openSandbox(["--seed", "7", "--calls-per-task", "300", "--no-live"]);
  site = await openPage(sandbox.url);
  calls = await companyCalls(sandbox.url);
  ({ list: tasks } = await sandbox.ask("getTasks", { companyId: 1, pageSize: 100 }));
  task = tasks.find(({ status }) => status === COMPLETED);
  own = calls.where({ callJobId: task.callJobId });
});
after(async () => {
  await site?.close();
  await sandbox?.stop();
});

for (const engine of engineNames) {
  describe(engine, () => {
    let session;
    before(async () => {
      session = await openSession(engine);
      await session.resize(1440, 1000);
      await session.visit(site.url);
      await session.evaluate(() => localStorage.setItem("byrobot-calls.language", '"zh"'));
    });
    after(() => session?.close());

    /** Opens a page; a new document, also if only the route differs. */
    async function open(path) {
      await session.visit("about:blank");
      await session.visit(`${site.url}/#${path}`);
    }
    const texts = (selector) =>
      session.evaluate(
        (selector) =>
          [...document.querySelectorAll(selector)].map((element) => element.innerText.trim()),
        selector,
      );
    const becomes = (selector, expected) =>
      eventually(async () => assert.deepEqual(await texts(selector), expected), 30_000);

    /** The page shows the number of calls of the task that pass a filter. */
    async function shows(filter) {
      const { length } = own.where(filter);
      const expected = [`${count(length)} 通，共 ${count(own.length)} 通`];
      assert.deepEqual(await texts(".panel .count"), expected);
    }
    const openTask = async () => {
      await open(`/tasks/${task.callJobId}?company=1&p=all`);
      await eventually(() => shows({}), 30_000);
    };

    test("the list has every task and the sum of its calls", async () => {
      await open("/tasks?p=all");
      await becomes(
        ".row-link",
        tasks.map(({ jobName }) => jobName),
      );
      await eventually(async () => {
        const cells = await texts("tr.total td");
        assert.equal(cells[3], count(calls.length));
        assert.equal(cells[4], percent(calls.statistics().answerRate));
      }, 30_000);
    });

    test("a task has the package's numbers", async () => {
      await openTask();
      const { answerRate, engagedRate } = own.statistics();
      const values = await texts("dl.cards .value");
      const expected = [count(own.length), percent(answerRate), percent(engagedRate)];
      assert.deepEqual(values.slice(0, 3), expected);
    });

    test("a drag over durations passes exactly the bars it touches", async () => {
      await openTask();
      const [x, y, width, height] = await session.evaluate((title) => {
        const figures = [...document.querySelectorAll("figure")];
        const figure = figures.find((each) => each.querySelector("h2")?.innerText === title);
        const drawing = figure.querySelector('svg[role="img"]');
        drawing.scrollIntoView({ block: "center" });
        const box = drawing.getBoundingClientRect();
        return [box.x, box.y, box.width, box.height];
      }, "接通后聊了多久？");
      const at = (share) => [x + share * width, y + height / 2];
      await session.drag(at(0.35), at(0.6));
      // The chosen bars follow the mouse, so the URL and the count come to rest after the drag.
      await eventually(async () => {
        const { searchParams } = new URL((await session.url()).replace("/#/", "/"));
        const [first, last] = (searchParams.get("d") ?? "").split("~").map(Number);
        assert.ok(first > 0 && last > first && last < edges.length - 2, `${first}~${last}`);
        const duration = { min: edges[first], below: edges[last + 1] };
        await shows({ finishStatus: ANSWERED, duration });
      }, 30_000);
    });
  });
}
