// Generated answers through the proxy: without masks the bytes are unchanged; with masks no long number is left and the
// rest is unchanged. The seed determines the answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { install } from "./installation.mjs";
import { keys } from "./proxy-of.mjs";

const url = "http://x/openapi/v1/task/phoneLogInfo?callInstanceId=1";

let project, server;
before(async () => {
  project = await install();
  server = await project.import("byrobot-calls/server");
});
after(() => project?.remove());

/** Numbers from 0 up to a bound, the same for the same seed. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

const names = [
  ...[
    "callInstanceId",
    "customerName",
    "content",
    "extraStat",
    "",
    "a.b",
    "__proto__",
    "错误",
    'q"\\',
  ],
  ...["properties", "gmtCreate", "phone", "13812345678", "x-1", "constructor"],
];
const texts = [
  ...[
    "",
    "null",
    "王芳",
    "\ud83d\ude00",
    "\u0000\u2028",
    '"',
    "\\",
    "a/b",
    "{",
    "[1,2",
    "12",
    "打13812345678",
  ],
  ...[
    "2024-02-29 09:30:00",
    "+86 138-1234-5678",
    '{"tel":"13812345678"}',
    "１３８１２３４５６７８",
    "0571-88880000",
  ],
];
const numerals = [
  "0",
  "-0",
  "1e400",
  "12345678901234567890.5",
  "1E-7",
  "70258002706",
  "1.0",
  "13812345678",
];

/** A JSON value as text, with blanks and escapes as a server may write them. */
function written(random, depth = 0) {
  const one = (list) => list[random(list.length)];
  const blank = () => one(["", "", "", " ", "\n\t", "\r\n"]);
  const quoted = (text) => {
    const plain = JSON.stringify(text);
    return random(3) > 0 ? plain : plain.replace(/[a-z1/](?!u)/, (character) => escaped(character));
  };
  const kind = random(depth > 4 ? 4 : 7);
  if (kind === 0) return one(numerals);
  if (kind === 1) return one(["true", "false", "null"]);
  if (kind < 4) return quoted(one(texts));
  const items = Array.from({ length: random(5) }, () => {
    const value = blank() + written(random, depth + 1) + blank();
    return kind === 4 ? value : `${blank()}${quoted(one(names))}${blank()}:${value}`;
  });
  return kind === 4 ? `[${blank()}${items.join(",")}]` : `{${blank()}${items.join(",")}}`;
}

/** Not of one that is escaped already: `\\n` is no letter n. */
const escaped = (character) =>
  character === "/" ? "\\/" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** The text, if it is JSON: an escape may have hit another one. */
const sound = (text) => {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
};

function* answers(count) {
  for (let seed = 1; count > 0; seed += 1) {
    const random = numbers(seed);
    const body = sound(` {"code":200,"data":${written(random)},"resultMsg":${written(random)}}\n`);
    if (body === undefined) continue;
    count -= 1;
    yield body;
  }
}

const through = async (body, options) => {
  const proxy = server.createProxy({
    ...keys,
    authorize: () => true,
    fetch: async () => new Response(body),
    ...options,
  });
  const answer = await proxy(new Request(url));
  assert.equal(answer.status, 200, body);
  return answer.text();
};

test("an answer comes as it was sent, to the byte", async () => {
  for (const body of answers(1500)) assert.equal(await through(body), body);
});

test("masked, an answer has no long number but in ids and times, and the same form", async () => {
  const isNumber = (text) => {
    const plain = text.normalize("NFKC").replace(/\d{4}-\d\d-\d\d/g, " ");
    return /\d(?:[ ()-]{0,2}\d){6}/.test(plain);
  };
  const look = (value, name, sent, was) => {
    assert.equal(value === null, was === null, sent);
    if (typeof value === "object" && value !== null) {
      assert.equal(Array.isArray(value), Array.isArray(was));
      const [found, given] = [Object.keys(value), Object.keys(was)];
      for (const key of found) assert.ok(!isNumber(key), key);
      // Keys that are numbers are masked; two of them may be one then.
      if (!given.some(isNumber)) {
        assert.deepEqual(found, given);
        for (const key of found) look(value[key], Array.isArray(was) ? name : key, sent, was[key]);
      }
    } else if (typeof value === "string") {
      const inner = value.startsWith("{") ? sound(value) : undefined;
      assert.ok(!isNumber(inner ?? value), `${name}: ${value} in ${sent}`);
    } else if (typeof value === "number" && Number.isInteger(value)) {
      const isOther = /(?:Id|Create)$/.test(name ?? "");
      assert.ok(
        isOther || Math.abs(value) < 1e6 || Math.abs(value) >= 2 ** 53,
        `${name}: ${value} in ${sent}`,
      );
    }
  };
  for (const body of answers(1500)) {
    const masked = await through(body, { maskPhones: true });
    const [{ data }, { data: was }] = [JSON.parse(masked), JSON.parse(body)];
    look(data, "data", body, was);
  }
});

test("masked, a telephone number is found under names that end as those of ids and counts do", async () => {
  const number = "13812345678";
  const names = [
    "callerId",
    "calledId",
    "callerNum",
    "mobileNum",
    "phoneNumber",
    "phoneId",
    "telCode",
  ];
  const fields = Object.fromEntries(names.map((name) => [name, number]));
  const inner = JSON.stringify({ ...fields, callerNum: Number(number) });
  const ids = { callInstanceId: 13812345679, gmtCreate: 1709172000000, total: 12345678 };
  const body = JSON.stringify({ code: 40000010, data: { ...fields, corpName: inner, ...ids } });
  const masked = await through(body, { maskPhones: true });
  assert.ok(!masked.includes(number), masked);
  const { code, data } = JSON.parse(masked);
  assert.equal(code, 40000010);
  for (const [name, value] of Object.entries(ids)) assert.equal(data[name], value);
});
