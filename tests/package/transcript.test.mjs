// transcript(detail): what was said when, as the lines say it and never guessed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { install, root } from "./installation.mjs";

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

test("at gives the line that is spoken, the later one where two are, and never one without times", () => {
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

test("the shares of talk are of all the time, and overlapping speech counts once", () => {
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

test("there is no share of talk where it would be guessed", () => {
  const timed = line("ME", "b", 1000, 2000);
  for (const lines of [
    [],
    [line("AI", "您好", 0, 0), timed],
    [line("WHO", "您好", 0, 500), timed],
    [line("AI", "  ", 0, 500)],
  ]) {
    assert.equal(transcript(detail(lines)).talkRatio(), null);
  }
  // A line without words needs no time.
  assert.ok(transcript(detail([line("AI", " ", 0, 0), timed])).talkRatio());
});

test("unknown questions are the customer's; search takes letters in either case", () => {
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
});

test("as text, lines without times say so", () => {
  const lines = [line("AI", "您好\n请讲", 61_000, 62_000), line("ME", "喂", 0, 0)];
  assert.equal(transcript(detail(lines)).toText(), "[1:01] 机器人：您好 请讲\n[-:--] 客户：喂\n");
  assert.equal(
    transcript(detail(lines)).toText("en"),
    "[1:01] Robot: 您好 请讲\n[-:--] Customer: 喂\n",
  );
});

test("as WebVTT, cues are in order, and nothing in them is taken for markup", () => {
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

test("the vendor's own example", async () => {
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

test("what is no call is refused", () => {
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
