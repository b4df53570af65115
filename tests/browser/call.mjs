// What the tests of a call's page share: calls as the package reads them, and the call that the page shows.
import assert from "node:assert/strict";
import { ByrobotClient } from "byrobot-calls";
import { view, completedTask, doneCalls } from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

export const ANSWERED = 0;

export const client = () => new ByrobotClient({ baseUrl: view.sandbox.url });
export const at = (path) => new URL(view.page.url()).hash.startsWith(`#${path}?`);
export const press = (key) => view.page.keyboard.press(key);

/** The id of the call that the page shows, after it has loaded. */
export async function shown(id) {
  await eventually(async () => {
    assert.ok(at(`/calls/${id}`), `${view.page.url()} is not the call ${id}`);
    assert.equal(await view.page.locator("[aria-busy='true']").count(), 0);
    assert.ok((await view.page.getByText(String(id), { exact: true }).count()) > 0);
  });
}

/** The package's own answer about the first answered call that `holds`. */
export async function findCall(holds) {
  const { callJobId } = await completedTask();
  const calls = await doneCalls({
    callJobId,
    finishStatus: ANSWERED,
    chatRoundLeft: 4,
    pageSize: 50,
  });
  for (const { callInstanceId } of calls) {
    const detail = await client().phoneLogInfo({ callInstanceId });
    if (holds(detail)) return detail;
  }
  throw new Error("no call is like that");
}
export const isTimed = ({ startTime, endTime }) => endTime > startTime;
