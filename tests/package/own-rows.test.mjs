// Rows from other sources: a part of the fields, own names, dates, bodies of the vendor's callbacks, CSV.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../../scripts/toolchain.mjs";
import { body, chance, oddRow, row } from "./calls.mjs";
import { install } from "./installation.mjs";

let project, CallTable, callStatistics;
before(async () => {
  project = await install();
  ({ CallTable, callStatistics } = await project.import());
});
after(() => project?.remove());

const fixture = (name) =>
  JSON.parse(readFileSync(join(root, `tests/fixtures/callback/${name}.json`), "utf8"));

const counts = ({ added, updated, unchanged }) => [added, updated, unchanged];

/** Asserts that a call is refused at a path, and that it leaves the table as it is. */
function refused(table, call, path, message) {
  const before = [...table.snapshot()];
  assert.throws(
    call,
    (error) => {
      assert.deepEqual([error.code, error.path], ["invalid_argument", path]);
      return true;
    },
    message,
  );
  assert.deepEqual([...table.snapshot()], before);
}

test("a row with some of the fields changes these and no others", () => {
  const table = new CallTable();
  const whole = row(chance(1), 7);
  table.ingest(body([whole]));
  const known = table.get(7);
  const report = table.ingest([{ callInstanceId: 7, finishStatus: 5, customerName: undefined }]);
  assert.deepEqual(counts(report), [0, 1, 0]);
  assert.deepEqual(table.get(7), { ...known, finishStatus: 5 });
  table.ingest([
    { callInstanceId: 7, customerName: null },
    { callInstanceId: 8, duration: 5 },
  ]);
  assert.deepEqual(table.get(7), { ...known, finishStatus: 5, customerName: null });
  assert.deepEqual([table.length, table.get(8).duration], [2, 5]);
  // An answer of the vendor has the whole call.
  table.ingest(body([{ callInstanceId: 7 }]));
  assert.equal(table.get(7).duration, null);
});

test("columns under own names are read, and names that do not occur are reported", () => {
  const table = new CallTable();
  const rows = [
    { id: 1, talk_seconds: 27, status: "mine", state: 2, finish_status: 0, duration: 9 },
    { id: 2n, talk_seconds: null, finish_status: 1 },
  ];
  const columns = {
    callInstanceId: "id",
    duration: "talk_seconds",
    status: "state",
    chatRound: "turns",
    jobName: undefined,
  };
  const { oddities, ...report } = table.ingest(rows, { columns });
  assert.deepEqual(counts(report), [2, 0, 0]);
  assert.deepEqual(oddities, [
    { field: "finish_status", kind: "unknown_field", count: 2, example: "calls[0].finish_status" },
    { field: "chatRound", kind: "missing", count: 2, example: "calls[0].chatRound" },
  ]);
  const { duration, status, extra } = table.get(1);
  assert.deepEqual(
    { duration, status, extra },
    { duration: 27, status: 2, extra: { finish_status: 0 } },
  );
  assert.equal(table.get(2).duration, null);
  // Two fields may have one column.
  const at = new Date("2024-02-29T01:30:00Z");
  table.ingest([{ id: 3, at }], {
    columns: { callInstanceId: "id", startTime: "at", endTime: "at" },
  });
  const { startTime, endTime, startTimeMs } = table.get(3);
  const text = "2024-02-29 09:30:00";
  assert.deepEqual([startTime, endTime, startTimeMs], [text, text, at.getTime()]);
});

test("ISO times, dates and epoch milliseconds become the time in Shanghai", () => {
  const date = new Date("2024-02-29T01:30:00.250Z");
  const redial = new Date("1970-01-01T01:00:00Z");
  for (const time of [date, date.toISOString(), "2024-02-29T09:30:00.250+08:00", date.getTime()]) {
    const table = new CallTable();
    table.ingest([
      { callInstanceId: 1, startTime: time, gmtCreate: time, secondaryCallTime: redial },
    ]);
    const { startTime, startTimeMs, gmtCreate, secondaryCallTime } = table.get(1);
    assert.deepEqual([startTime, gmtCreate], Array(2).fill("2024-02-29 09:30:00"), String(time));
    assert.equal(startTimeMs, date.getTime());
    assert.equal(secondaryCallTime, "1970-01-01 09:00:00");
    // A row that comes back is no change.
    assert.deepEqual(counts(table.ingest(table.rows())), [0, 0, 1]);
  }
});

test("the body of a callback is a row, whole or in part", () => {
  const whole = fixture("documented");
  for (const part of [whole, whole.data, whole.data.data]) {
    const table = new CallTable();
    const { oddities, ...report } = table.ingest([part]);
    assert.deepEqual([...counts(report), oddities], [1, 0, 0, []]);
    const { extra, ...call } = table.get(1);
    const { sceneInstance } = whole.data.data;
    for (const [name, value] of Object.entries(sceneInstance)) {
      assert.deepEqual({ ...extra, ...call }[name], value, name);
    }
    assert.deepEqual(call.resultList, [
      { name: "客户意向等级", value: "C级(很少)" },
      { name: "客户标签", value: "[1]" },
    ]);
    assert.equal(table.where({ intentLevel: "C" }).length, 1);
  }
});

test("a correction by hand changes one result of its call", () => {
  const table = new CallTable();
  const other = { name: "客户关注点", value: "价格" };
  const resultList = [{ name: "客户意向等级", value: "C级(很少)" }, other];
  table.ingest([{ callInstanceId: 2016, duration: 9, finishStatus: 0, resultList }]);
  const correction = fixture("corrected-by-hand");
  assert.deepEqual(counts(table.ingest([correction])), [0, 1, 0]);
  assert.deepEqual(table.get(2016).resultList, [other, { name: "客户意向等级", value: "B" }]);
  assert.equal(table.get(2016).duration, 9);
  assert.equal(table.statistics().intentRate, 1);
  assert.deepEqual(counts(table.ingest([correction])), [0, 0, 1]);
});

test("a row that is no call is refused with its path, and the table is unchanged", () => {
  const table = new CallTable();
  table.ingest([{ callInstanceId: 5, duration: 1 }]);
  const task = { code: 200, data: { dataType: "JOB_INFO_RESULT", data: { callJobId: 535 } } };
  const id = "calls[1].callInstanceId";
  for (const [wrong, path] of [
    [fixture("inbound"), id],
    [task, id],
    [{}, id],
    [{ callInstanceId: 2n ** 60n }, id],
    [null, "calls[1]"],
    [7, "calls[1]"],
    [{ callInstanceId: 1, extra: 5 }, "calls[1].extra"],
  ]) {
    refused(table, () => table.ingest([{ callInstanceId: 5, duration: 2 }, wrong]), path);
  }
  const rows = [{ id: 5 }];
  for (const [source, options, path] of [
    [rows, { columns: { talk: "t" } }, "columns.talk"],
    [rows, { columns: { extra: "t" } }, "columns.extra"],
    [rows, { columns: { duration: 5 } }, "columns.duration"],
    [rows, { column: {} }, "column"],
    [rows, { format: "csv" }, "format"],
    ["id\n1", { format: "tsv" }, "format"],
    [body([]), { columns: {} }, "columns"],
    ["", { format: "csv" }, "calls"],
    ["duration\n5\n", { format: "csv" }, "calls[0].callInstanceId"],
    ["callInstanceId\n1,2\n", { format: "csv" }, "calls[0]"],
    ['callInstanceId\n1\n"2\n', { format: "csv" }, "calls[1]"],
    ['callInstanceId\n1\n"2"x\n', { format: "csv" }, "calls[1]"],
    [Uint8Array.of(0xcd, 0xa8, 0xbb, 0xb0), { format: "csv" }, "calls"],
  ]) {
    refused(table, () => table.ingest(source, options), path, JSON.stringify([source, options]));
  }
});

test("CSV of others is read by own names and names of fields", () => {
  const csv =
    "\uFEFFid,talk_seconds,customerName,finishStatus,customerTelephone,finish_status\n" +
    '7,27秒,"a, ""b""\nc",未接,"=""057188880000""",x\r\n\r8,,,unknown (37),,\n9,31,\'=1,0,"",';
  for (const source of [csv, new TextEncoder().encode(csv)]) {
    const table = new CallTable();
    const columns = { callInstanceId: "id", duration: "talk_seconds" };
    const { oddities, ...report } = table.ingest(source, { format: "csv", columns });
    assert.deepEqual(counts(report), [3, 0, 0]);
    const seven = table.get(7);
    assert.deepEqual([seven.duration, seven.customerName], [27, 'a, "b"\nc']);
    assert.deepEqual([seven.customerTelephone, seven.finishStatus], ["057188880000", 8]);
    assert.deepEqual([table.get(8).finishStatus, table.get(9).customerName], [37, "=1"]);
    assert.deepEqual(
      oddities.map(({ field, kind }) => [field, kind]),
      [["finish_status", "unknown_field"]],
    );
    table.ingest("callInstanceId,duration,chatRound\n7,,5\n", { format: "csv" });
    assert.deepEqual([table.get(7).duration, table.get(7).chatRound], [27, 5]);
  }
});

test("an export comes back, in every language and with every option", () => {
  const random = chance(3);
  const rows = Array.from({ length: 300 }, (_, id) => row(random, id));
  const table = new CallTable();
  table.ingest(body(rows));
  for (const language of ["zh", "en"]) {
    for (const options of [{}, { bom: true }, { forSpreadsheet: true }, { maskPhones: true }]) {
      const other = new CallTable();
      const { oddities } = other.ingest(table.toCSV({ language, ...options }), { format: "csv" });
      assert.deepEqual(oddities, []);
      const expected = table.rows().map((call) => ({ ...call }));
      const phones = other.rows().map(({ customerTelephone }) => customerTelephone);
      if (options.maskPhones) {
        for (const [at, phone] of phones.entries()) expected[at].customerTelephone = phone;
        assert.match(phones[0], /^138\*{4}\d{4}$/);
      }
      assert.deepEqual(other.rows(), expected);
      assert.deepEqual(other.statistics(), table.statistics());
    }
  }
  assert.deepEqual(counts(table.ingest(table.toCSV(), { format: "csv" })), [0, 0, 300]);
});

test("odd rows come back from an export with what a cell can hold", () => {
  const random = chance(9);
  const table = new CallTable();
  table.ingest(body(Array.from({ length: 400 }, (_, id) => oddRow(random, id))));
  const other = new CallTable();
  other.ingest(table.toCSV({ bom: true }), { format: "csv" });
  const { unreadable, durationQuantiles, ...rest } = other.statistics();
  const expected = table.statistics();
  assert.deepEqual(
    [unreadable.duration, durationQuantiles],
    [expected.unreadable.duration, expected.durationQuantiles],
  );
  assert.deepEqual(
    [rest.calls, rest.answered, rest.intent],
    [expected.calls, expected.answered, expected.intent],
  );
});

test("CSV has the chosen columns, in their order, with their titles", () => {
  const table = new CallTable();
  const resultList = [
    { name: "客户意向等级", value: "B级" },
    { name: "备注", value: "x" },
  ];
  const customerTelephone = "057188880000";
  table.ingest([
    { callInstanceId: 9007199254740991, duration: 27, customerTelephone, resultList, mine: 1 },
  ]);
  const columns = [
    "customerTelephone",
    { field: "duration", title: "秒" },
    "intentLevel",
    { result: "备注" },
    { result: "没有", title: "=none" },
    "extra",
    { field: "callInstanceId", title: undefined },
  ];
  const line = '27,B,x,,"{""mine"":1}",';
  const text = (header, phone, id) => `${header}\r\n${phone},${line}${id}\r\n`;
  const zh = `客户号码,秒,意向等级,备注,"'=none",其他,通话ID`;
  assert.equal(table.toCSV({ columns }), text(zh, customerTelephone, "9007199254740991"));
  assert.equal(
    table.toCSV({ columns, forSpreadsheet: true }),
    text(zh, '"=""057188880000"""', '"=""9007199254740991"""'),
  );
  assert.match(table.toCSV({ columns, language: "en" }), /^Customer number,秒,Intent level,备注,/);
  for (const [wrong, path] of [
    [["duration", "talk"], "columns[1]"],
    [["startTimeMs"], "columns[0]"],
    [[{ field: "duration", titel: "x" }], "columns[0]"],
    [[{ field: "duration", result: "x" }], "columns[0]"],
    [[{ title: "x" }], "columns[0]"],
    [[{ field: "duration", title: 5 }], "columns[0]"],
    [[5], "columns[0]"],
    [[], "columns"],
    ["duration", "columns"],
  ]) {
    refused(table, () => table.toCSV({ columns: wrong }), path);
    refused(table, () => table.toCSVStream({ columns: wrong }), path);
  }
  refused(table, () => table.toCSV({ forSpreadsheet: 1 }), "forSpreadsheet");
});

test("a redial time has no date in CSV", () => {
  const table = new CallTable();
  table.ingest([{ callInstanceId: 1, secondaryCallTime: "1970-01-01 09:00:00" }]);
  const columns = ["callInstanceId", "secondaryCallTime"];
  const csv = table.toCSV({ columns });
  assert.equal(csv, "通话ID,重拨时间\r\n1,09:00:00\r\n");
  const other = new CallTable();
  other.ingest(csv, { format: "csv" });
  assert.deepEqual(other.rows(), table.rows());
});

test("a first load takes no second copy of the columns", async () => {
  // In a process of its own, because the memory of a module never shrinks.
  const { stdout } = await project.evaluate(`
    const { Instance } = WebAssembly;
    const memories = [];
    WebAssembly.Instance = function (...args) {
      const instance = new Instance(...args);
      const isMemory = (value) => value instanceof WebAssembly.Memory;
      memories.push(Object.values(instance.exports).find(isMemory));
      return instance;
    };
    const bytes = () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    const { CallTable } = await import("byrobot-calls");
    const table = new CallTable();
    table.ingest([{ callInstanceId: 1 }]);
    table.clear();
    const before = bytes();
    const row = (id) => ({ callInstanceId: id, customerTelephone: "1380000" + id, customerName: "customer " + id });
    table.ingest(Array.from({ length: 300_000 }, (_, id) => row(id)));
    const { numbers, texts, index } = table.memory();
    console.log((bytes() - before) / (numbers + texts + index));
  `);
  const share = Number(stdout);
  assert.ok(share > 0.5 && share < 1.9, `${share} times the bytes of the columns`);
});

test("statistics of an array read what a table reads", () => {
  const date = new Date("2024-02-29T01:30:00Z");
  const { calls, firstStartMs } = callStatistics([{ callInstanceId: 1, startTime: date }]);
  assert.deepEqual([calls, firstStartMs], [1, date.getTime()]);
});
