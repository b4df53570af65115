// Masks of telephone numbers: the proxy, the CSV and the page follow one table of cases, tests/phones.json. The schema
// names the fields without telephone numbers. The tests of the table in Rust are in tests/native/phones.rs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { install, root } from "./installation.mjs";
import { keys } from "./proxy-of.mjs";

const cases = JSON.parse(readFileSync(`${root}/tests/phones.json`, "utf8"));
const mobile = 13812345678;

let project, server, client;
before(async () => {
  project = await install();
  [server, client] = await Promise.all(
    ["byrobot-calls/server", "byrobot-calls"].map(project.import),
  );
});
after(() => project?.remove());

/** What a page gets of an answer, masked. */
async function masked(data, endpoint = "phoneLogInfo?callInstanceId=1") {
  const proxy = server.createProxy({
    ...keys,
    authorize: () => true,
    maskPhones: true,
    fetch: async () => Response.json({ code: 200, data, resultMsg: "ok" }),
  });
  const answer = await proxy(new Request(`http://x/openapi/v1/task/${endpoint}`));
  assert.equal(answer.status, 200);
  return (await answer.json()).data;
}

/** A cell of the masked CSV of one call. */
function cell(call, title) {
  const table = new client.CallTable();
  const known = { callJobId: 1, callerPhone: null, callIndex: null };
  table.ingest(JSON.stringify({ code: 200, data: { list: [{ ...known, ...call }], total: 1 } }));
  const csv = table.toCSV({ language: "en", maskPhones: true });
  table.free();
  const [header, line] = csv.split("\r\n");
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  const [, quoted, plain] = cells[header.split(",").indexOf(title)];
  return quoted?.replaceAll('""', '"') ?? plain;
}

/** What a cell has of a text that a spreadsheet would compute. */
const defused = (text) => (/^\s*[=+\-@]/.test(text) ? `'${text}` : text);

describe("a case of the table", () => {
  for (const [text, expected] of cases.number) {
    test(`the number ${JSON.stringify(text)} is masked alike by proxy, CSV and page`, async () => {
      const { customerTelephone } = await masked({ customerTelephone: text });
      assert.equal(customerTelephone, expected);
      assert.equal(client.maskPhone(text), expected);
      assert.equal(
        cell({ callInstanceId: 1, customerTelephone: text }, "Customer number"),
        defused(expected),
      );
    });
  }

  for (const [text, expected, customerTelephone = ""] of cases.text) {
    test(`the text ${JSON.stringify(text)} is masked alike by proxy and CSV`, async () => {
      const given = { customerTelephone, customerName: text };
      const { customerName } = await masked(given);
      assert.equal(customerName, expected);
      const shown = cell({ callInstanceId: 1, ...given }, "Customer");
      assert.equal(shown, defused(expected));
    });
  }

  for (const [luyinOssUrl, expected, customerTelephone, callInstanceId] of cases.link) {
    test(`the link ${luyinOssUrl} keeps the call's id in the CSV, and is null behind the proxy`, async () => {
      const call = { callInstanceId, customerTelephone, luyinOssUrl };
      assert.equal(cell(call, "Recording"), expected);
      assert.equal((await masked({ sceneInstance: call })).sceneInstance.luyinOssUrl, null);
    });
  }
});

describe("a digit", () => {
  test("is every character that the engine knows as a digit, by script or by NFKC", async () => {
    const wrong = [];
    let looked = 0;
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      const isDigit = /^\p{Nd}$/u.test(character) || /^\d$/.test(character.normalize("NFKC"));
      if (!isDigit) continue;
      looked += 1;
      // Nine times the same digit is a number whose middle is hidden.
      const masked = client.maskPhone(character.repeat(9));
      if (masked !== character.repeat(2) + "*".repeat(4) + character.repeat(3)) wrong.push(code);
    }
    assert.ok(looked > 500);
    assert.deepEqual(
      wrong.map((code) => code.toString(16)),
      [],
    );
  });

  test("has the same value in every script, so a customer's number is found in each", async () => {
    const digits = ["٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡"];
    for (const script of digits) {
      const spelt = [..."20240102"].map((digit) => [...script][digit]).join("");
      const { customerName } = await masked({ customerTelephone: spelt, customerName: "20240102" });
      assert.equal(customerName, "20****02");
    }
  });
});

describe("a documented field", () => {
  test("with an id, a count, a code, an amount or an instant is not masked, however long", async () => {
    const numbers = {
      data: [
        "duration",
        "cost",
        "finishStatus",
        "chatRound",
        "callInstanceId",
        "customerId",
        "gmtCreate",
      ],
      list: ["callJobId", "callIndex", "status", "calledTimes", "totalCount", "seatNum"],
    };
    const values = (names) => Object.fromEntries(names.map((name) => [name, 1234567890123]));
    const data = { ...values(numbers.data), total: 12345678, list: [values(numbers.list)] };
    assert.deepEqual(await masked(data), data);
    const texts = {
      callInstanceId: "5402053814",
      cost: "1234567",
      industry: "5402053814_1234567_1",
    };
    assert.deepEqual(await masked(texts), texts);
  });

  test("with a telephone number is masked in every form", async () => {
    const { customerTelephone, callerPhone } = await masked({
      customerTelephone: mobile,
      callerPhone: "138,1234;5678",
    });
    assert.deepEqual([customerTelephone, callerPhone], ["138****5678", "138,****;5678"]);
  });

  test("does not exempt equal names in a customer's data, a text or an unknown object", async () => {
    const named = { duration: mobile, cost: mobile, callJobId: mobile, status: String(mobile) };
    const data = { propertiesMap: named, other: [named], properties: JSON.stringify(named) };
    const text = JSON.stringify(await masked(data));
    assert.ok(!text.includes("1234567"), text);
  });

  test("with counts by name is not masked", async () => {
    const durationStat = [{ name: "<10s", value: 1234567 }];
    const extraStat = { 客户意向等级: [{ name: "A", value: 12345678 }] };
    assert.deepEqual(await masked({ durationStat, extraStat }), { durationStat, extraStat });
  });
});

describe("an unknown field", () => {
  test("is masked when it looks like a telephone number, whatever its name ends with", async () => {
    const names = [
      ...["account", "loginAccount", "discount", "callerId", "calledId", "mobileId", "phoneCount"],
      ...["contactTotal", "telTime", "gmtContact", "linkCode", "x"],
    ];
    const data = await masked(Object.fromEntries(names.map((name) => [name, mobile])));
    for (const name of names) assert.equal(data[name], "138****5678", name);
    const texts = await masked(Object.fromEntries(names.map((name) => [name, String(mobile)])));
    for (const name of names) assert.equal(texts[name], "138****5678", name);
  });

  test("stays when it does not", async () => {
    const data = { score: 0.123456789, ratio: 1.5e-7, small: 123456, when: "2024-02-29 09:30:00" };
    assert.deepEqual(await masked(data), data);
  });
});

test("no spelling of a number survives, beside dates or anything else", async () => {
  const numbers = ["13812345678", "057188881234", "4008123123", "20013344", "19911231888"];
  const separators = [
    "",
    " ",
    "-",
    " - ",
    ".",
    "/",
    "\t",
    "\u2009",
    "\u200b",
    "_",
    "·",
    "\u00a0-\u00a0",
    "）（",
  ];
  const around = [
    "",
    "2024-02-29 ",
    "2024/2/9 ",
    "20240229-",
    "09:30:00 ",
    "编号",
    "a",
    "20240229T093000_",
  ];
  const scripts = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "⓪①②③④⑤⑥⑦⑧⑨"];
  const texts = [];
  for (const number of numbers) {
    for (const script of scripts) {
      const digits = [...number].map((digit) => [...script][digit]);
      for (const separator of separators) {
        for (const size of [3, 4, 5, 11]) {
          const groups = [];
          for (let at = 0; at < digits.length; at += size) {
            groups.push(digits.slice(at, at + size).join(""));
          }
          for (const before of around) {
            texts.push([number, before + groups.join(separator)]);
            texts.push([number, groups.join(separator) + before.split("").reverse().join("")]);
          }
        }
      }
    }
  }
  assert.ok(texts.length > 10_000);
  const { list } = await masked({ list: texts.map(([, text]) => ({ customerName: text })) });
  for (const [at, { customerName }] of list.entries()) {
    const [number, text] = texts[at];
    const left = [...customerName.normalize("NFKC")]
      .map((character) =>
        "٠١٢٣٤٥٦٧٨٩".indexOf(character) >= 0 ? "٠١٢٣٤٥٦٧٨٩".indexOf(character) : character,
      )
      .join("")
      .replace(/[^0-9*]/g, "");
    assert.ok(
      !left.includes(number),
      `${JSON.stringify(text)} became ${JSON.stringify(customerName)}`,
    );
  }
});
