// Attacks of hostile upstreams on the proxy, on Web standards alone: the same in Node, Deno, Bun and Workers. Each
// entry is a name and a test of `byrobot-calls/server`. `store` is the address of a real file store (file-store.mjs);
// the runtime's own fetch decodes its bytes. Attacks in Node alone: proxy-upstream.test.mjs.
import { keys, same } from "./proxy-of.mjs";

const number = "13812345678";
const call = "https://page.test/openapi/v1/task/phoneLogInfo?callInstanceId=1";
const audio = { "content-type": "audio/wav" };

/** A proxy whose vendor has this data, and whose store answers so. */
function proxyOf(server, data, { sound, ...options } = {}) {
  const fetch = async (url, init) => {
    if (sound && String(url).endsWith(".wav")) return sound(url, init);
    if (typeof data === "function") return data(url, init);
    return Response.json({ code: 200, data, resultMsg: "" });
  };
  const fixed = { ...keys, authorize: () => true, fetch, recordingHosts: ["store.test"] };
  const proxy = server.createProxy({ ...fixed, ...options });
  return (path = call, init) => proxy(new Request(new URL(path, call), init));
}

/** The answer of the proxy for a recording that the store answers so. */
async function recording(server, sound, init, options) {
  const data = { sceneInstance: { luyinOssUrl: `https://store.test/${number}.wav` } };
  const ask = proxyOf(server, data, { sound, ...options });
  const { sceneInstance } = (await (await ask()).json()).data;
  return ask(sceneInstance.luyinOssUrl, init);
}

/** What became of a body: its length, or that it broke off. */
const lengthOf = (response) =>
  response.arrayBuffer().then(
    ({ byteLength }) => byteLength,
    () => "broken off",
  );

const bodyOf = (...parts) =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });

export const upstreams = {
  "a recording that is encoded is refused": async (server) => {
    for (const encoding of ["gzip", "br", "deflate", "x-gzip", "other"]) {
      const sound = () =>
        new Response("RIFF", { headers: { ...audio, "content-encoding": encoding } });
      for (const method of ["GET", "HEAD"]) {
        same((await recording(server, sound, { method })).status, 502, encoding);
      }
    }
  },

  "a recording that a real store encodes never gets longer than it says": async (server, store) => {
    if (store === undefined) return;
    const { hostname, port } = new URL(store);
    const recordingHosts = [`http://${hostname}:${port}`];
    for (const path of ["gzip", "deflate", "br", "gzip-206", "plain"]) {
      for (const method of ["GET", "HEAD"]) {
        const data = { sceneInstance: { luyinOssUrl: `${store}/${path}.wav` } };
        const sound = (url, init) => fetch(url, init);
        const ask = proxyOf(server, data, { sound, recordingHosts });
        const link = (await (await ask()).json()).data.sceneInstance.luyinOssUrl;
        const headers = path.endsWith("206") ? { range: "bytes=0-99" } : {};
        const reply = await ask(link, { method, headers });
        if (path === "plain") {
          const length = method === "GET" ? 5000 : 0;
          same([reply.status, await lengthOf(reply)], [200, length], path);
          continue;
        }
        // A runtime that does not tell of the encoding still must not send more than was said.
        if (reply.status === 502) continue;
        const length = await lengthOf(reply);
        const said = reply.headers.get("content-length");
        if (length !== "broken off" && method === "GET") same(length, Number(said ?? length), path);
      }
    }
  },

  "a recording is as long as it says, or breaks off": async (server) => {
    for (const [length, parts, outcome] of [
      ["4", ["0123"], 4],
      ["4", ["0123", "4"], "broken off"],
      ["4", ["0123456789"], "broken off"],
      ["4", ["01"], "broken off"],
    ]) {
      const headers = { ...audio, "content-length": length };
      const reply = await recording(server, () => new Response(bodyOf(...parts), { headers }));
      same(await lengthOf(reply), outcome, parts.join());
    }
  },

  "a part of a recording is the one that was asked for, or refused": async (server) => {
    const part = (range) => () =>
      new Response("0123", {
        status: 206,
        headers: { ...audio, ...(range && { "content-range": range }) },
      });
    const asked = { headers: { range: "bytes=0-3" } };
    same(await lengthOf(await recording(server, part("bytes 0-3/10"), asked)), 4);
    for (const range of ["bytes 0-9/10", "bytes 3-0/10", "bytes */10", undefined]) {
      const reply = await recording(server, part(range), asked);
      if (reply.status === 206) same(await lengthOf(reply), "broken off", range);
      else same(reply.status, 502, range);
    }
    same((await recording(server, part("bytes 0-3/10"))).status, 502);
  },

  "a part that cannot be had has neither body nor type": async (server) => {
    const headers = { "content-type": "text/html", "content-range": "bytes */10" };
    const sound = () => new Response("<script>", { status: 416, headers });
    const reply = await recording(server, sound, { headers: { range: "bytes=99-" } });
    same([reply.status, await reply.text(), reply.headers.get("content-type")], [416, "", null]);
  },

  "a recording that stands still is given up": async (server) => {
    const still = () => new Response(new ReadableStream({}), { headers: audio });
    const reply = await recording(server, still, {}, { timeout: 200 });
    same(await lengthOf(reply), "broken off");
  },

  "a clock of another century is not believed": async (server) => {
    for (const date of [
      "Sat, 13 Sep 275760 00:00:00 GMT",
      "Thu, 01 Jan 2037 00:00:00 GMT",
      "soon",
    ]) {
      const signed = [];
      const ask = proxyOf(server, (_url, { headers }) => {
        signed.push(Math.abs(Date.parse(headers.datetime) - Date.now()) < 60_000);
        return Response.json({ code: 408, data: null }, { headers: { date } });
      });
      await ask();
      await ask();
      same(signed, [true, true], date);
    }
  },

  "a clock that is an hour ahead is followed by all requests": async (server) => {
    const ahead = 3_600_000;
    const ask = proxyOf(server, async (_url, { headers }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const isOld = Date.parse(headers.datetime) < Date.now() + ahead - 180_000;
      const date = new Date(Date.now() + ahead).toUTCString();
      return Response.json({ code: isOld ? 408 : 200, data: null }, { headers: { date } });
    });
    const replies = await Promise.all(Array.from({ length: 5 }, () => ask()));
    same(
      await Promise.all(replies.map(async (reply) => (await reply.json()).code)),
      Array(5).fill(200),
    );
  },

  "only the fields of recordings are sealed": async (server) => {
    const link = "https://store.test/a.wav";
    const data = {
      list: [{ luyinOssUrl: link }],
      customerName: link,
      other: { luyinOssUrl: link },
      sceneInstance: {
        propertiesMap: { luyinOssUrl: link },
        properties: `{"luyinOssUrl":"${link}"}`,
      },
    };
    const text = await (await proxyOf(server, data)()).text();
    same(text.match(/\/recordings\//g).length, 1);
  },

  "tokens of recordings are this proxy's alone": async (server) => {
    const data = { list: [{ luyinOssUrl: "https://store.test/a.wav" }] };
    const linkOf = async (ask) => (await (await ask()).json()).data.list[0].luyinOssUrl;
    const ask = proxyOf(server, data);
    const other = proxyOf(server, data, { appSecret: "AnotherSecret000000000000" });
    const link = await linkOf(ask);
    same(link, await linkOf(ask));
    same((await other(link)).status, 404);
    // Its store answers with JSON, which is no sound.
    same((await ask(link)).status, 502);
  },

  "nothing private is in what a log hears": async (server) => {
    const events = [];
    const sound = async (url) => {
      throw Object.assign(new TypeError(`error sending request for url (${url})`), { path: url });
    };
    const reply = await recording(server, sound, {}, { onResponse: (event) => events.push(event) });
    same(reply.status, 502);
    const { error } = events.at(-1);
    const properties = Object.getOwnPropertyNames(error).map((name) => error[name]);
    const said = [error, ...properties].join() + JSON.stringify(events) + (await reply.text());
    if (said.includes(number) || said.includes("store.test"))
      throw new Error("the address is there");
  },

  "no spelling of the signature comes back": async (server) => {
    for (const spelt of [
      (sign) => JSON.stringify(sign),
      (sign) => JSON.stringify(encodeURIComponent(sign)),
      (sign) => JSON.stringify(sign.replaceAll("=", "")),
      (sign) => `"${sign.replaceAll("=", "\\u003d")}"`,
      (sign) => JSON.stringify(JSON.stringify({ sign })),
    ]) {
      const signs = [];
      const ask = proxyOf(server, (_url, { headers }) => {
        signs.push(headers.sign);
        return new Response(`{"code":401,"data":${spelt(headers.sign)}}`);
      });
      const text = await (await ask()).text();
      const [part] = signs[0].split(/\W+/).sort((one, other) => other.length - one.length);
      if (text.includes(part)) throw new Error(text);
    }
  },

  "no stack trace passes, in a text of JSON either": async (server) => {
    const trace = { errorStackTrace: "at com.internal" };
    const data = {
      ...trace,
      list: [{ properties: JSON.stringify({ in: JSON.stringify(trace) }) }],
    };
    for (const maskPhones of [false, true]) {
      const text = await (await proxyOf(server, data, { maskPhones })()).text();
      if (text.includes("internal")) throw new Error(text);
    }
  },

  "masked, no spelling of a number passes": async (server) => {
    const data = {
      list: [
        "138 - 1234 - 5678",
        "１３８１２３４５６７８",
        "138\u200b1234\u200b5678",
        "١٣٨١٢٣٤٥٦٧٨",
      ].map((customerName) => ({ customerName, loginAccount: Number(number), cost: 1234567 })),
    };
    const text = await (await proxyOf(server, data, { maskPhones: true })()).text();
    for (const row of JSON.parse(text).data.list) {
      same([row.cost, row.loginAccount], [1234567, "138****5678"]);
      if (!row.customerName.includes("*")) throw new Error(row.customerName);
    }
  },
};

/** Runs all; gives how many there were. */
export async function runAll(server, store) {
  for (const [name, check] of Object.entries(upstreams)) {
    try {
      await check(server, store);
    } catch (error) {
      throw new Error(`${name}: ${error?.stack ?? error}`);
    }
  }
  return Object.keys(upstreams).length;
}
