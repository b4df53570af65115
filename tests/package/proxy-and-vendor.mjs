// A proxy between the client of the package and a sandbox behind a socket that checks signatures.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { after, before } from "node:test";
import { small } from "./everything.mjs";
import { install } from "./installation.mjs";
import { keys } from "./proxy-of.mjs";

export { keys };

export let project, server, client, sandboxes;
export const open = [];

before(async () => {
  project = await install();
  [server, client, sandboxes] = await Promise.all(
    ["byrobot-calls/server", "byrobot-calls", "byrobot-calls/sandbox"].map(project.import),
  );
});
after(async () => {
  for (const close of open) close();
  await project?.remove();
});

/** A handler of Requests behind a socket. */
export async function listen(handler) {
  const listener = createServer(server.toNodeHandler(handler));
  await once(listener.listen(0, "127.0.0.1"), "listening");
  open.push(() => {
    listener.close();
    listener.closeAllConnections();
  });
  return `http://127.0.0.1:${listener.address().port}`;
}

/** A vendor that checks signatures, and remembers its requests. */
export async function vendor(options) {
  const sandbox = await sandboxes.createSandbox({
    ...small,
    ...keys,
    requireSignature: true,
    ...options,
  });
  open.push(() => sandbox.free());
  const requests = [];
  const url = await listen((request) => {
    requests.push(request);
    return sandbox.handle(request);
  });
  return { url, requests };
}

/** A proxy of it behind a socket, at a path. */
export async function proxyOf({ url: upstream }, options = {}) {
  const recordingHosts = [upstream];
  const handler = server.createProxy({
    ...keys,
    upstream,
    recordingHosts,
    authorize: () => true,
    ...options,
  });
  return `${await listen(handler)}/byrobot`;
}

export const clientOf = (baseUrl, options) =>
  new client.ByrobotClient({ baseUrl, retry: false, ...options });

/** Each of the five, once. */
export async function fiveCalls(api) {
  const tasks = await api.getTasks({ companyId: 1, pageSize: 5 });
  const { callJobId } = tasks.list.find(({ status }) => status === 1) ?? tasks.list[0];
  const done = await api.queryDoneTaskPhones({ callJobId, pageSize: 50 });
  const { callInstanceId } = done.list[0];
  return {
    tasks,
    detail: await api.getTaskDetail({ companyId: 1, taskId: callJobId }),
    done,
    waiting: await api.notDialedCustomerList({ taskId: callJobId, pageSize: 50 }),
    call: await api.phoneLogInfo({ callInstanceId }),
  };
}

/** What stands in a rejection; fails on success. */
export const codeOf = (promise) =>
  promise.then(
    () => assert.fail("it resolved"),
    (error) => error.code ?? error,
  );
