// Pagination: it returns every row once, sends no request too early, and ends at limits, errors and aborts.
import assert from "node:assert/strict";
import { getEventListeners, once } from "node:events";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { from, lastValueFrom, map, take, toArray } from "rxjs";
import { install } from "./installation.mjs";
import { assertByrobotError, rejectionOf } from "./rejections.mjs";
import { call, calls, vendor } from "./vendor.mjs";

let project, ByrobotClient;
before(async () => {
  project = await install();
  ({ ByrobotClient } = await project.import());
});
after(() => project?.remove());

const query = { callJobId: 62 };
const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { minDelay: 0 }, ...options });
const ids = (rows) => rows.map((row) => row.callInstanceId);

describe("a pagination", () => {
  test("returns every row once, in every loop", async () => {
    const server = vendor(calls(120));
    const walk = client(server).doneCalls(query);
    for (let round = 0; round < 2; round += 1) {
      const rows = [];
      for await (const row of walk) rows.push(row);
      assert.deepEqual(ids(rows), ids(server.list));
    }
    assert.deepEqual(
      server.asked.map(({ pageNum, pageSize }) => [pageNum, pageSize]),
      [1, 2, 3, 1, 2, 3].map((page) => [page, 50]),
    );
  });

  test("sends nothing before the first row is requested", async () => {
    const server = vendor(calls(10));
    const walk = client(server).doneCalls(query);
    const iterator = walk[Symbol.asyncIterator]();
    walk.pages();
    await wait(5);
    assert.equal(server.asked.length, 0);
    assert.equal((await iterator.next()).value.callInstanceId, 10);
    await iterator.return();
  });

  test("begins at pageNum of the query, with its pageSize", async () => {
    const server = vendor(calls(25));
    const rows = await client(server)
      .doneCalls({ ...query, pageNum: 2, pageSize: 10 })
      .toArray();
    assert.deepEqual(ids(rows), ids(server.list.slice(10)));
    assert.deepEqual(
      server.asked.map((asked) => asked.pageNum),
      [2, 3],
    );
  });

  test("stops at the limit, and sends no further request", async () => {
    const server = vendor(calls(200));
    const walk = client(server).doneCalls(query, { prefetch: 0 });
    assert.equal((await walk.toArray({ limit: 60 })).length, 60);
    assert.equal(server.asked.length, 2);
    assert.deepEqual(await walk.toArray({ limit: 0 }), []);
    assert.equal(server.asked.length, 2);
    for (const limit of [-1, 1.5, "7", Number.NaN, null]) {
      assertByrobotError(await rejectionOf(walk.toArray({ limit })), {
        code: "invalid_argument",
        path: "limit",
      });
    }
  });

  test("reads tasks and waiting calls, too", async () => {
    const tasks = Array.from({ length: 70 }, (_, id) => ({ callJobId: id, jobName: `task ${id}` }));
    const server = vendor(tasks);
    const found = await client(server).tasks({ companyId: 1 }).toArray();
    assert.deepEqual(
      found.map((task) => task.callJobId),
      tasks.map((task) => task.callJobId),
    );
    const waiting = vendor(calls(70), { counted: false });
    const rows = await client(waiting).undialedCustomers({ taskId: 62 }).toArray();
    assert.equal(new Set(ids(rows)).size, 70);
    // Nobody says how many there are, so they are looked for once more.
    assert.deepEqual(
      waiting.asked.map((asked) => asked.pageNum),
      [1, 2, 1, 2],
    );
    const one = vendor(calls(7), { counted: false });
    assert.equal((await client(one).undialedCustomers({ taskId: 62 }).toArray()).length, 7);
    assert.equal(one.asked.length, 1);
  });

  test("an empty list is one page without rows", async () => {
    const pages = [];
    for await (const page of client(vendor([])).doneCalls(query).pages()) pages.push(page);
    assert.deepEqual(pages, [{ pageNum: 1, pageSize: 50, total: 0, pages: null, list: [] }]);
  });

  test("accepts a server whose pages are smaller", async () => {
    const server = vendor(calls(45));
    const small = async (...request) => {
      const answer = await (await server.fetch(...request)).json();
      const { pageNum } = server.asked.at(-1);
      answer.data = {
        ...answer.data,
        pageSize: 20,
        list: server.list.slice((pageNum - 1) * 20, pageNum * 20),
      };
      return Response.json(answer);
    };
    const rows = await client({ fetch: small }).doneCalls(query).toArray();
    assert.deepEqual(ids(rows), ids(server.list));
  });
});

describe("a list that moves", () => {
  test("rows that are added meanwhile duplicate no row", async () => {
    const server = vendor(calls(150), {
      before: (number) => void (number === 2 && server.list.unshift(...calls(30, 1000))),
    });
    const rows = await client(server).doneCalls(query).toArray();
    const there = ids(rows).filter((id) => id < 1000);
    assert.deepEqual(
      there.toSorted((a, b) => b - a),
      ids(calls(150)),
    );
    assert.equal(new Set(ids(rows)).size, rows.length);
  });

  test("rows that leave meanwhile hide no other row", async () => {
    const server = vendor(calls(150), {
      before: (number) => void (number === 2 && server.list.splice(0, 20)),
    });
    const rows = await client(server).doneCalls(query).toArray();
    assert.deepEqual(
      ids(rows).toSorted((a, b) => b - a),
      ids(calls(150)),
    );
    assert.deepEqual(
      server.asked.map((asked) => asked.pageNum),
      [1, 2, 1, 2, 3],
    );
  });

  test("a server that repeats its pages is an error", async () => {
    const server = vendor(calls(1000), { paged: false });
    const error = await rejectionOf(client(server).doneCalls(query).toArray());
    assertByrobotError(error, { code: "paging_unstable", endpoint: "queryDoneTaskPhones" });
    assert.match(error.message, /repeat/);
    assert.ok(server.asked.length <= 13);
  });

  test("a list without an end is an error", async () => {
    let next = 0;
    const endless = async () =>
      Response.json({ code: 200, data: { list: [call(next++)], total: next + 10, pageSize: 1 } });
    const error = await rejectionOf(
      client({ fetch: endless })
        .doneCalls({ ...query, pageSize: 1 })
        .toArray(),
    );
    assertByrobotError(error, { code: "paging_unstable" });
    assert.match(error.message, /no end/);
    assert.ok(next < 1000);
  });

  test("an empty page before the end is an error", async () => {
    const server = vendor(calls(150), {
      before: (number) =>
        number === 2 && Response.json({ code: 200, data: { list: [], total: 150 } }),
    });
    const error = await rejectionOf(client(server).doneCalls(query).toArray());
    assertByrobotError(error, { code: "paging_unstable" });
    assert.match(error.message, /page 2 is empty, though the server counts 150/);
  });
});

describe("pages ahead", () => {
  test("by default the next page is requested while the caller works on this one", async () => {
    const server = vendor(calls(500));
    const pages = client(server).doneCalls(query).pages();
    await pages.next();
    await wait(20);
    assert.equal(server.asked.length, 2);
    await pages.return();
  });

  test("prefetch pages are requested, within the client's limit", async () => {
    const server = vendor(calls(1000), { delay: 5 });
    const eager = client(server, { maxConcurrency: 3 });
    const rows = await eager.doneCalls(query, { prefetch: 8 }).toArray();
    assert.deepEqual(ids(rows), ids(server.list));
    assert.equal(server.mostInFlight, 3);
    assert.equal(server.asked.length, 20);
  });

  test("leaving the loop cancels pending requests at once", async () => {
    const server = vendor(calls(500), { delay: 10 });
    for await (const row of client(server).doneCalls(query, { prefetch: 3 })) {
      if (row.callInstanceId === 500) {
        await wait(1);
        break;
      }
    }
    await wait(0);
    assert.equal(server.inFlight, 0);
    assert.equal(server.aborted, 3);
  });

  test("an abort cancels pending requests, and the next row rejects with the reason", async () => {
    const server = vendor(calls(500), { delay: 10 });
    const controller = new AbortController();
    const { signal } = controller;
    const pages = client(server).doneCalls(query, { signal, prefetch: 2 }).pages();
    await pages.next();
    await wait(1);
    assert.equal(server.inFlight, 2);
    const reason = new Error("enough");
    controller.abort(reason);
    await wait(0);
    assert.equal(server.inFlight, 0);
    assert.equal(await rejectionOf(pages.next()), reason);
    assert.deepEqual(await pages.next(), { done: true, value: undefined });
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });

  test("a thousand paginations leave no listener", async () => {
    const { signal } = new AbortController();
    const server = vendor(calls(60));
    for (let round = 0; round < 1000; round += 1) {
      await client(server).doneCalls(query, { signal }).toArray({ limit: 1 });
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  });
});

describe("an iterator that is left while next() is pending", () => {
  const walks = {
    "of rows": (walk) => walk[Symbol.asyncIterator](),
    "of pages": (walk) => walk.pages(),
  };
  /** A walk whose second page never comes, and its iterator after the first. */
  async function waiting(begin, options) {
    const server = vendor(calls(500), { before: (number) => number > 1 && never(), ...options });
    const walk = client(server, { timeout: Infinity }).doneCalls(
      { ...query, pageSize: 1 },
      { prefetch: 0 },
    );
    const iterator = begin(walk);
    await iterator.next();
    return { server, iterator };
  }
  const never = () => new Promise(() => {});
  const ended = { done: true, value: undefined };

  for (const [name, begin] of Object.entries(walks)) {
    test(`${name}: return() cancels the request at once, and both end`, async () => {
      const { server, iterator } = await waiting(begin);
      const next = iterator.next();
      await asked(server, 2);
      const order = [];
      next.then(() => order.push("next"));
      const left = iterator.return().then((result) => (order.push("return"), result));
      assert.deepEqual(await settledOf(next), ended);
      assert.deepEqual(await settledOf(left), ended);
      assert.deepEqual(order, ["next", "return"]);
      assert.equal(server.signals[1].aborted, true);
      assert.deepEqual(await iterator.next(), ended);
      assert.deepEqual(await iterator.return(), ended);
      assert.equal(server.asked.length, 2);
    });

    test(`${name}: throw() does the same, and rejects`, async () => {
      const { server, iterator } = await waiting(begin);
      const next = iterator.next();
      await asked(server, 2);
      const reason = new Error("enough");
      assert.equal(await rejectionOf(iterator.throw(reason)), reason);
      assert.deepEqual(await settledOf(next), ended);
      assert.equal(server.signals[1].aborted, true);
    });

    test(`${name}: return() before the first next() sends nothing`, async () => {
      const server = vendor(calls(5));
      const iterator = begin(client(server).doneCalls(query));
      assert.deepEqual(await iterator.return(), ended);
      assert.deepEqual(await iterator.next(), ended);
      assert.equal(server.asked.length, 0);
    });

    test(`${name}: parallel calls of next() settle in their order`, async () => {
      const server = vendor(calls(5), { delay: 2 });
      const iterator = begin(client(server).doneCalls({ ...query, pageSize: 2 }, { prefetch: 2 }));
      const order = [];
      const results = await Promise.all(
        Array.from({ length: 8 }, async (_, number) => {
          const result = await iterator.next();
          order.push(number);
          return result;
        }),
      );
      assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
      const rows = results.flatMap(({ done, value }) => (done ? [] : (value.list ?? value)));
      assert.deepEqual(ids(rows), [5, 4, 3, 2, 1]);
    });
  }

  test("leaving from a hook while the next page is pending", async () => {
    const server = vendor(calls(500));
    let iterator, left;
    const fetch = (...request) => {
      if (server.asked.length === 1) left = iterator.return();
      return server.fetch(...request);
    };
    iterator = client({ fetch }).doneCalls(query)[Symbol.asyncIterator]();
    await iterator.next();
    while (left === undefined) await wait(1);
    assert.deepEqual(await settledOf(left), ended);
    await wait(1);
    assert.equal(server.inFlight, 0);
    // The module still works.
    assert.equal((await client(server).doneCalls(query).toArray({ limit: 3 })).length, 3);
  });

  test("destroy() of a Node stream of it", async () => {
    for (const reason of [undefined, new Error("the pipe is broken")]) {
      const { server, iterator } = await waiting(walks["of rows"]);
      const stream = Readable.from(iterator);
      stream.on("error", () => {});
      stream.read();
      await asked(server, 2);
      const closed = once(stream, "close").catch(() => {});
      stream.destroy(reason);
      await settledOf(closed);
      assert.equal(server.signals[1].aborted, true);
    }
  });

  test("unsubscribing from an RxJS observable of it", async () => {
    const server = vendor(calls(500), { before: (number) => number > 1 && never() });
    const walk = client(server, { timeout: Infinity }).doneCalls({ ...query, pageSize: 2 });
    const seen = [];
    const subscription = from(walk).subscribe({
      next: ({ callInstanceId }) => seen.push(callInstanceId),
      complete: () => seen.push("complete"),
    });
    await asked(server, 2);
    subscription.unsubscribe();
    await wait(0);
    assert.equal(server.signals[1].aborted, true);
    assert.deepEqual(seen, [500, 499]);
  });

  test("RxJS receives all rows, the end, an error, or the rows that it takes", async () => {
    const server = vendor(calls(5));
    const walk = client(server).doneCalls({ ...query, pageSize: 2 });
    const all = from(walk).pipe(map((row) => row.callInstanceId));
    assert.deepEqual(await lastValueFrom(all.pipe(toArray())), [5, 4, 3, 2, 1]);
    assert.deepEqual(await lastValueFrom(all.pipe(take(3), toArray())), [5, 4, 3]);
    const broken = async () => new Response("<html>");
    const error = await rejectionOf(
      lastValueFrom(from(client({ fetch: broken }).doneCalls(query))),
    );
    assertByrobotError(error, { code: "not_json" });
  });

  async function asked(server, number) {
    while (server.asked.length < number) await wait(1);
  }

  /** What a promise becomes, and soon. */
  async function settledOf(promise) {
    const late = new AbortController();
    const patience = wait(5000, "pending", { signal: late.signal }).catch(() => {});
    const outcome = await Promise.race([promise, patience]);
    late.abort();
    assert.notEqual(outcome, "pending", "it never ends");
    return outcome;
  }
});

test("onProgress is called after every page, and may throw", async (t) => {
  const printed = t.mock.method(console, "error", () => {});
  const told = [];
  const onProgress = (progress) => {
    told.push(progress);
    throw new Error("the hook's own");
  };
  await client(vendor(calls(120)))
    .doneCalls(query, { onProgress })
    .toArray();
  assert.deepEqual(
    told.map(({ phase, done, total }) => [phase, done, total]),
    [
      ["listing", 50, 120],
      ["listing", 100, 120],
      ["listing", 120, 120],
    ],
  );
  assert.equal(printed.mock.callCount(), 3);
});

test("a request that fails ends the pagination, and the error names the place once", async () => {
  const server = vendor(calls(150), {
    before: (number) => number === 2 && new Response("<html>", { status: 200 }),
  });
  const rows = [];
  const error = await rejectionOf(
    (async () => {
      for await (const row of client(server).doneCalls(query)) rows.push(row);
    })(),
  );
  assertByrobotError(error, { code: "not_json" });
  assert.equal(error.message.split("queryDoneTaskPhones").length, 2, error.message);
  assert.equal(rows.length, 50);
});

test("a wrong query or option is refused before anything is sent", () => {
  const server = vendor([]);
  const walks = client(server);
  for (const [make, path] of [
    [() => walks.doneCalls({}), "callJobId"],
    [() => walks.doneCalls({ ...query, pageSize: 51 }), "pageSize"],
    [() => walks.tasks({ companyId: 1, pageNum: 0 }), "pageNum"],
    [() => walks.undialedCustomers({ taskId: 1, index: 3 }), "index"],
    [() => walks.doneCalls(query, { prefetch: 101 }), "prefetch"],
    [() => walks.doneCalls(query, { prefetch: 0.5 }), "prefetch"],
    [() => walks.doneCalls(query, { onProgress: "loud" }), "onProgress"],
    [() => walks.doneCalls(query, { timeout: -1 }), "timeout"],
  ]) {
    try {
      make();
      assert.fail(path);
    } catch (error) {
      assertByrobotError(error, { code: "invalid_argument", path });
    }
  }
  assert.equal(server.asked.length, 0);
});
