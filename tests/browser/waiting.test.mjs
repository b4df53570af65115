// The customers of a task who wait for a call, page by page.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  view,
  openDashboard,
  open,
  link,
  parameter,
  columnBecomes,
  masked,
  phones,
  completedTask,
} from "./dashboard.mjs";

openDashboard();

describe("the waiting customers", () => {
  test("the waiting customers are shown page by page", async () => {
    const { list: tasks } = await view.sandbox.ask("getTasks", { companyId: 1, pageSize: 100 });
    const waiting = async (taskId, pageNum) =>
      (await view.sandbox.ask("notDialedCustomerList", { taskId, pageNum, pageSize: 20 }, true))
        .list;
    let task, second;
    for (task of tasks) {
      second = await waiting(task.callJobId, 2);
      if (second.length > 0) break;
    }
    assert.ok(second.length > 0, "no task has two pages of waiting customers");

    await open(`/tasks/${task.callJobId}`);
    await link("待呼客户").click();
    await columnBecomes("号码", phones(await waiting(task.callJobId, 1)).map(masked));
    await link("下一页").click();
    await columnBecomes("号码", phones(second).map(masked));
    assert.equal(parameter("page"), "2");
    await view.page.goBack();
    await columnBecomes("号码", phones(await waiting(task.callJobId, 1)).map(masked));
    assert.equal(parameter("tab"), "waiting");
  });

  test("without a total the pager leads forward and back", async () => {
    const task = await completedTask();
    const row = { customerName: "客户", customerTelephone: "13000000001", status: 0 };
    const pageOf = (pageNum) => ({
      pageNum,
      pageSize: 10,
      list: Array.from({ length: pageNum === 1 ? 10 : 3 }, (_, at) => ({
        ...row,
        callInstanceId: pageNum * 100 + at,
      })),
    });
    await view.page.route("**/notDialedCustomerList", (route) =>
      route.fulfill({
        json: { code: 200, data: pageOf(route.request().postDataJSON().pageNum), resultMsg: "" },
      }),
    );
    await open(`/tasks/${task.callJobId}?tab=waiting&size=10`);
    await view.page.getByText("第 1–10 条", { exact: true }).waitFor();
    await link("下一页").click();
    await view.page.getByText("第 11–13 条", { exact: true }).waitFor();
    assert.equal(await link("下一页").getAttribute("aria-disabled"), "true");
    await link("上一页").click();
    await view.page.getByText("第 1–10 条", { exact: true }).waitFor();
  });
});
