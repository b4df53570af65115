// `byrobot-calls proxy` as a process, between a client and a sandbox in another process.
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { networkInterfaces } from "node:os";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { ended, install } from "./installation.mjs";

const keys = {
  BYROBOT_APP_KEY: "TestAppKey0000000000",
  BYROBOT_APP_SECRET: "TestSecret00000000000000000000",
};
const token = "a token of sixteen letters and more";
const getTasks = "/openapi/v1/task/getTasks?companyId=1";

let project, upstream;
const children = [];
before(async () => {
  project = await install();
  upstream = await start(keys, "sandbox", "--port", "0", "--tasks", "4", "--require-signature");
});
after(async () => {
  for (const child of children) child.kill("SIGKILL");
  await project?.remove();
});

/** Starts a command; the address that it says it listens at. */
async function start(env, ...args) {
  const cli = project.path("node_modules/byrobot-calls/dist/cli.js");
  const child = project.start(process.execPath, [cli, ...args], { env });
  children.push(child);
  const end = ended(child);
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (text) => {
      const [url] = (said += text).match(/http:\/\/[\w.:[\]]+/) ?? [];
      if (url) resolve(url);
    });
    end.then(({ stdout, stderr }) => reject(new Error(stdout + stderr)));
  });
}

const proxy = (env, ...args) =>
  start({ ...keys, ...env }, "proxy", "--port", "0", "--upstream", upstream, ...args);

/** The status of an answer to a request with this Host. */
const statusFor = (url, host) =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers: { host } }, (answer) => resolve(answer.statusCode));
    sent.once("error", reject).end();
  });

describe("byrobot-calls proxy", () => {
  test("signs what the client of the package asks", async () => {
    const { ByrobotClient } = await project.import();
    const client = new ByrobotClient({ baseUrl: await proxy({}, "--mask-phones") });
    const { list } = await client.getTasks({ companyId: 1 });
    assert.equal(list.length, 4);
    const { callJobId } = list.find(({ status }) => status === 2) ?? list[0];
    const calls = await client.queryDoneTaskPhones({ callJobId });
    for (const call of calls.list) assert.match(call.customerTelephone, /\*{4}/);
  });

  test("without a token serves this machine under its own names, and no others", async () => {
    const url = (await proxy()) + getTasks;
    const { port } = new URL(url);
    for (const host of [`localhost:${port}`, "127.0.0.1", `[::1]:${port}`]) {
      assert.equal(await statusFor(url, host), 200);
    }
    for (const host of [
      `evil.example:${port}`,
      "localhost.evil.example",
      "127.0.0.1.evil.example",
    ]) {
      assert.equal(await statusFor(url, host), 403);
    }
  });

  test("with a token serves those who have it, from wherever they are", async () => {
    const addresses = Object.values(networkInterfaces()).flat();
    const outer = addresses.find(({ family, internal }) => family === "IPv4" && !internal);
    const host = outer?.address ?? "127.0.0.1";
    const url = (await proxy({ BYROBOT_PROXY_TOKEN: token }, "--host", host)) + getTasks;
    const status = async (headers) => (await fetch(url, { headers })).status;
    assert.equal(await status({ authorization: `Bearer ${token}` }), 200);
    for (const authorization of ["", "Bearer", `Bearer ${token}x`, token, "Bearer undefined"]) {
      assert.equal(await status({ authorization }), 401);
    }
    assert.equal(await status({}), 401);
  });

  for (const [what, named, env, ...args] of [
    ["no secret", /BYROBOT_APP_SECRET is not/, { BYROBOT_APP_SECRET: "" }],
    ["a short token", /too short/, { BYROBOT_PROXY_TOKEN: "short" }],
    ["others without a token", /give them a token/, {}, "--host", "0.0.0.0"],
    ["a wrong upstream", /upstream has to be/, {}, "--upstream", "nowhere"],
    ["a wrong host of recordings", /recordingHosts/, {}, "--recording-host", "*"],
    ["a secret with a blank", /appSecret has a blank/, { BYROBOT_APP_SECRET: "se cret-7" }],
  ]) {
    test(`${what}: reports it, and does not start`, async () => {
      const error = await proxy(env, ...args).catch(({ message }) => message);
      assert.match(error, named);
      assert.doesNotMatch(error, /^\s+at /m);
      for (const secret of [keys.BYROBOT_APP_SECRET, "se cret-7"])
        assert.ok(!error.includes(secret));
    });
  }
});
