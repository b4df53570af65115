// Hostile upstreams: the clock, sealed links, logs, stack traces and unusual answers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer as createConnection } from "node:net";
import process from "node:process";
import { before, describe, test } from "node:test";
import { inspect } from "node:util";
import {
  answering,
  calls,
  number,
  open,
  proxyOf,
  sealed,
  server,
  tasks,
  upstream,
  vendor,
} from "./upstream-proxy.mjs";

describe("a date of the vendor's", () => {
  /** Requests to a vendor that refuses dates more than three minutes off, and has this clock. */
  function vendorAt(dateOf) {
    const signed = [];
    const ask = answering(async (_url, { headers }) => {
      signed.push(Date.parse(headers.datetime));
      const date = dateOf(signed.length, signed.at(-1));
      return Response.json(
        { code: date ? 408 : 200, data: null },
        { headers: date ? { date } : {} },
      );
    });
    return { signed, ask: () => ask(new Request(tasks)) };
  }
  const isNow = (instant) => Math.abs(instant - Date.now()) < 60_000;
  const utc = (ahead) => new Date(Date.now() + ahead).toUTCString();
  const day = 86_400_000;

  for (const [what, date] of Object.entries({
    "in the year 275760": "Sat, 13 Sep 275760 00:00:00 GMT",
    "in the year 2037": "Thu, 01 Jan 2037 00:00:00 GMT",
    "in the year 1970": "Thu, 01 Jan 1970 00:00:00 GMT",
    "two days ahead": utc(2 * day),
    "of another form": new Date(Date.now() + 3_600_000).toISOString(),
    "of RFC 850": "Sunday, 06-Nov-94 08:49:37 GMT",
    "of asctime": "Sun Nov  6 08:49:37 1994",
    "on a wrong day of the week": utc(3_600_000).replace(/^\w{3}/, (day) =>
      day === "Mon" ? "Tue" : "Mon",
    ),
    "with an offset": utc(3_600_000).replace("GMT", "+0800"),
    "that is none": "soon",
  })) {
    test(`${what} is ignored, now and later`, async () => {
      const { signed, ask } = vendorAt((count) => (count === 1 ? date : undefined));
      await ask();
      await ask();
      await ask();
      assert.equal(signed.length, 3);
      assert.ok(signed.every(isNow), date);
    });
  }

  test("is followed within a day", async () => {
    for (const ahead of [23 * 3_600_000, -23 * 3_600_000]) {
      const { signed, ask } = vendorAt((count) => (count === 1 ? utc(ahead) : undefined));
      assert.equal((await (await ask()).json()).code, 200);
      assert.ok(isNow(signed[0]) && isNow(signed[1] - ahead));
    }
  });

  test("corrects all requests that were signed with the old date", async () => {
    const ahead = 3_600_000;
    const held = [];
    const ask = answering(async (_url, { headers }) => {
      const isOld = Date.parse(headers.datetime) < Date.now() + ahead - 180_000;
      if (!isOld) return Response.json({ code: 200, data: null });
      // None is answered before all have come.
      await new Promise((resolve) => held.push(resolve) === 5 && held.forEach((go) => go()));
      return Response.json({ code: 408, data: null }, { headers: { date: utc(ahead) } });
    });
    const replies = await Promise.all(Array.from({ length: 5 }, () => ask(new Request(tasks))));
    for (const reply of replies) assert.equal((await reply.json()).code, 200);
  });

  test("an upstream without encryption causes a warning, unless it is this machine", () => {
    const { warn } = console;
    const warned = [];
    console.warn = (text) => warned.push(text);
    try {
      for (const upstream of [
        "https://api.byrobot.cn",
        "http://127.0.0.1:8787",
        "http://localhost:1",
      ]) {
        proxyOf({ upstream });
      }
      assert.deepEqual(warned, []);
      proxyOf({ upstream: "http://api.byrobot.cn" });
      assert.match(warned.join(), /https:/);
    } finally {
      console.warn = warn;
    }
  });
});

describe("a sealed link", () => {
  const link = "https://bucket.oss-cn-hangzhou.aliyuncs.com/a.wav";
  const recordingHosts = ["bucket.oss-cn-hangzhou.aliyuncs.com"];
  const page = async (data, options) =>
    (await answering(data, { recordingHosts, ...options })(new Request(calls))).text();

  test("replaces the two recording fields where the schema has them", async () => {
    const both = { luyinOssUrl: link, userLuyinOssUrl: `${link}?x=1` };
    const data = { list: [both], sceneInstance: both, phoneLog: { luyinOssUrl: link } };
    const text = await page(data);
    assert.equal(text.match(/\/recordings\/[\w-]+\.wav/g).length, 5);
    assert.ok(!text.includes("aliyuncs"));
  });

  test("does not replace other fields that look like a recording", async () => {
    const data = {
      customerName: link,
      recordingUrl: link,
      taskResult: [{ resultValue: link, resultDesc: `听 ${link}` }],
      phoneLog: { phoneLogs: [{ content: link }] },
      sceneInstance: {
        properties: JSON.stringify({ luyinOssUrl: link }),
        propertiesMap: { luyinOssUrl: link },
        collectProperties: [{ list: [{ luyinOssUrl: link }] }],
      },
      other: { luyinOssUrl: link },
      [link]: 1,
    };
    for (const options of [{}, { maskPhones: true }]) {
      assert.doesNotMatch(await page(data, options), /\/recordings\//);
    }
    const message = await answering(
      JSON.stringify({ code: 200, resultMsg: link, luyinOssUrl: link }),
      {
        recordingHosts,
      },
    )(new Request(calls));
    assert.doesNotMatch(await message.text(), /\/recordings\//);
  });

  test("is null with masks if the host is not allowed or the link is invalid", async () => {
    const elsewhere = [
      `https://x.example/${number}.wav`,
      `/ftp/${number}.wav`,
      `ftp://x/${number}`,
    ];
    for (const luyinOssUrl of elsewhere) {
      const { data } = JSON.parse(await page({ list: [{ luyinOssUrl }] }, { maskPhones: true }));
      assert.equal(data.list[0].luyinOssUrl, null);
      const open = JSON.parse(await page({ list: [{ luyinOssUrl }] }));
      assert.equal(open.data.list[0].luyinOssUrl, luyinOssUrl);
    }
  });

  test("is refused for a domain in which everybody can rent a bucket", () => {
    for (const host of [
      "*.oss-cn-hangzhou.aliyuncs.com",
      "*.aliyuncs.com",
      "*.OSS-cn-beijing-internal.AliYunCS.com",
      "oss-cn-hangzhou.aliyuncs.com",
      "https://oss-cn-hangzhou.aliyuncs.com",
      "*.cos.ap-guangzhou.myqcloud.com",
      "cos.ap-guangzhou.myqcloud.com",
      "*.s3.cn-north-1.amazonaws.com.cn",
      "s3.amazonaws.com",
      "*.obs.cn-north-4.myhuaweicloud.com",
      "*.blob.core.windows.net",
      "storage.googleapis.com",
    ]) {
      assert.throws(() => proxyOf({ recordingHosts: [host] }), /bucket/, host);
    }
    for (const host of [
      "bucket.oss-cn-hangzhou.aliyuncs.com",
      "oss-records.oss-cn-hangzhou.aliyuncs.com",
      "calls-1250000000.cos.ap-guangzhou.myqcloud.com",
      "calls.s3.cn-north-1.amazonaws.com.cn",
      "*.recordings.example.com",
      "http://10.0.0.5:8080",
    ]) {
      proxyOf({ recordingHosts: [host] });
    }
  });

  test("is the same whether the runtime has node:crypto or not, and either opens it", async () => {
    const { getBuiltinModule } = process;
    const withNode = answering({ list: [{ luyinOssUrl: link }] }, { recordingHosts });
    let without;
    try {
      process.getBuiltinModule = undefined;
      without = answering({ list: [{ luyinOssUrl: link }] }, { recordingHosts });
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
    const [one, other] = await Promise.all([sealed(link, withNode), sealed(link, without)]);
    assert.equal(one, other);
    for (const ask of [withNode, without]) {
      // The store answers with JSON here: it was asked.
      assert.equal((await ask(new Request(`http://x${one}`))).status, 502);
      const token = one.match(/recordings\/([\w-]+)/)[1];
      for (const broken of [
        token.slice(0, -4),
        `${token}AAAA`,
        token.replace(/^./, (c) => (c === "A" ? "B" : "A")),
      ]) {
        const reply = await ask(new Request(`http://x/recordings/${broken}.wav`));
        assert.equal(reply.status, 404, broken);
      }
    }
  });
});

describe("the logged error", () => {
  const secretUrl = `https://store.example/${number}.wav?Expires=1&Signature=c2VjcmV0`;
  /** Errors as runtimes throw them. */
  const failures = {
    "of Deno": () =>
      new TypeError(`error sending request for url (${secretUrl}): client error (Connect)`, {
        cause: new Error(`tcp connect error: Connection refused (os error 111) at ${secretUrl}`),
      }),
    "of Bun": () =>
      Object.assign(new Error(`Unable to connect to ${secretUrl}`), {
        code: "ConnectionRefused",
        path: secretUrl,
        errno: 0,
      }),
    "of Node": () =>
      Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error(`connect ECONNREFUSED for ${secretUrl}`), {
          code: "ECONNREFUSED",
          address: secretUrl,
          input: secretUrl,
        }),
      }),
    "that is no error": () => secretUrl,
    "with a name that tells": () =>
      Object.assign(new Error(secretUrl), { name: secretUrl, code: secretUrl }),
  };
  for (const [what, failure] of Object.entries(failures)) {
    test(`${what} contains neither a number nor an address`, async () => {
      const events = [];
      const ask = answering(
        async (url) => {
          if (!String(url).startsWith("https://store")) {
            return Response.json({ code: 200, data: { list: [{ luyinOssUrl: secretUrl }] } });
          }
          throw failure();
        },
        { recordingHosts: ["store.example"], onResponse: (event) => events.push(event) },
      );
      const path = await sealed(secretUrl, ask);
      const reply = await ask(new Request(`http://x${path}`));
      assert.equal(reply.status, 502);
      const said = inspect(events, { depth: 20, showHidden: true }) + (await reply.text());
      for (const secret of [number, "store.example", "Signature", "c2VjcmV0"]) {
        assert.ok(!said.includes(secret), said);
      }
      assert.ok(events.at(-1).error instanceof Error);
    });
  }

  test("has the code of the cause", async () => {
    const codes = [];
    for (const failure of Object.values(failures)) {
      const onResponse = ({ error }) => codes.push(error.code);
      await answering(() => Promise.reject(failure()), { onResponse })(new Request(tasks));
    }
    assert.deepEqual(codes, [
      "os error 111",
      "ConnectionRefused",
      "ECONNREFUSED",
      undefined,
      undefined,
    ]);
  });
});

describe("a server that repeats what it was sent", () => {
  const escaped = (text) =>
    [...text]
      .map((c) => (/\W/.test(c) ? `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}` : c))
      .join("");
  const spellings = {
    plainly: (sign) => JSON.stringify(sign),
    "with escapes": (sign) => `"${escaped(sign)}"`,
    "all in escapes": (sign) =>
      `"${[...sign].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`,
    "as in an address": (sign) => JSON.stringify(`sign=${encodeURIComponent(sign)}&x=1`),
    "without padding": (sign) => JSON.stringify(sign.replaceAll("=", "")),
    "as base64url": (sign) => JSON.stringify(sign.replaceAll("+", "-").replaceAll("/", "_")),
    "in HTML": (sign) => JSON.stringify(sign.replaceAll("=", "&#61;").replaceAll("+", "&#43;")),
    "as JSON in a text": (sign) => JSON.stringify(JSON.stringify({ headers: { sign } })),
    "as JSON in a text, with escapes": (sign) => JSON.stringify(`{"sign":"${escaped(sign)}"}`),
    "as a key": (sign) => `{${JSON.stringify(sign)}:1}`,
  };
  for (const [how, spelt] of Object.entries(spellings)) {
    test(`${how} does not give the signature away`, async () => {
      for (const options of [{}, { maskPhones: true }]) {
        const signs = [];
        const ask = answering(async (_url, { headers }) => {
          signs.push(headers.sign);
          return new Response(`{"code":401,"data":${spelt(headers.sign)},"resultMsg":null}`);
        }, options);
        const text = await (await ask(new Request(tasks))).text();
        const plain = text.replace(/\\+u([0-9a-f]{4})/gi, (_, code) =>
          String.fromCharCode(parseInt(code, 16)),
        );
        const [core] = signs[0].split(/\W+/).sort((one, other) => other.length - one.length);
        assert.ok(!plain.includes(core), text);
      }
    });
  }

  test("may send the words of a short key", async () => {
    const data = { list: [{ customerName: "a", jobName: "b c" }] };
    const ask = answering(data, { appKey: "a-b-c" });
    assert.deepEqual((await (await ask(new Request(tasks))).json()).data, data);
  });

  test("does not give away the first signature in the answer to a retry", async () => {
    const signs = [];
    const ask = answering(async (_url, { headers }) => {
      signs.push(headers.sign);
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      if (signs.length === 1)
        return Response.json({ code: 408, data: null }, { headers: { date } });
      return Response.json({ code: 200, data: { last: signs[0], now: signs[1] } });
    });
    const text = await (await ask(new Request(tasks))).text();
    assert.equal(signs.length, 2);
    assert.notEqual(signs[0], signs[1]);
    for (const sign of signs) assert.ok(!text.includes(sign.slice(0, -1)), text);
  });
});

describe("a stack trace", () => {
  const trace = { errorStackTrace: "at com.internal.Call" };
  for (const [where, data] of Object.entries({
    "in a text of JSON": { properties: JSON.stringify(trace) },
    "in JSON in JSON in a text": { properties: JSON.stringify({ extra: JSON.stringify(trace) }) },
    "in a list in a text": { x: [JSON.stringify([trace, { stackTrace: ["at com.internal"] }])] },
    "in the vendor's message": { resultMsg: ` ${JSON.stringify(trace)}` },
    "under an escaped name": { properties: '{"\\u0065rrorStackTrace":"at com.internal"}' },
  })) {
    test(`${where} is removed`, async () => {
      for (const options of [{}, { maskPhones: true }]) {
        const text = await (await answering(data, options)(new Request(tasks))).text();
        assert.doesNotMatch(text, /internal/);
        assert.match(text, /tackTrace/);
      }
    });
  }
});

describe("an answer that is expensive to scan", { timeout: 120_000 }, () => {
  const all = [{}, { maskPhones: true }, { maskPhones: true, recordingHosts: ["store.example"] }];
  /** Texts of an answer, long enough that a second look at all of it for each piece would not end. */
  const texts = {
    "nested objects": () => `${'{"a":'.repeat(400_000)}1${"}".repeat(400_000)}`,
    "nested objects of known names": () => `${'{"data":'.repeat(300_000)}1${"}".repeat(300_000)}`,
    "nested lists": () => `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`,
    "one string of 8.4 MB": () => JSON.stringify("a".repeat(8_400_000)),
    "one string of 30 MB": () => JSON.stringify("a 1".repeat(10_000_000)),
    "digits alone": () => JSON.stringify("1 ".repeat(4_000_000)),
    "backslashes alone": () => `"${"\\\\".repeat(4_000_000)}"`,
    "quotes alone": () => `"${'\\"'.repeat(4_000_000)}"`,
    "brackets in a text": () => JSON.stringify("[".repeat(8_000_000)),
    "many customers, and dates beside them": () =>
      JSON.stringify(
        Array.from({ length: 100_000 }, (_, at) => ({
          customerTelephone: `${13_000_000_000 + at}`,
          x: `2024-01-02 10 ${at}`,
        })),
      ),
    "a hundred thousand traces": () => `[${'{"errorStackTrace":{"a":"b"}},'.repeat(100_000)}1]`,
  };
  for (const [what, make] of Object.entries(texts)) {
    test(`${what} is answered`, async () => {
      const body = `{"code":200,"data":${make()},"resultMsg":"ok"}`;
      for (const options of all) {
        const reply = await answering(body, options)(new Request(tasks));
        assert.equal(reply.status, 200);
        const text = await reply.text();
        // Stars take the place of digits, one for one.
        assert.ok(text.length > body.length / 2);
      }
    });
  }

  test("more than 32 MB is refused", async () => {
    const body = JSON.stringify("a".repeat(32 * 1024 * 1024));
    assert.equal((await answering(body)(new Request(tasks))).status, 502);
  });
});

test("a server that does not speak HTTP counts as unreachable", async () => {
  for (const reply of [
    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 9\r\n\r\n{}{}{}{}",
    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
    "SSH-2.0-OpenSSH\r\n",
  ]) {
    const odd = createConnection((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(reply));
    });
    await once(odd.listen(0, "127.0.0.1"), "listening");
    const ask = proxyOf({ upstream: `http://127.0.0.1:${odd.address().port}`, timeout: 2000 });
    const { status } = await ask(new Request(tasks));
    assert.equal(status, 502, reply);
    odd.close();
  }
});
