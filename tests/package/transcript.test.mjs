// transcript(detail): lines by time, talk ratio, search, text and WebVTT; missing times are never guessed.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, root } from "./installation.mjs";
import { serveSite } from "./servers.mjs";

let project, ByrobotClient, transcript;
before(async () => {
  project = await install();
  ({ ByrobotClient, transcript } = await project.import());
});
after(() => project?.remove());

const line = (speaker, content, startTime, endTime, aiUnknown = false) => ({
  speaker,
  content,
  startTime,
  endTime,
  aiUnknown,
});
const detail = (phoneLogs, duration = 20) => ({
  phoneLog: { phoneLogs, luyinOssUrl: null },
  sceneInstance: { callInstanceId: 1, duration },
  taskResult: [],
});

test("at returns the spoken line, the later one of two, and never one without times", () => {
  const lines = [
    line("AI", "您好", 0, 2000),
    line("AI", "无时间", 0, 0),
    line("ME", "喂", 3000, 5000),
    line("AI", "打断", 4000, 4500),
    line("ME", "倒着", 9000, 8000),
    line("ME", "空", null, 9000),
  ];
  const { at } = transcript(detail(lines));
  assert.equal(at(0), lines[0]);
  assert.equal(at(1999.9), lines[0]);
  assert.equal(at(2000), null);
  assert.equal(at(3500), lines[2]);
  assert.equal(at(4200), lines[3]);
  assert.equal(at(4600), lines[2]);
  assert.equal(at(8500), null);
  assert.equal(at(-1), null);
  assert.equal(at(NaN), null);
  assert.deepEqual(transcript(detail(lines)).untimed(), [lines[1], lines[4], lines[5]]);
});

test("talkRatio divides the whole time, and counts overlapping speech once", () => {
  const lines = [
    line("AI", "a", 0, 4000),
    line("ME", "b", 3000, 8000),
    line("AI", "c", 8000, 9000),
  ];
  assert.deepEqual(transcript(detail(lines)).talkRatio(), {
    robot: 0.25,
    customer: 0.2,
    silence: 0.55,
  });
  // The last word is later than the call's duration says.
  assert.deepEqual(transcript(detail(lines, 5)).talkRatio(), {
    robot: 5 / 9,
    customer: 4 / 9,
    silence: 0,
  });
});

test("talkRatio is null if it would be a guess", () => {
  const timed = line("ME", "b", 1000, 2000);
  for (const lines of [
    [],
    [line("AI", "您好", 0, 0), timed],
    [line("WHO", "您好", 0, 500), timed],
    [line("AI", "  ", 0, 500)],
  ]) {
    assert.equal(transcript(detail(lines)).talkRatio(), null);
  }
  for (const duration of [null, undefined, NaN, Infinity, -1, "20"]) {
    assert.equal(transcript({ ...detail([timed]), sceneInstance: { duration } }).talkRatio(), null);
  }
  assert.equal(transcript({ phoneLog: { phoneLogs: [timed] } }).talkRatio(), null);
});

test("talkRatio ignores lines without words", () => {
  const lines = [
    line("AI", " ", 0, 0),
    line("ME", "b", 1000, 2000),
    line("AI", "\n", 2000, 3000),
    line("WHO", "", 3000, 30_000),
  ];
  const expected = { robot: 0, customer: 0.1, silence: 0.9 };
  assert.deepEqual(transcript(detail(lines, 10)).talkRatio(), expected);
});

test("offsets that are not whole milliseconds from 0 count as missing times", () => {
  const odd = [
    [NaN, 5],
    [0, NaN],
    [0, Infinity],
    [-5, 5],
    [0.5, 5],
    ["0", "5"],
    [undefined, 5],
    [0, null],
    [5, 5],
    [0, 2 ** 53],
  ].map(([start, end]) => line("ME", "喂", start, end));
  const tools = transcript(detail(odd));
  assert.deepEqual(tools.untimed(), odd);
  for (const ms of [0, 1, 4, 5]) assert.equal(tools.at(ms), null);
  assert.equal(tools.talkRatio(), null);
  assert.equal(tools.toWebVTT("en"), `WEBVTT\n\nNOTE ${odd.length} lines have no times\n`);
  assert.equal(tools.toText(), "[-:--] 客户：喂\n".repeat(odd.length));
});

/** The same numbers for every run: a generator by Lehmer. */
function random(seed) {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % below;
}

test("at and talkRatio agree with a plain computation for every millisecond", () => {
  const below = random(7);
  const pick = (...values) => values[below(values.length)];
  let guessed = 0;
  for (let round = 0; round < 400; round++) {
    const lines = Array.from({ length: 1 + below(6) }, () => {
      const start = below(60);
      const untimed = below(25) === 0;
      const [from, to] = untimed ? pick([0, 0], [null, 9], [9, 3]) : [start, start + 1 + below(30)];
      return line(pick("AI", "ME"), pick("a", "b", "c", ""), from, to);
    });
    const duration = pick(0, 0.05, 0.1);
    const tools = transcript(detail(lines, duration));

    const sounds = (ms) => (one) =>
      one.startTime !== null && one.startTime <= ms && ms < one.endTime;
    // Of those that began last, the last in the list.
    const latest = (found) => found.reduce((a, b) => (b.startTime >= a.startTime ? b : a));
    const spoken = lines.filter(({ content }) => content !== "");
    const whole = Math.max(duration * 1000, ...spoken.map(({ endTime }) => endTime));
    // While one speaks who began earlier, and did not stop since, the time is not another's.
    const own = { AI: 0, ME: 0 };
    const inOrder = spoken.toSorted((a, b) => a.startTime - b.startTime);
    for (let ms = 0; ms < 100; ms++) {
      const found = lines.filter(sounds(ms));
      assert.equal(tools.at(ms), found.length > 0 ? latest(found) : null);
      const first = inOrder.find(sounds(ms));
      if (first) own[first.speaker] += 1;
    }
    const ratio = tools.talkRatio();
    const untimed = spoken.some((one) => tools.untimed().includes(one));
    if (spoken.length === 0 || untimed) {
      assert.equal(ratio, null);
      guessed += 1;
      continue;
    }
    assert.equal(ratio.robot, own.AI / whole);
    assert.equal(ratio.customer, own.ME / whole);
    assert.ok(ratio.silence >= 0);
    assert.ok(Math.abs(ratio.robot + ratio.customer + ratio.silence - 1) < 1e-12);
  }
  assert.ok(guessed > 20 && guessed < 200, `both kinds occur: ${guessed}`);
});

test("unknownQuestions are lines of the customer; search ignores case", () => {
  const lines = [
    line("AI", "OK?", 0, 0, true),
    line("ME", "Ok 好", 1, 2, true),
    line("ME", "好", 3, 4, null),
  ];
  const { unknownQuestions, search } = transcript(detail(lines));
  assert.deepEqual(unknownQuestions(), [lines[1]]);
  assert.deepEqual(search("OK"), [lines[0], lines[1]]);
  assert.deepEqual(search("好"), [lines[1], lines[2]]);
  assert.deepEqual(search(""), []);
  assert.deepEqual(search("ＯＫ"), []);
  // What comes back are the very objects.
  assert.equal(unknownQuestions()[0], lines[1]);
  assert.equal(search("好")[1], lines[2]);
});

test("toText marks lines without times", () => {
  const lines = [line("AI", "您好\n请讲", 61_000, 62_000), line("ME", "喂", 0, 0)];
  assert.equal(transcript(detail(lines)).toText(), "[1:01] 机器人：您好 请讲\n[-:--] 客户：喂\n");
  assert.equal(
    transcript(detail(lines)).toText("en"),
    "[1:01] Robot: 您好 请讲\n[-:--] Customer: 喂\n",
  );
});

test("toWebVTT writes ordered cues and escapes markup", () => {
  const lines = [
    line("ME", "a --> b\n\n<i>&", 3_661_005, 3_662_000),
    line("AI", "您好", 0, 1500),
    line("AI", "没有", 0, 0),
  ];
  assert.equal(
    transcript(detail(lines)).toWebVTT("en"),
    [
      "WEBVTT",
      "",
      "NOTE 1 lines have no times",
      "",
      "00:00:00.000 --> 00:00:01.500",
      "<v Robot>您好",
      "",
      "01:01:01.005 --> 01:01:02.000",
      "<v Customer>a --&gt; b\n&lt;i&gt;&amp;",
      "",
    ].join("\n"),
  );
});

/** What the browser reads in subtitles: it shares no code with what wrote them. */
async function subtitles(t, text) {
  await project.write("subtitles.vtt", text);
  await project.write(
    "subtitles.html",
    '<!doctype html><link rel="icon" href="data:," /><video><track src="subtitles.vtt" /></video>',
  );
  const [site, browser] = await Promise.all([serveSite(project.folder), openBrowser()]);
  t.after(() => Promise.all([site.close(), browser.close()]));
  const tab = await browser.newPage();
  await tab.goto(`${site.url}/subtitles.html`);
  return tab.evaluate(async () => {
    const element = document.querySelector("track");
    const loaded = new Promise((resolve, reject) => {
      element.onload = resolve;
      element.onerror = () => reject(new Error("the subtitles are not WebVTT"));
    });
    element.track.mode = "hidden";
    await loaded;
    return Array.from(element.track.cues, (cue) => {
      const { childNodes, textContent } = cue.getCueAsHTML();
      const voices = Array.from(childNodes, (node) => node.title ?? null);
      return { start: cue.startTime, end: cue.endTime, voices, text: textContent };
    });
  });
}

test("a browser reads every cue of toWebVTT, its voice and its words", async (t) => {
  const lines = [
    line("ME", "a --> b\r\n\r\n00:00:09.000 --> 00:00:10.000\n\n<i>&amp;&", 3_661_005, 3_662_000),
    line("AI", "NOTE 您好", 0, 1500),
    line("AI", "没有", 0, 0),
    line("x > y & <b>\n--> z", "WEBVTT", 1500, 1501),
    line("", "STYLE", 2000, 3000),
    line("ME", " \n ", 4000, 5000),
    line("ME", "</v><v Robot>no", 400_000_000, 400_000_001),
  ];
  assert.deepEqual(await subtitles(t, transcript(detail(lines)).toWebVTT("en")), [
    { start: 0, end: 1.5, voices: ["Robot"], text: "NOTE 您好" },
    { start: 1.5, end: 1.501, voices: ["x > y & <b> --> z"], text: "WEBVTT" },
    { start: 2, end: 3, voices: [null], text: "STYLE" },
    {
      start: 3661.005,
      end: 3662,
      voices: ["Customer"],
      text: "a --> b\n00:00:09.000 --> 00:00:10.000\n<i>&amp;&",
    },
    { start: 400_000, end: 400_000.001, voices: ["Customer"], text: "</v><v Robot>no" },
  ]);
});

test("the vendor's example gives the expected transcript", async () => {
  const file = join(root, "tests/fixtures/phoneLogInfo/documented.json");
  const fetch = async () => new Response(readFileSync(file));
  const call = await new ByrobotClient({ fetch }).phoneLogInfo({ callInstanceId: 540 });
  const tools = transcript(call);
  assert.equal(tools.talkRatio(), null);
  const spoken = call.phoneLog.phoneLogs.find(({ endTime }) => endTime > 0);
  assert.equal(tools.at(spoken.startTime), spoken);
  assert.ok(tools.untimed().length > 0);
  assert.match(tools.toWebVTT(), /^WEBVTT\n\nNOTE \d+ 句没有时间\n/);
});

test("every fixture of a call has a transcript", async () => {
  const folder = join(root, "tests/fixtures/phoneLogInfo");
  let calls = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    const fetch = async () => new Response(readFileSync(join(folder, name)));
    const client = new ByrobotClient({ fetch, retry: false });
    const call = await client.phoneLogInfo({ callInstanceId: 540 }).catch(() => null);
    if (call === null) continue;
    calls += 1;
    const lines = call.phoneLog.phoneLogs;
    const tools = transcript(call);
    assert.equal(tools.toText().split("\n").length, lines.length + 1, name);
    assert.ok(tools.toWebVTT().startsWith("WEBVTT\n"), name);
    for (const one of [...tools.untimed(), ...tools.unknownQuestions()]) {
      assert.ok(lines.includes(one), name);
    }
    // The robot's own opening has it, too, in the vendor's example.
    assert.ok(
      tools.unknownQuestions().every(({ speaker, aiUnknown }) => speaker === "ME" && aiUnknown),
      name,
    );
  }
  assert.ok(calls >= 8, `${calls} calls`);
});

test("later changes of the lines have no effect", () => {
  const opening = line("AI", "您好", 0, 2000);
  const lines = [opening];
  const tools = transcript(detail(lines));
  lines.push(line("ME", "喂", 2000, 3000));
  Object.assign(opening, { content: null, startTime: null, speaker: null });
  assert.equal(tools.at(1000), opening);
  assert.equal(tools.at(2500), null);
  assert.equal(tools.toText(), "[0:00] 机器人：您好\n");
});

test("a value that is not a call is refused", () => {
  for (const wrong of [
    null,
    undefined,
    5,
    {},
    { phoneLog: {} },
    { phoneLog: { phoneLogs: "x" } },
  ]) {
    assert.throws(() => transcript(wrong), { code: "invalid_argument", path: "detail" });
  }
});

test("values that throw when they are read are refused, with the error as the cause", () => {
  const cause = new Error("private");
  const fails = () => {
    throw cause;
  };
  const hostile = (...keys) =>
    Object.defineProperties({}, Object.fromEntries(keys.map((key) => [key, { get: fails }])));
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const spoken = line("AI", "您好", 0, 1);
  const refused = (wrong, path) =>
    assert.throws(
      () => transcript(wrong),
      (error) => {
        assert.equal(error.code, "invalid_argument");
        assert.equal(error.path, path);
        assert.doesNotMatch(error.message, /private/);
        return true;
      },
    );
  refused(hostile("phoneLog"), "detail");
  refused({ phoneLog: hostile("phoneLogs") }, "detail");
  refused({ phoneLog: { phoneLogs: [] }, sceneInstance: hostile("duration") }, "detail");
  refused({ phoneLog: { phoneLogs: revoked.proxy } }, "detail");
  refused(
    detail(new Proxy([spoken], { get: (list, key) => (key === "0" ? fails() : list[key]) })),
    "detail",
  );
  refused(detail(new Array(1)), "detail.phoneLog.phoneLogs[0]");
  for (const wrong of [
    hostile("speaker"),
    hostile("startTime"),
    null,
    "喂",
    {},
    { ...spoken, content: null },
    { ...spoken, speaker: 5 },
  ]) {
    refused(detail([spoken, wrong]), "detail.phoneLog.phoneLogs[1]");
  }
  assert.throws(() => transcript(hostile("phoneLog")), { cause });
});

test("a text that is not a string and an unknown language are refused", () => {
  const tools = transcript(detail([]));
  for (const wrong of [undefined, null, 5, /a/]) {
    assert.throws(() => tools.search(wrong), { code: "invalid_argument", path: "text" });
  }
  for (const write of [tools.toText, tools.toWebVTT]) {
    for (const wrong of ["fr", null, 5]) {
      assert.throws(() => write(wrong), { code: "invalid_argument", path: "language" });
    }
    assert.equal(write(undefined), write("zh"));
  }
});
