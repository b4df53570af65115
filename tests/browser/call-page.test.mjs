// The page of a call: its neighbours in the list, its place in the URL, unanswered questions, what a person takes along,
// and what is missing. Not here: the lines of the transcript and their playback (page.test.mjs).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { ByrobotClient, CallTable, transcript } from "byrobot-calls";
import {
  view,
  openDashboard,
  visit,
  open,
  heading,
  button,
  link,
  parameter,
  masked,
  completedTask,
  doneCalls,
} from "./dashboard.mjs";
import { eventually } from "./stage.mjs";

const ANSWERED = 0;
const NO_ANSWER = 8;
const STRICT = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "img-src 'self' data:",
  "base-uri 'none'",
].join("; ");

openDashboard();

const client = () => new ByrobotClient({ baseUrl: view.sandbox.url });
const at = (path) => new URL(view.page.url()).hash.startsWith(`#${path}?`);
const press = (key) => view.page.keyboard.press(key);
const slider = () => view.page.getByRole("slider", { name: "播放位置" });
const position = async () => Number(await slider().inputValue());
const bars = () => view.page.locator(".waveform .rest path.robot");

/** The id of the call that the page shows, after it has loaded. */
async function shown(id) {
  await eventually(async () => {
    assert.ok(at(`/calls/${id}`), `${view.page.url()} is not the call ${id}`);
    assert.equal(await view.page.locator("[aria-busy='true']").count(), 0);
    assert.ok((await view.page.getByText(String(id), { exact: true }).count()) > 0);
  });
}

/** The package's own answer about the first answered call that `holds`. */
async function findCall(holds) {
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
const isTimed = ({ startTime, endTime }) => endTime > startTime;

describe("the neighbours of a call", () => {
  /** Opens the list of the task's answered calls, the longest first, as the package orders them. */
  async function openList() {
    const { callJobId } = await completedTask();
    const table = new CallTable();
    await client().syncDoneCalls(table, { callJobId });
    const calls = table.where({ finishStatus: ANSWERED });
    const ids = calls
      .rows({ sortBy: "duration", descending: true, limit: calls.length })
      .map(({ callInstanceId }) => callInstanceId);
    calls.free();
    table.free();
    const path = `/tasks/${callJobId}?company=1&p=all&o=0&sort=-duration`;
    await open(path);
    const count = view.page.getByText(`${ids.length.toLocaleString("zh")} 通，`);
    await count.waitFor({ timeout: 20_000 });
    return { ids, path };
  }
  const row = (index) => view.page.locator(`[data-row="${index}"]`);

  test("J and K follow the order of the list, and Escape leads back to its filters and its scroll", async () => {
    const { ids, path } = await openList();
    await row(3).evaluate((element) => element.scrollIntoView({ block: "center" }));
    await row(3).getByRole("gridcell").nth(2).click({ trial: true });
    const scrolled = await view.page.evaluate(() => scrollY);
    assert.ok(scrolled > 200, "the list is not below the charts");
    await row(3).getByRole("gridcell").nth(2).click();
    await shown(ids[3]);

    for (const [key, index] of [
      ["j", 4],
      ["j", 5],
      ["k", 4],
      ["k", 3],
      ["k", 2],
    ]) {
      await press(key);
      await shown(ids[index]);
      const place = `列表中第 ${index + 1} 通，共 ${ids.length.toLocaleString("zh")} 通`;
      assert.equal(await view.page.getByText(place).count(), 1);
      assert.equal(parameter("o"), "0");
      assert.equal(parameter("sort"), "-duration");
    }

    await press("Escape");
    await eventually(async () => {
      assert.equal(new URL(view.page.url()).hash, `#${path}`);
      assert.ok(Math.abs((await view.page.evaluate(() => scrollY)) - scrolled) <= 1);
    });
    await view.page.goForward();
    await shown(ids[2]);
    assert.equal(await link("下一通").getAttribute("aria-disabled"), "false");
  });

  test("the first call has none before it and the last none after it, and the list shows the last call read", async () => {
    const { ids } = await openList();
    const last = ids.length - 1;
    await row(0).focus();
    await press("Enter");
    await shown(ids[0]);
    await press("k");
    await shown(ids[0]);
    assert.equal(await link("上一通").getAttribute("aria-disabled"), "true");
    await link("下一通").click();
    await shown(ids[1]);

    await press("Escape");
    await row(1).focus();
    await press("End");
    await eventually(async () => assert.equal(await row(last).evaluate((it) => it === document.activeElement), true)); // prettier-ignore
    await press("Enter");
    await shown(ids[last]);
    await press("j");
    await shown(ids[last]);
    await press("k");
    await shown(ids[last - 1]);
    await press("Escape");
    await eventually(async () => {
      const inView = await row(last - 1).evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        const list = element.closest("[role='grid']").getBoundingClientRect();
        return top >= list.top && bottom <= list.bottom;
      });
      assert.ok(inView, "the list does not show the call");
    });
  });

  test("a call without a list has no neighbours, and Escape leads to its task with the filters of the URL", async () => {
    const { sceneInstance: call } = await findCall(() => true);
    await open(`/calls/${call.callInstanceId}?company=1&p=all&o=0`);
    await shown(call.callInstanceId);
    assert.equal(await view.page.getByRole("navigation", { name: "列表中的前后通话" }).count(), 0);
    await press("j");
    await press("Escape");
    await eventually(() => assert.ok(at(`/tasks/${call.callJobId}`)));
    assert.equal(parameter("p"), "all");
    assert.equal(parameter("o"), "0");
  });

  test("shortcuts are listed behind a button, leave text fields alone, and can be turned off", async () => {
    const { ids } = await openList();
    await row(0).focus();
    await press("Enter");
    await shown(ids[0]);

    await button("快捷键").click();
    const dialog = view.page.getByRole("dialog", { name: "快捷键" });
    assert.match(await dialog.innerText(), /J\s*列表中的下一通/);
    await press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await shown(ids[0]);

    const company = view.page.getByRole("banner").locator("input");
    await company.focus();
    await press("j");
    await shown(ids[0]);
    await company.evaluate((field) => field.blur());

    await press("?");
    await dialog.getByRole("checkbox").uncheck();
    await dialog.getByRole("button", { name: "关闭" }).click();
    await press("j");
    await press("?");
    await shown(ids[0]);
    await button("快捷键").click();
    await dialog.getByRole("checkbox").check();
    await press("Escape");
    await press("j");
    await shown(ids[1]);
  });
});

describe("the place in a call", () => {
  test("the URL opens a second, and follows playback when it rests", async () => {
    const detail = await findCall(({ phoneLog }) => phoneLog.phoneLogs.filter(isTimed).length > 2);
    const spoken = detail.phoneLog.phoneLogs.filter(isTimed);
    const line = spoken.find(({ startTime, endTime }) => Math.ceil(startTime / 1000) * 1000 < endTime && startTime > 3000); // prettier-ignore
    const second = Math.ceil(line.startTime / 1000);
    await open(`/calls/${detail.sceneInstance.callInstanceId}?company=1&s=${second}`);
    const current = view.page.locator("li[aria-current='true'] .bubble");
    await eventually(async () => {
      assert.equal(await position(), second * 1000);
      assert.equal(await view.page.locator("audio").evaluate((it) => it.currentTime), second);
      assert.equal(await current.innerText(), line.content);
    });
    assert.equal(await view.page.locator("audio").evaluate((it) => it.paused), true);

    await slider().fill("1000");
    await eventually(() => assert.equal(parameter("s"), "1"));
    await slider().focus();
    await press("ArrowRight");
    await eventually(async () => {
      assert.equal(await position(), 6000);
      assert.equal(parameter("s"), "6");
    });
    await heading().click();
    await press(" ");
    await button("暂停").waitFor();
    await press(" ");
    await button("播放").waitFor();
    await eventually(async () => assert.equal(parameter("s"), String(Math.floor((await position()) / 1000)))); // prettier-ignore

    await view.page.evaluate((s) => (location.hash = location.hash.replace(/s=\d+/, `s=${s}`)), second); // prettier-ignore
    await eventually(async () => assert.equal(await position(), second * 1000));
  });

  test("every unanswered question leads to its line and its second", async () => {
    const detail = await findCall((call) => transcript(call).unknownQuestions().some(isTimed));
    const questions = transcript(detail).unknownQuestions();
    await open(`/calls/${detail.sceneInstance.callInstanceId}?company=1`);
    const list = view.page.getByRole("region", { name: `AI 未能应答 ${questions.length} 处` });
    await list.waitFor();
    const buttons = list.getByRole("button");
    assert.equal(await buttons.count(), questions.length);
    const focused = () =>
      view.page.evaluate(() => document.activeElement.querySelector(".bubble")?.textContent.trim());
    for (const jump of [
      (index) => buttons.nth(index).click(),
      () => press("u"),
      () => button("下一处 AI 未能应答").click(),
    ]) {
      for (const [index, question] of questions.entries()) {
        await jump(index);
        await eventually(async () => {
          assert.equal(await focused(), question.content);
          if (isTimed(question)) assert.equal(await position(), Math.round(question.startTime / 100) * 100); // prettier-ignore
        });
      }
    }
    const marks = view.page.locator(".transcript").getByText("AI 未能应答", { exact: true });
    assert.equal(await marks.count(), questions.length);
    const timed = questions.filter(isTimed).length;
    assert.equal(await view.page.locator(".turns .unanswered").count(), timed);
  });
});

describe("what a person takes along", () => {
  test("the subtitles are those of the package", async () => {
    const detail = await findCall(({ phoneLog }) => phoneLog.phoneLogs.some(isTimed));
    const { callInstanceId } = detail.sceneInstance;
    await open(`/calls/${callInstanceId}?company=1`);
    for (const [name, language] of [
      ["字幕", "zh"],
      ["VTT", "en"],
    ]) {
      const [download] = await Promise.all([
        view.page.waitForEvent("download"),
        button(name).click(),
      ]);
      assert.equal(download.suggestedFilename(), `${callInstanceId}.vtt`);
      const text = await readFile(await download.path(), "utf8");
      assert.equal(text, transcript(detail).toWebVTT(language));
      if (language === "zh") await button("English").click();
    }
  });

  test("the copied text has the lines, and the number as the page shows it", async () => {
    await view.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const detail = await findCall(({ phoneLog }) => phoneLog.phoneLogs.length > 4);
    const { callInstanceId, customerTelephone: phone } = detail.sceneInstance;
    const copied = () => view.page.evaluate(() => navigator.clipboard.readText());
    await open(`/calls/${callInstanceId}?company=1`);
    await button("复制").click();
    await button("已复制").waitFor();
    const text = await copied();
    assert.ok(text.endsWith(`\n\n${transcript(detail).toText("zh")}`));
    assert.ok(text.includes(masked(phone)));
    assert.ok(!text.includes(phone));

    await button("显示号码").click();
    await press("c");
    await eventually(async () => assert.ok((await copied()).includes(phone)));
  });
});

describe("what is missing", () => {
  const isLoad = (text) => text.startsWith("Failed to load resource");

  test("a recording that does not open says so, and Retry tries again", async () => {
    const { sceneInstance: call } = await findCall(() => true);
    const dayAfter = new Date(Date.parse(`${call.startTime.replace(" ", "T")}+08:00`) + 86_400_000);
    await view.page.clock.setFixedTime(dayAfter);
    await view.page.route("**/recordings/**", (route) => route.fulfill({ status: 404 }));
    await open(`/calls/${call.callInstanceId}?company=1`);
    const alert = view.page.getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.innerText(), /录音打不开。链接可能已过期：接通的录音约保留 30 天/);
    assert.ok((await view.page.locator(".transcript .bubble").count()) > 0);
    assert.equal(await view.page.getByRole("button", { name: /^从 .* 播放$/ }).count(), 0);
    assert.equal(await view.page.getByText("录音保留至").count(), 0);
    await view.page.unroute("**/recordings/**");
    await button("重试").click();
    await button("播放").waitFor();
    await eventually(async () => assert.ok((await view.page.locator("audio").evaluate((it) => it.duration)) > 0)); // prettier-ignore
    assert.equal(await view.page.getByText("录音保留至").count(), 1);
    view.complaints = view.complaints.filter((text) => !isLoad(text));
  });

  test("a recording of a month ago is named as no longer kept", async () => {
    const { sceneInstance: call } = await findCall(() => true);
    const later = new Date(
      Date.parse(`${call.startTime.replace(" ", "T")}+08:00`) + 31 * 86_400_000,
    );
    await view.page.clock.setFixedTime(later);
    await view.page.route("**/recordings/**", (route) => route.fulfill({ status: 404 }));
    await open(`/calls/${call.callInstanceId}?company=1`);
    const alert = view.page.getByRole("alert");
    await alert.waitFor();
    assert.match(
      await alert.innerText(),
      new RegExp(`录音已过保留期.*${call.startTime.slice(0, 10)}`),
    );
    view.complaints = view.complaints.filter((text) => !isLoad(text));
  });

  test("a call without an answer has no recording and no transcript, and says so", async () => {
    const { callJobId } = await completedTask();
    const calls = await doneCalls({ callJobId, finishStatus: NO_ANSWER });
    const call = calls.find(({ luyinOssUrl }) => !luyinOssUrl) ?? calls[0];
    await view.page.route("**/phoneLogInfo?*", async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      body.data.phoneLog.luyinOssUrl = body.data.sceneInstance.luyinOssUrl = null;
      await route.fulfill({ response, json: body });
    });
    await open(`/calls/${call.callInstanceId}?company=1`);
    await view.page.getByText("没有对话记录").waitFor();
    assert.equal(await view.page.getByText(/^这通电话没有录音/).count(), 1);
    assert.equal(await view.page.locator("audio").count(), 0);
    assert.equal(await button("字幕").count(), 0);
    await press("u");
    await press("c");
    await press(" ");
  });

  test("a transcript without times says so and has no subtitles", async () => {
    const { sceneInstance: call } = await findCall(({ phoneLog }) => phoneLog.phoneLogs.some(isTimed)); // prettier-ignore
    let keep = 1;
    await view.page.route("**/phoneLogInfo?*", async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      body.data.phoneLog.phoneLogs.filter(isTimed).slice(keep).forEach((line) => { line.startTime = line.endTime = 0; }); // prettier-ignore
      await route.fulfill({ response, json: body });
    });
    await open(`/calls/${call.callInstanceId}?company=1`);
    const lines = view.page.locator(".transcript .bubble");
    await lines.first().waitFor();
    const count = await lines.count();
    assert.equal(await view.page.getByText(`${count} 句里有 ${count - 1} 句没有时间`).count(), 1);
    assert.equal(await button("字幕").isEnabled(), true);

    keep = 0;
    await view.page.reload();
    await view.page.getByText("这段对话没有时间，不能随录音定位，也没有字幕。").waitFor();
    assert.equal(await button("字幕").isEnabled(), false);
    assert.equal(await view.page.locator(".turns span").count(), 0);
  });
});

describe("the player", () => {
  test("under a strict Content-Security-Policy the loudness is drawn and the recording plays", async () => {
    const detail = await findCall(({ phoneLog }) => phoneLog.phoneLogs.some(isTimed));
    await view.page.route(/\/(#.*)?$/, async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers(), "content-security-policy": STRICT };
      await route.fulfill({ response, headers });
    });
    await open(`/calls/${detail.sceneInstance.callInstanceId}?company=1`);
    await eventually(async () => {
      const heights = (await bars().getAttribute("d")).match(/(?<=v)[\d.]+/g).map(Number);
      assert.ok(heights.length > 50, "few bars");
      assert.ok(Math.max(...heights) > 20 && Math.min(...heights) < 5, "the bars are all alike");
    });
    await button("播放").click();
    await eventually(async () => assert.ok((await position()) > 300));
    await button("1×").count();
    await view.page.getByRole("button", { name: "倍速 1×" }).click();
    assert.equal(await view.page.locator("audio").evaluate((it) => it.playbackRate), 1.5);
  });

  test("on a phone the player stays in view, and what is touched is 44 px", async () => {
    await view.context.close();
    await visit({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const detail = await findCall(({ phoneLog }) => phoneLog.phoneLogs.length > 8);
    await open(`/calls/${detail.sceneInstance.callInstanceId}?company=1`);
    await button("播放").waitFor();
    const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390, "the page scrolls sideways");
    await view.page.locator(".transcript .bubble").last().scrollIntoViewIfNeeded();
    const play = await button("播放").boundingBox();
    assert.ok(play.y > 0 && play.y < 250, `the player is at ${play.y}`);
    const buttons = view.page.locator("main").getByRole("button");
    for (const one of await buttons.all()) {
      const { width, height } = await one.boundingBox();
      assert.ok(height >= 44 && width >= 44, `${await one.innerText()}: ${width} × ${height}`);
    }
  });
});
