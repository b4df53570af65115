// The page of a call: its lines and their playback, its second in the URL, unanswered questions, what a person takes
// along, and what is missing. Not here: its neighbours (call-neighbours.test.mjs).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { transcript } from "byrobot-calls";
import {
  view,
  openDashboard,
  visit,
  open,
  heading,
  button,
  parameter,
  masked,
  completedTask,
  doneCalls,
} from "./dashboard.mjs";
import { findCall, isTimed, press } from "./call.mjs";
import { eventually } from "./stage.mjs";

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

const slider = () => view.page.getByRole("slider", { name: "播放位置" });
const position = async () => Number(await slider().inputValue());
const bars = () => view.page.locator(".waveform .rest path.robot");

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

  test("every line is shown in order at the side of its speaker, and plays from its time", async () => {
    const {
      sceneInstance: call,
      phoneLog,
      taskResult,
    } = await findCall(({ phoneLog: { phoneLogs: lines } }) =>
      lines.some((line) => isTimed(line) && line.startTime > 2000),
    );
    const lines = phoneLog.phoneLogs;
    await open(`/calls/${call.callInstanceId}?company=1`);
    const items = view.page.locator(".transcript li");
    await eventually(async () => assert.equal(await items.count(), lines.length));
    assert.deepEqual(
      await items.locator(".bubble").allInnerTexts(),
      lines.map(({ content }) => content),
    );
    const sides = await items.evaluateAll((elements) =>
      elements.map((element) => {
        const bubble = element.querySelector(".bubble").getBoundingClientRect();
        const room = element.parentElement.getBoundingClientRect();
        return bubble.left + bubble.right < room.left + room.right ? "AI" : "ME";
      }),
    );
    assert.deepEqual(
      sides,
      lines.map(({ speaker }) => speaker),
    );

    const audio = view.page.locator("audio");
    await eventually(async () => assert.ok((await audio.evaluate((it) => it.duration)) > 0));
    const index = lines.findLastIndex(isTimed);
    const { startTime, endTime } = lines[index];
    await items.nth(index).locator(".bubble").click();
    await eventually(async () => {
      const now = (await audio.evaluate((it) => it.currentTime)) * 1000;
      assert.ok(now >= startTime - 1 && now < endTime + 2000, `at ${now}, not ${startTime}`);
      assert.equal(await items.nth(index).getAttribute("aria-current"), "true");
    });
    assert.equal(await view.page.locator("li[aria-current='true']").count(), 1);
    await button("暂停").click();
    assert.equal(await audio.evaluate((it) => it.paused), true);

    const results = view.page.locator("section", { has: view.page.getByText("分析结果") });
    for (const { resultName, resultValue } of taskResult) {
      assert.ok((await results.innerText()).includes(resultName));
      assert.ok((await results.innerText()).includes(resultValue ?? ""));
    }
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
    await visit({
      viewport: { width: 360, height: 740 },
      locale: "en",
      hasTouch: true,
      isMobile: true,
    });
    const detail = await findCall(({ phoneLog }) => phoneLog.phoneLogs.length > 8);
    await open(`/calls/${detail.sceneInstance.callInstanceId}?company=1`);
    await button("Play").waitFor();
    const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 360, "the page scrolls sideways");
    await view.page.locator(".transcript .bubble").last().scrollIntoViewIfNeeded();
    const play = await button("Play").boundingBox();
    assert.ok(play.y > 0 && play.y < 250, `the player is at ${play.y}`);
    const buttons = view.page.locator("main").getByRole("button");
    for (const one of await buttons.all()) {
      const { width, height } = await one.boundingBox();
      assert.ok(height >= 44 && width >= 44, `${await one.innerText()}: ${width} × ${height}`);
    }
  });
});
