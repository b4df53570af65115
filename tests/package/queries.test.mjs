// The query factories with TanStack Query's core in Node, and with React, TanStack Query and SWR in a browser.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/query-core";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/browser.mjs";
import { install, root } from "./installation.mjs";
import { serveSite, world } from "./servers.mjs";

let project, calls, sandbox;
before(async () => {
  project = await install();
  calls = await project.import();
  const { createSandbox } = await project.import("byrobot-calls/sandbox");
  sandbox = await createSandbox(world);
});
after(async () => {
  sandbox?.free();
  await project?.remove();
});

/** A client of the sandbox, and what it has sent. */
function asking(options = {}) {
  const sent = [];
  const fetch = (...request) => {
    sent.push(request);
    return sandbox.fetch(...request);
  };
  const client = new calls.ByrobotClient({ baseUrl: "https://sandbox.test", fetch, ...options });
  return { client, sent, ask: calls.queries(client) };
}

describe("TanStack Query", () => {
  test("fetches each of the five calls once for a key", async () => {
    const { client, sent, ask } = asking();
    const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    const tasks = await cache.fetchQuery(ask.tasks({ companyId: 1 }));
    const { callJobId } = tasks.list.find((task) => task.callJobId !== undefined);
    assert.deepEqual(tasks, await client.getTasks({ companyId: 1 }));
    const detail = { companyId: 1, taskId: callJobId };
    assert.deepEqual(
      await cache.fetchQuery(ask.taskDetail(detail)),
      await client.getTaskDetail(detail),
    );
    const done = await cache.fetchQuery(ask.doneCalls({ callJobId }));
    assert.deepEqual(done, await client.queryDoneTaskPhones({ callJobId }));
    assert.deepEqual(
      await cache.fetchQuery(ask.undialedCustomers({ taskId: callJobId })),
      await client.notDialedCustomerList({ taskId: callJobId }),
    );
    const { callInstanceId } = done.list[0];
    assert.deepEqual(
      await cache.fetchQuery(ask.callDetail({ callInstanceId })),
      await client.phoneLogInfo({ callInstanceId }),
    );
    const before = sent.length;
    await cache.fetchQuery(ask.tasks({ pageSize: undefined, companyId: 1 }));
    assert.equal(sent.length, before, "the same question, asked again");
    await cache.fetchQuery(ask.tasks({ companyId: 1, pageSize: 5 }));
    assert.equal(sent.length, before + 1);
  });

  test("aborts the request when no component waits for it", async () => {
    let signal;
    const fetch = (_, init) => {
      signal = init.signal;
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    const { ask } = asking({ fetch });
    for (const [Observer, query] of [
      [QueryObserver, ask.taskDetail({ companyId: 1, taskId: 1 })],
      [InfiniteQueryObserver, ask.doneCallsPages({ callJobId: 1 })],
    ]) {
      signal = undefined;
      const stop = new Observer(new QueryClient(), query).subscribe(() => {});
      while (signal === undefined) await new Promise((later) => setTimeout(later));
      assert.equal(signal.aborted, false);
      stop();
      // For ever, and the test with it, if nobody aborts.
      while (!signal.aborted) await new Promise((later) => setTimeout(later));
    }
  });

  test("reads a list up to its last page", async () => {
    const { client, ask } = asking();
    for await (const { callJobId } of client.tasks({ companyId: 1 })) {
      for (const [query, all] of [
        [ask.doneCallsPages({ callJobId, pageSize: 7 }), client.doneCalls({ callJobId })],
        [
          ask.undialedCustomersPages({ taskId: callJobId, pageSize: 7 }),
          client.undialedCustomers({ taskId: callJobId }),
        ],
      ]) {
        const { pages } = await new QueryClient().fetchInfiniteQuery({ ...query, pages: 10_000 });
        const rows = pages.flatMap((page) => page.list);
        assert.deepEqual(rows, await all.toArray());
        assert.ok(pages.length <= Math.floor(rows.length / 7) + 1, `${pages.length} pages`);
      }
    }
  });

  test("does not retry after the client's retries", async () => {
    const sent = [];
    const fetch = async (request) => {
      sent.push(request);
      return new Response("{}", { status: 503 });
    };
    const { ask } = asking({ fetch, retry: { attempts: 2, minDelay: 1 } });
    const failed = new QueryClient().fetchQuery(ask.tasks({ companyId: 1 }));
    await assert.rejects(failed, (error) => calls.isByrobotError(error) && error.code === "server");
    assert.equal(sent.length, 2);
  });
});

describe("keys", () => {
  test("are plain JSON, and differ only by server, endpoint and query", () => {
    const headers = { authorization: "Bearer secret" };
    const { ask } = asking({ baseUrl: "https://one.test/api/", headers });
    const query = { callJobId: 62, finishStatus: 0, index: undefined };
    const { queryKey } = ask.doneCalls(query);
    query.callJobId = 63;
    const plain = ["byrobot-calls", "https://one.test/api", "queryDoneTaskPhones"];
    assert.deepEqual(queryKey, [...plain, { callJobId: 62, finishStatus: 0 }]);
    assert.deepEqual(ask.doneCallsPages({ callJobId: 62 }).queryKey, [
      ...plain,
      { callJobId: 62 },
      "pages",
    ]);
    const others = asking({ baseUrl: "https://two.test" }).ask;
    assert.notDeepEqual(
      others.doneCalls({ callJobId: 63 }).queryKey,
      ask.doneCalls(query).queryKey,
    );
  });

  test("a wrong query is refused when its function is called, before anything is sent", async () => {
    const { ask, sent } = asking();
    for (const query of [{ companyId: 1, pageSize: NaN }, { companyId: "1;" }, {}, undefined]) {
      await assert.rejects(ask.tasks(query).queryFn(), { code: "invalid_argument" });
    }
    assert.equal(sent.length, 0);
  });
});

describe("React, in a browser", () => {
  const page = `
    import { createElement, useState } from "react";
    import { createRoot } from "react-dom/client";
    import { QueryClient, QueryClientProvider, useInfiniteQuery, useQuery } from "@tanstack/react-query";
    import useSWR from "swr";
    import { ByrobotClient, queries } from "byrobot-calls";
    import { createSandbox } from "byrobot-calls/sandbox";

    const sandbox = await createSandbox(${JSON.stringify(world)});
    globalThis.aborted = 0;
    const fetch = (url, init) => {
      if (globalThis.hanging) {
        init.signal.addEventListener("abort", () => (globalThis.aborted += 1));
        return new Promise(() => {});
      }
      return sandbox.fetch(url, init);
    };
    const client = new ByrobotClient({ baseUrl: "https://sandbox.test", fetch });
    const ask = queries(client);
    const { list: [task] } = await client.getTasks({ companyId: 1, status: 2 });
    const callJobId = task.callJobId;
    globalThis.expected = (await client.getTaskDetail({ companyId: 1, taskId: callJobId })).jobName;

    function Tanstack() {
      const { data, error } = useQuery(ask.taskDetail({ companyId: 1, taskId: callJobId }));
      const calls = useInfiniteQuery(ask.doneCallsPages({ callJobId, pageSize: 5 }));
      const rows = calls.data?.pages.flatMap(({ list }) => list).length ?? 0;
      const more = { id: "more", onClick: () => calls.fetchNextPage() };
      return [
        createElement("p", { id: "tanstack", key: 1 }, error?.message ?? data?.jobName ?? "…"),
        createElement("button", { ...more, key: 2 }, rows),
      ];
    }
    function Swr() {
      const { queryKey, queryFn } = ask.taskDetail({ companyId: 1, taskId: callJobId });
      const { data, error } = useSWR(queryKey, queryFn);
      return createElement("p", { id: "swr" }, error?.message ?? data?.jobName ?? "…");
    }
    function Hanging() {
      useQuery(ask.callDetail({ callInstanceId: 1 }));
      return null;
    }
    function App() {
      const [hangs, setHangs] = useState(false);
      globalThis.hang = (on) => {
        globalThis.hanging = on;
        setHangs(on);
      };
      return [
        createElement(Tanstack, { key: 1 }),
        createElement(Swr, { key: 2 }),
        hangs && createElement(Hanging, { key: 3 }),
      ];
    }
    const root = createRoot(document.body.appendChild(document.createElement("main")));
    const cache = new QueryClient();
    root.render(createElement(QueryClientProvider, { client: cache }, createElement(App)));
  `;

  test("useQuery, useInfiniteQuery and useSWR show the data, and unmounting aborts", async (t) => {
    const { outputFiles } = await build({
      stdin: { contents: page, resolveDir: root },
      bundle: true,
      format: "esm",
      define: { "process.env.NODE_ENV": '"production"' },
      write: false,
    });
    await project.write(
      "queries.html",
      '<!doctype html><link rel="icon" href="data:," /><body><script type="module" src="queries.js"></script>',
    );
    await project.write("queries.js", outputFiles[0].text);
    const site = await serveSite(project.folder);
    t.after(() => site.close());
    const browser = await openBrowser();
    t.after(() => browser.close());
    const tab = await browser.newPage();
    const complaints = [];
    tab.on("pageerror", (error) => complaints.push(String(error)));
    await tab.goto(`${site.url}/queries.html`);
    await tab.waitForFunction(
      () => document.querySelector("#tanstack")?.textContent === globalThis.expected,
    );
    await tab.waitForFunction(
      () => document.querySelector("#swr")?.textContent === globalThis.expected,
    );
    await tab.waitForFunction(() => document.querySelector("#more")?.textContent === "5");
    await tab.click("#more");
    await tab.waitForFunction(() => document.querySelector("#more")?.textContent === "10");
    await tab.evaluate(() => globalThis.hang(true));
    await tab.evaluate(() => new Promise((later) => setTimeout(later, 100)));
    assert.equal(await tab.evaluate(() => globalThis.aborted), 0);
    await tab.evaluate(() => globalThis.hang(false));
    await tab.waitForFunction(() => globalThis.aborted === 1);
    assert.deepEqual(complaints, []);
  });
});
