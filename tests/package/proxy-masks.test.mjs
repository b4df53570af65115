// Telephone numbers in answers of the proxy, masked by the option maskPhones.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everything } from "./everything.mjs";
import {
  client,
  clientOf,
  fiveCalls,
  keys,
  listen,
  proxyOf,
  server,
  vendor,
} from "./proxy-and-vendor.mjs";

describe("maskPhones", () => {
  test("leaves no telephone number of the vendor's world anywhere", async () => {
    const upstream = await vendor();
    const signedFetch = async (url, init) => {
      const headers = { ...init?.headers, ...(await server.sign(keys.appKey, keys.appSecret)) };
      return fetch(url, { ...init, headers });
    };
    const direct = (await everything(signedFetch, upstream.url)).join("\n");
    const numbers = new Set(direct.match(/(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)/g));
    assert.ok(numbers.size > 100);

    const masking = await proxyOf(upstream, { maskPhones: true, recordingHosts: [] });
    const headers = [];
    const remembering = async (url, init) => {
      const answer = await fetch(url, init);
      headers.push(...[...answer.headers].flat());
      return answer;
    };
    const answers = (await everything(remembering, masking)).slice();
    // Without hosts there are no recordings to ask for: what is left are JSON answers and refusals.
    const masked = answers.concat(headers).join("\n");
    for (const number of numbers) {
      assert.ok(!masked.includes(number), `${number.slice(0, 3)}… is there`);
      assert.ok(!masked.includes(number.replace("-", "")));
    }
    assert.match(masked, /1\d\d\*{4}\d{4}/);
  });

  test("changes nothing else: every id, time, count and status stays", async () => {
    const upstream = await vendor();
    const plain = await fiveCalls(clientOf(await proxyOf(upstream)));
    const masked = await fiveCalls(clientOf(await proxyOf(upstream, { maskPhones: true })));
    const changed = new Set();
    const compare = (one, other, name) => {
      if (typeof one === "object" && one !== null) {
        assert.deepEqual(Object.keys(other), Object.keys(one));
        for (const key of Object.keys(one)) compare(one[key], other[key], isNaN(key) ? key : name);
      } else if (one !== other) {
        changed.add(name);
      }
    };
    compare(plain, masked);
    const mayChange = [
      "customerTelephone",
      "callerPhone",
      "phone",
      "properties",
      "content",
      "corpName",
    ];
    assert.ok(changed.has("customerTelephone"));
    for (const name of changed) assert.ok(mayChange.includes(name), name);
  });

  test("masks texts as the CSV does", async () => {
    const texts = [
      "打13911112222或(0571) 8888-0000",
      "预约 2018-01-25 08:00",
      "20240229回访",
      "20240230回访",
      "第123456单",
      "１３９００００１２３４",
      "+86 139 0000 1234",
      "139****1234",
      "1590000xxxx",
      "10086",
      '{"mobile":"13911112222","n":3}',
      "x1234567y",
    ];
    const rows = texts.map((customerName, at) => ({
      callInstanceId: at + 1,
      customerTelephone: "13812345678",
      customerName,
    }));
    const upstream = await listen(async () =>
      Response.json({ code: 200, data: { list: rows, total: rows.length } }),
    );
    const api = clientOf(await proxyOf({ url: upstream }, { maskPhones: true }));
    const { list } = await api.queryDoneTaskPhones({ callJobId: 1, pageSize: 50 });
    const table = new client.CallTable();
    table.ingest(rows.map((row) => ({ ...list[0], ...row, extra: undefined })));
    const csv = table.toCSV({ language: "en", maskPhones: true });
    for (const { customerName } of list) {
      const cell = customerName.replaceAll('"', '""');
      assert.ok(csv.includes(cell), `${customerName} is not what the CSV has`);
    }
    table.free();
  });

  /** The calls in an answer of the vendor, after the proxy has masked it. */
  async function masked(rows) {
    const upstream = await listen(async () => Response.json({ code: 200, data: { list: rows } }));
    const url = await proxyOf({ url: upstream }, { maskPhones: true });
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify({ callJobId: 1 }) };
    return (await (await fetch(`${url}/openapi/v1/task/queryDoneTaskPhones`, init)).json()).data;
  }

  test("masks a number in a field for times that has only some signs of a time", async () => {
    const { list } = await masked([
      { startTime: "1380-0012345 :     ", endTime: "2024-02-29 09:30:00" },
    ]);
    assert.match(list[0].startTime, /\*/);
    assert.equal(list[0].endTime, "2024-02-29 09:30:00");
  });

  test("masks rows whose names change from row to row, and more names than it remembers", async () => {
    const number = "13800012345";
    const rows = Array.from({ length: 600 }, (_, at) => {
      const names = ["customerTelephone", "customerName", 'x"y', number, `name ${at}`];
      const order = names.map((_, index) => names[(index + at) % names.length]);
      return Object.fromEntries(order.map((name) => [name, number]));
    });
    const { list } = await masked(rows);
    const names = ["138****2345", "customerName", "customerTelephone", 'x"y'];
    for (const [at, row] of list.entries()) {
      assert.deepEqual(Object.keys(row).sort(), [...names, `name ${at}`].sort());
      for (const value of Object.values(row)) assert.equal(value, "138****2345");
    }
  });
});
