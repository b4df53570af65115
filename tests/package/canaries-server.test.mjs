// The server side gives nothing private away: the proxy, its events and its log, the sandbox, and the command line, with
// canaries in keys, requests and answers. Not here: the client (canaries.test.mjs).
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { describe, test } from "node:test";
import { createSandbox } from "byrobot-calls/sandbox";
import { byrobotProxy, createProxy, sign } from "byrobot-calls/server";
import { canaries, canariesIn, keys, listening, people, planting, printed } from "./canaries.mjs";
import { api, post, start } from "./command.mjs";

const credentials = { appKey: canaries.appKey, appSecret: canaries.secret };
const told = Object.values(canaries).join(" ");
const page = { authorization: canaries.token, cookie: `session=${canaries.signature}` };
const url = `https://page.example/byrobot${api}`;

/** A request for a page of tasks by name, of calls, of a transcript, and some that are refused. */
const requests = () => [
  new Request(`${url}/getTasks?companyId=1&taskName=${encodeURIComponent(canaries.name)}`, { headers: page }), // prettier-ignore
  new Request(`${url}/queryDoneTaskPhones`, { ...post({ callJobId: 1, resultQueryList: [{ name: "a", value: canaries.name }] }), headers: { ...page, "content-type": "application/json" } }), // prettier-ignore
  new Request(`${url}/phoneLogInfo?callInstanceId=1`, { headers: page }),
  new Request(`${url}/getTasks?companyId=${canaries.phone}${encodeURIComponent(canaries.name)}`, { headers: page }), // prettier-ignore
  new Request(`${url}/${encodeURIComponent(told)}`, { headers: page }),
  new Request("https://page.example/byrobot/recordings/none", { headers: page }),
  new Request("https://page.example/byrobot/health", { headers: page }),
];

function assertQuiet(given, what, permitted = []) {
  const found = canariesIn(given).filter((kind) => !permitted.includes(kind));
  assert.deepEqual(found, [], `${what}: ${String(given).slice(0, 2000)}`);
}

/** What answers of upstreams may be. */
const upstreams = {
  "repeats everything in its words": async () => Response.json({ code: 200, resultMsg: told, data: null }), // prettier-ignore
  "repeats the keys in data": async () => Response.json({ code: 200, data: { list: [{ jobName: `${canaries.signature} ${canaries.appKey} ${canaries.secret}` }] } }), // prettier-ignore
  "fails in words": async () => new Response(told, { status: 502 }),
  "fails as a page": async () => new Response(`<p>${told}`, { status: 200, headers: { "content-type": "text/html" } }), // prettier-ignore
  "repeats them in headers": async () => new Response('{"code":500,"data":null}', { status: 500, headers: { "x-sign": canaries.signature, "x-secret": canaries.secret, "set-cookie": canaries.token } }), // prettier-ignore
  "throws them": async () => {
    throw Object.assign(new TypeError(`fetch failed: ${told}`), { url: told, cause: new Error(told) }); // prettier-ignore
  },
  "redirects with them": async () => new Response(null, { status: 302, headers: { location: `https://other.example/?${encodeURIComponent(told)}` } }), // prettier-ignore
};

describe("a proxy", () => {
  for (const [what, fetch] of Object.entries(upstreams)) {
    test(`whose upstream ${what} gives no key away, and logs nothing private`, async () => {
      const events = [];
      const signed = [];
      const upstream = async (address, init) => {
        signed.push(new Headers(init?.headers).get("sign"));
        return fetch();
      };
      const proxy = createProxy({ ...credentials, upstream: "https://vendor.example", authorize: () => true, fetch: upstream, maskPhones: true, onResponse: (event) => void events.push(event) }); // prettier-ignore
      const said = await listening(async () => {
        for (const request of requests()) {
          const answer = await proxy(request);
          const text = `${printed([...answer.headers])}\n${await answer.text()}`;
          // An answer is for the page: it may have people in it, but no numbers here.
          assertQuiet(text, `the answer to ${request.url}`, ["name", "speech", "token"].filter((kind) => kind !== "token" || what.includes("words"))); // prettier-ignore
          for (const one of signed) if (one) assert.ok(!text.includes(one), "a real signature");
        }
      });
      assert.equal(events.length, requests().length);
      assertQuiet(events.map(printed).join("\n"), "events");
      assertQuiet(said, "the console");
      assertQuiet(printed(proxy), "the proxy");
    });
  }

  test("whose hooks throw says so to the log as it is, and not to the page", async () => {
    const events = [];
    const thrown = new Error("mine");
    const authorize = () => Promise.reject(thrown);
    const proxy = createProxy({ ...credentials, authorize, onResponse: (event) => void events.push(event) }); // prettier-ignore
    const answer = await proxy(requests()[0]);
    assert.equal(events[0].error, thrown, "it is documented");
    assertQuiet(await answer.text(), "the answer");
  });

  test("and signatures refuse keys without repeating them", async () => {
    const wrong = `${canaries.secret}\n${canaries.phone}`;
    const refusals = [
      () => createProxy({ ...credentials, appSecret: wrong, authorize: () => true }),
      () => createProxy({ ...credentials, authorize: told }),
      () => createProxy({ ...credentials, authorize: () => true, upstream: told }),
      () => byrobotProxy({ ...credentials, path: told }),
      () => sign(canaries.appKey, wrong),
      () => sign(wrong, canaries.secret),
      () => sign(canaries.appKey, canaries.secret, told),
    ];
    for (const refused of refusals) {
      await assert.rejects(async () => refused(), (error) => (assertQuiet(printed(error), String(refused)), true)); // prettier-ignore
    }
    const signature = await sign(canaries.appKey, canaries.secret);
    assert.deepEqual(canariesIn(printed(signature)), ["appKey"], "a header of every request");
  });
});

describe("a sandbox", () => {
  test("that checks signatures tells neither key nor secret", async () => {
    const sandbox = await createSandbox({ ...credentials, requireSignature: true, control: true, tasks: 2 }); // prettier-ignore
    const base = "https://vendor.example";
    for (const [path, init] of [
      [`${api}/getTasks?companyId=1`, { headers: { appkey: canaries.appKey, sign: canaries.signature, datetime: "now" } }], // prettier-ignore
      [`${api}/getTasks?companyId=1`, {}],
      ["/sandbox/control", {}],
      ["/sandbox/control", post({ seed: told })],
      ["/", {}],
    ]) {
      const answer = await sandbox.fetch(base + path, init);
      assertQuiet(`${printed([...answer.headers])}${await answer.text()}`, path, ["phone"]);
    }
    assertQuiet(printed(sandbox) + printed(sandbox.truth), "the sandbox");
    sandbox.free();
    await assert.rejects(sandbox.fetch(base), (error) => (assertQuiet(printed(error), "freed"), true)); // prettier-ignore
  });

  test("refuses options without repeating keys", async () => {
    for (const options of [
      { ...credentials, seed: told },
      { ...credentials, tasks: -1 },
      { ...credentials, faults: { http500: 2 } },
    ]) {
      // prettier-ignore
      await assert.rejects(createSandbox(options), (error) => (assertQuiet(printed(error), "options"), true)); // prettier-ignore
    }
  });
});

describe("the command line", () => {
  const env = { BYROBOT_APP_KEY: canaries.appKey, BYROBOT_APP_SECRET: canaries.secret };

  test("logs nothing private as a proxy of a sandbox", async () => {
    const vendor = await start(env, "sandbox", "--port", "0", "--tasks", "2", "--require-signature"); // prettier-ignore
    const proxy = await start(env, "proxy", "--port", "0", "--upstream", vendor.url, "--mask-phones"); // prettier-ignore
    for (const { url } of requests()) {
      const path = new URL(url).pathname.replace("/byrobot", "") + new URL(url).search;
      const answer = await sent(proxy.url + path, { authorization: canaries.token });
      assertQuiet(answer, path, ["name"]);
    }
    for (const { stop, ended } of [proxy, vendor]) {
      stop();
      const { output, errors } = await ended;
      assertQuiet(output + errors, "the log");
    }
  });

  test("refuses wrong flags and keys without repeating keys", async () => {
    const runs = [
      [env, "proxy", "--port", canaries.phone],
      [env, "proxy", "--upstream", "nowhere"],
      [{ ...env, BYROBOT_APP_SECRET: `${canaries.secret} ${canaries.token}` }, "proxy"],
      [env, "sandbox", "--fault", "none"],
      [env, "nothing"],
    ];
    for (const [environment, ...args] of runs) {
      const { ended } = await start(environment, ...args);
      const { code, output, errors } = await ended;
      assert.notEqual(code, 0);
      // A wrong argument is repeated, so that it can be found.
      assertQuiet(output + errors, args.join(" "), ["phone"]);
    }
  });
});

/** The body of an answer with its headers. */
const sent = (address, headers) =>
  new Promise((resolve, reject) => {
    const request = httpRequest(address, { headers }, (answer) => {
      let text = printed(answer.headers);
      answer.setEncoding("utf8").on("data", (data) => (text += data));
      answer.on("end", () => resolve(text));
    });
    request.once("error", reject).end();
  });

test("each kind of canary is planted", () => {
  assert.deepEqual(canariesIn(told).sort(), [...keys, ...people].sort());
  assert.equal(typeof planting, "function");
});
