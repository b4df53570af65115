// Calls as CSV: an independent reader reads it back, spreadsheets execute nothing in it, and masks apply on request.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { body, chance, oddRow, row } from "./calls.mjs";
import { install } from "./installation.mjs";

let project, CallTable, label;
before(async () => {
  project = await install();
  ({ CallTable, label } = await project.import());
});
after(() => project?.remove());

/** RFC 4180, character by character. */
function parse(text) {
  const lines = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (character === '"') {
      assert.equal(cell, "", "a quote in the midst of a cell");
      quoted = true;
    } else if (character === ",") {
      lines.at(-1).push(cell);
      cell = "";
    } else if (character === "\r" && text[at + 1] === "\n") {
      lines.at(-1).push(cell);
      lines.push([]);
      [cell, at] = ["", at + 1];
    } else {
      assert.notEqual(character, "\n", "a bare line feed");
      cell += character;
    }
  }
  assert.deepEqual(lines.pop(), [], "the last line ends");
  return lines;
}

const tableOf = (rows) => {
  const table = new CallTable();
  table.ingest(body(rows));
  return table;
};

test("every value of a CSV can be read back, in Chinese and in English", () => {
  const random = chance(4);
  const table = tableOf(Array.from({ length: 500 }, (_, id) => oddRow(random, id)));
  const calls = table.rows();
  for (const language of ["zh", "en"]) {
    const [header, ...lines] = parse(table.toCSV({ language }));
    assert.equal(lines.length, calls.length);
    assert.equal(header.length, 27);
    const column = (title) => header.indexOf(title);
    const titles =
      language === "zh"
        ? ["通话ID", "通话结果", "通话时长(秒)", "客户姓名", "分析结果", "开始时间"]
        : ["Call ID", "Outcome", "Duration (s)", "Customer", "Results", "Start"];
    const [id, outcome, duration, name, results, start] = titles.map(column);
    assert.ok(Math.min(id, outcome, duration, name, results, start) >= 0, String(header));
    for (const [at, line] of lines.entries()) {
      const call = calls[at];
      const text = (value) => (value === null ? "" : String(value));
      const defused = (value) => (/^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value);
      const { finishStatus } = call;
      assert.equal(line.length, header.length);
      assert.equal(line[id], text(call.callInstanceId));
      assert.equal(
        line[outcome],
        finishStatus === null ? "" : label("finishStatus", finishStatus, language),
      );
      assert.equal(line[duration], text(call.duration));
      assert.equal(line[name], defused(text(call.customerName)));
      assert.equal(line[start], defused(text(call.startTime)));
      assert.equal(
        line[results],
        defused(call.resultList.map(({ name, value }) => `${name}: ${value}`).join("; ")),
      );
    }
  }
});

test("no cell of a CSV is a formula", () => {
  const evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=cmd|"/c calc"!A1', "\n=1"];
  const rows = evil.map((customerName, id) => ({ ...row(chance(id), id), customerName }));
  const cells = parse(tableOf(rows).toCSV()).flat();
  for (const cell of cells) assert.doesNotMatch(cell, /^[=+@\t\r\n＝＋－＠]/);
  for (const text of evil) assert.ok(cells.includes(`'${text}`), text);
});

test("a masked CSV holds no customer's number", () => {
  const number = "13812345678";
  const one = {
    ...row(chance(1), 1),
    customerTelephone: number,
    customerName: `张${number}`,
    luyinOssUrl: `https://example.com/20181214-180300_${number}_1.wav`,
    properties: `{"phone":"${number}","other":"15900001111","tel":"057188889999"}`,
    resultList: [{ name: "备注", value: `回电 86${number}` }],
    unknown: { deep: number },
    callerPhone: "18000000902",
  };
  const table = tableOf([one, { ...row(chance(2), 2), customerTelephone: "1008" }]);
  assert.ok(table.toCSV().includes(number));
  const masked = table.toCSV({ maskPhones: true });
  for (const secret of [number, "15900001111", "057188889999", "12345678"]) {
    assert.ok(!masked.includes(secret), secret);
  }
  assert.ok(masked.includes("138****5678"));
  // Lines of our own, times, ids and short codes are no customer's numbers.
  for (const kept of ["18000000902", "20181214-180300", "1008", one.startTime]) {
    assert.ok(masked.includes(kept), kept);
  }
});

test("the stream of a CSV is its text in pieces, also if the table changes meanwhile", async () => {
  const random = chance(2);
  const table = tableOf(Array.from({ length: 4500 }, (_, id) => row(random, id)));
  const text = table.toCSV({ bom: true });
  assert.ok(text.startsWith("\ufeff"));
  assert.equal(parse(text.slice(1)).length, 4501);
  const stream = table.toCSVStream({ bom: true });
  table.clear();
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  assert.ok(pieces.length > 1);
  assert.ok(Buffer.concat(pieces).equals(Buffer.from(text)));
  assert.equal(parse(table.toCSV()).length, 1);
  assert.throws(() => table.toCSVStream({ bom: 1 }), { code: "invalid_argument", path: "bom" });
  await table.toCSVStream().cancel();
});
