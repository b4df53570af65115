// "Before it goes live" in docs/server.md: each item of the list has a check of the package here, and each check has an
// item. SECURITY.md names files that exist.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer, request } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { operations, proxyOf } from "../package/proxy-of.mjs";
import { install, root } from "../package/installation.mjs";
import { namesIn, read } from "./documents.mjs";

const [, rest] = read("docs/server.md").split("## Before it goes live");
const [section] = rest.split("\n\nA bundler");
/** What each item says in bold. */
const items = [...section.matchAll(/^- \[ \] \*\*(.*?)\*\*/gms)].map(([, lead]) =>
  lead.replace(/\s+/g, " "),
);

const one = { company: 1, task: 11, call: 110 };
const two = { company: 2, task: 21, call: 210 };
const keys = { appKey: "TestAppKey0000000000", appSecret: "TestSecret00000000000000000000" };

let project, server, client;
before(async () => {
  project = await install();
  [server, client] = await Promise.all(
    ["byrobot-calls/server", "byrobot-calls"].map((name) => project.import(name)),
  );
});
after(() => project?.remove());

const status = async (options, given = operations.getTasks(one)) =>
  (await proxyOf(server, options).ask(...given)).status;

/** A command that has to fail: what it says. */
async function refused(...args) {
  const cli = project.path("node_modules/byrobot-calls/dist/cli.js");
  const { code, stderr } = await project.run(process.execPath, [cli, ...args]);
  assert.equal(code, 2);
  return stderr;
}

const checks = {
  async "`authorize` looks up a real session."() {
    assert.throws(() => server.createProxy(keys), /authorize is required/);
    for (const said of [undefined, "yes", 1, {}]) {
      assert.equal(await status({ authorize: () => said }), 401);
    }
    assert.equal(await status({ authorize: () => true }), 200);
    assert.equal(await status({ authorize: () => ({ allow: true }) }), 200);
  },
  async "It names the `tenant`,"() {
    const authorize = () => ({ allow: true, tenant: { companyIds: [1] } });
    for (const operation of Object.values(operations)) {
      assert.equal(await status({ authorize }, operation(one)), 200);
      assert.equal(await status({ authorize }, operation(two)), 403);
    }
  },
  async "It names a `limitKey`,"() {
    assert.equal(await status({ authorize: () => ({ allow: true, limitKey: "7" }) }), 200);
    assert.equal(await status({ authorize: () => ({ allow: true, limitKey: "" }) }), 500);
  },
  async "The keys are in the environment or a secret store:"() {
    for (const command of ["proxy", "sandbox"]) {
      assert.match(await refused(command, "--app-secret", "x"), /from the environment alone/);
    }
    assert.throws(() => new client.ByrobotClient({ appSecret: "x" }), /appSecret/);
    const inPages = await import(project.path("node_modules/byrobot-calls/dist/server-browser.js"));
    assert.throws(() => inPages.createProxy(keys), /must not be in a page/);
  },
  async "`recordingHosts` names the bucket of your recordings,"() {
    const make = (host) => () =>
      server.createProxy({ ...keys, authorize: () => true, recordingHosts: [host] });
    assert.throws(make("*.oss-cn-hangzhou.aliyuncs.com"), /bucket/);
    make("bucket.oss-cn-hangzhou.aliyuncs.com")();
  },
  async "`recordingDays` is set,"() {
    const linkOf = async (options) => {
      const { ask } = proxyOf(server, { authorize: () => true, ...options });
      return (await ask(...operations.phoneLogInfo(one))).data.phoneLog.luyinOssUrl;
    };
    assert.match(await linkOf({ recordingDays: 1 }), /\?until=/);
    assert.doesNotMatch(await linkOf({}), /\?/);
  },
  async "HTTPS is in front, and nothing caches answers."() {
    for (const said of [true, false]) {
      const { ask } = proxyOf(server, { authorize: () => said });
      const { headers } = await ask(...operations.getTasks(one));
      assert.equal(headers.get("cache-control"), "no-store");
    }
  },
  async "Nothing passes requests on to a proxy without `authorize`."() {
    let handle;
    const middlewares = { use: (path, handler) => (handle = handler) };
    server.byrobotProxy(keys).configureServer({ middlewares });
    const listener = createServer((message, reply) => handle(message, reply));
    await once(listener.listen(0, "127.0.0.1"), "listening");
    const { port } = listener.address();
    for (const [headers, wanted] of [
      [{}, 200],
      [{ "x-forwarded-for": "203.0.113.7" }, 403],
    ]) {
      const sent = request({ port, host: "127.0.0.1", path: "/health", headers, agent: false });
      const [reply] = await once(sent.end(), "response");
      reply.resume();
      assert.equal(reply.statusCode, wanted);
    }
    listener.close();
    assert.match(await refused("proxy", "--host", "0.0.0.0"), /is not in the environment|token/);
  },
  async "`onResponse` writes to your log, and your monitoring asks `…/health`."() {
    const events = [];
    const { ask } = proxyOf(server, {
      authorize: () => false,
      onResponse: (event) => void events.push(event),
    });
    assert.equal((await ask("/health")).status, 200);
    assert.equal((await ask(...operations.getTasks(one))).status, 401);
    assert.deepEqual(
      events.map(({ endpoint, status, error }) => [endpoint, status, error]),
      [
        ["health", 200, null],
        ["getTasks", 401, null],
      ],
    );
  },
  async "Sign-out clears the browser."() {
    assert.equal(typeof client.indexedDbStore().clear, "function");
  },
  async "`await client.diagnose()` in the page's console reports no fault."() {
    const { handle } = proxyOf(server, { authorize: () => true });
    const fetch = (url, init) => handle(new Request(url, init));
    const api = new client.ByrobotClient({ baseUrl: "https://page.test/byrobot", fetch });
    const found = await api.diagnose({ companyId: 1 });
    assert.ok(found.length > 3);
    assert.deepEqual(
      found.filter(({ ok }) => ok === false),
      [],
    );
  },
};

describe("before it goes live", () => {
  test("the list has an item for each check, and each item a check", () => {
    assert.deepEqual(items, Object.keys(checks));
  });
  for (const [item, check] of Object.entries(checks)) test(item, check);
});

test("SECURITY.md names files that exist, and says that an address is missing", () => {
  const text = read("SECURITY.md");
  const files = namesIn(text).filter((name) => /^(tests|docs|pkg)\//.test(name));
  assert.ok(files.length >= 2);
  assert.deepEqual(
    files.filter((file) => !existsSync(join(root, file))),
    [],
  );
  // Nobody but the owner can name one; the sentence goes when there is one.
  assert.match(text, /owner has to name an address here|mailto:|\/security\/advisories/);
});
