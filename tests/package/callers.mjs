// Attacks of hostile callers on the proxy, on Web standards alone: the same in Node, Deno, Bun and Workers. Each entry
// is a name and a test of `byrobot-calls/server`.
import { api, host, operations, proxyOf, request, same, vendor } from "./proxy-of.mjs";

const one = { company: 1, task: 11, call: 110 };
const two = { company: 2, task: 21, call: 210 };
const tenant = (...companyIds) => ({ allow: true, tenant: { companyIds } });

export const callers = {
  "nothing but the named results of authorize lets anyone in": async (server) => {
    const refused = [
      ...[false, undefined, null, 0, "", "true", 1, {}, [], [true], new Map([["allow", true]])],
      ...[{ allow: false }, { allow: 1 }, { allow: "true" }, { tenant: { companyIds: [1] } }],
      ...[new Response("ok"), new Response(null, { status: 302 }), Promise.resolve(false)],
    ];
    for (const [index, said] of refused.entries()) {
      const { ask, asked } = proxyOf(server, { authorize: () => said });
      same([(await ask(...operations.getTasks(one))).status, asked.length], [401, 0], index);
    }
    for (const said of [
      { allow: true, tenant: undefined },
      { allow: true, tenant: null },
      { allow: true, tenant: {} },
      { allow: true, tenant: { companyIds: 1 } },
      { allow: true, tenant: { companyIds: ["1"] } },
      { allow: true, tenant: { companyIds: [1], all: true } },
      { allow: true, tenants: { companyIds: [1] } },
      { allow: true, limitKey: 7 },
    ]) {
      const { ask, asked } = proxyOf(server, { authorize: () => said });
      same([(await ask(...operations.getTasks(one))).status, asked.length], [500, 0], said);
    }
    for (const said of [true, { allow: true }, tenant(1), { ...tenant(1), limitKey: "a" }]) {
      const { ask } = proxyOf(server, { authorize: async () => said });
      same((await ask(...operations.getTasks(one))).status, 200, said);
    }
  },

  "a Response of authorize, returned or thrown, refuses with its status and nothing else": async (
    server,
  ) => {
    for (const status of [400, 403, 404, 429, 451, 503]) {
      const answer = () => new Response("secret", { status, headers: { "x-secret": "1" } });
      for (const authorize of [
        answer,
        async () => answer(),
        () => {
          throw answer();
        },
        async () => Promise.reject(answer()),
      ]) {
        const { ask, asked } = proxyOf(server, { authorize });
        const { status: found, text, headers } = await ask(...operations.getTasks(one));
        same([found, asked.length, headers.get("x-secret")], [status, 0, null]);
        if (text.includes("secret")) throw new Error(text);
      }
    }
  },

  "authorize gets what is asked, read": async (server) => {
    const seen = [];
    const { ask } = proxyOf(server, {
      authorize: async (request, context) => {
        if (request.method === "POST") await request.json(); // may be read again
        seen.push(context);
        return true;
      },
    });
    for (const operation of Object.values(operations)) await ask(...operation(one));
    same(
      seen.map(({ operation, parameters, recording }) => [operation, parameters, recording]),
      [
        ["getTasks", { companyId: 1 }, null],
        ["getTaskDetail", { companyId: 1, taskId: 11 }, null],
        ["queryDoneTaskPhones", { callJobId: 11 }, null],
        ["notDialedCustomerList", { taskId: 11 }, null],
        ["phoneLogInfo", { callInstanceId: 110 }, null],
      ],
    );
    const { data } = await ask(...operations.phoneLogInfo(one));
    seen.length = 0;
    same((await ask(data.phoneLog.luyinOssUrl.replace("/byrobot", ""))).text, "RIFF");
    const [{ operation, recording }] = seen;
    const { url, companyId, expires } = recording;
    same(
      [operation, url, companyId, expires],
      ["recording", `https://${host}/20240101_1380000110.wav`, null, null],
    );
  },

  "a tenant sees its own companies in all operations, and no other": async (server) => {
    for (const [who, mine, theirs] of [
      [tenant(1), one, two],
      [tenant(2), two, one],
    ]) {
      const { ask } = proxyOf(server, { authorize: () => who });
      for (const [name, operation] of Object.entries(operations)) {
        same((await ask(...operation(mine))).status, 200, name);
        const { status, data, text } = await ask(...operation(theirs));
        same([status, data], [403, null], name);
        if (/1380000|callInstanceId/.test(text)) throw new Error(text);
      }
      // A task of another company under the own company's id.
      same(
        (await ask(...operations.getTaskDetail({ ...theirs, company: mine.company }))).status,
        403,
      );
    }
    const nobody = proxyOf(server, { authorize: () => tenant() });
    for (const operation of Object.values(operations)) {
      same((await nobody.ask(...operation(one))).status, 403);
    }
    const both = proxyOf(server, { authorize: () => tenant(1, 2) });
    for (const operation of Object.values(operations)) {
      for (const whose of [one, two]) same((await both.ask(...operation(whose))).status, 200);
    }
  },

  "a recording's link is good for its tenant alone": async (server) => {
    let who = tenant(1);
    const { ask } = proxyOf(server, { authorize: () => who });
    const linkOf = async (whose) => {
      const { data } = await ask(...operations.queryDoneTaskPhones(whose));
      return data.list[0].luyinOssUrl.replace("/byrobot", "");
    };
    const mine = await linkOf(one);
    same((await ask(mine)).status, 200);
    same(await linkOf(one), mine);
    const { data } = await ask(...operations.phoneLogInfo(one));
    same(data.phoneLog.luyinOssUrl, `/byrobot${mine}`);
    who = tenant(2);
    same((await ask(mine)).status, 403);
    const theirs = await linkOf(two);
    who = true;
    same((await ask(theirs)).status, 200);
    const unbound = await linkOf(one);
    who = tenant(1, 2);
    same([(await ask(mine)).status, (await ask(theirs)).status], [200, 200]);
    same((await ask(unbound)).status, 403);
  },

  "a recording's link ends with its day, and its end cannot be changed": async (server) => {
    const { now } = Date;
    try {
      Date.now = () => Date.UTC(2024, 2, 15, 10);
      const { ask } = proxyOf(server, { authorize: () => true, recordingDays: 2 });
      const { data } = await ask(...operations.phoneLogInfo(one));
      const link = data.phoneLog.luyinOssUrl.replace("/byrobot", "");
      const other = (await ask(...operations.phoneLogInfo(two))).data.phoneLog.luyinOssUrl;
      const [path, query] = link.split("?");
      const last = Date.UTC(2024, 2, 17) / 86_400_000;
      if (!query.startsWith(`until=${last}-`)) throw new Error(query);
      Date.now = () => Date.UTC(2024, 2, 17, 23);
      same((await ask(link)).status, 200);
      for (const wrong of [
        path,
        `${path}?${query.replace(last, last + 1)}`,
        `${path}?until=${last}`,
        `${path}?until=${last}-`,
        `${path}?${query}A`,
        `${path}?until=999999-AAAAAAAAAAAAAAAA`,
        `${path}?${other.split("?")[1]}`,
      ]) {
        same((await ask(wrong)).status, 404, wrong);
      }
      Date.now = () => Date.UTC(2024, 2, 18, 0, 1);
      same((await ask(link)).status, 404);
    } finally {
      Date.now = now;
    }
  },

  "allowAnswer decides about answers that have data": async (server) => {
    const seen = [];
    let says = () => true;
    const { ask } = proxyOf(server, {
      authorize: () => tenant(1),
      allowAnswer: (answer, context) => {
        seen.push([answer.data.callJobId, context.operation, context.tenant.companyIds]);
        return says();
      },
    });
    same((await ask(...operations.getTaskDetail(one))).status, 200);
    same(seen, [[11, "getTaskDetail", [1]]]);
    for (const [said, status] of [
      [() => false, 403],
      [() => undefined, 403],
      [() => 1, 403],
      [async () => "yes", 403],
      [() => new Response(null, { status: 451 }), 451],
      [() => new Response("ok"), 403],
      [() => Promise.reject(new Error("private")), 500],
      [() => JSON.parse("private"), 500],
      [async () => true, 200],
    ]) {
      says = said;
      const { status: found, resultMsg } = await ask(...operations.getTaskDetail(one));
      same(found, status, String(said));
      if (/private|11/.test(resultMsg)) throw new Error(resultMsg);
    }
    says = () => assertNever();
    same((await ask(...operations.phoneLogInfo({ call: 999 }))).code, 404);
  },

  "pages of another site are refused, and no site may embed an answer": async (server) => {
    const { ask, asked } = proxyOf(server, { authorize: () => true });
    const sites = { "cross-site": 403, "same-site": 200, "same-origin": 200, none: 200 };
    for (const [site, wanted] of Object.entries(sites)) {
      const before = asked.length;
      const [path] = operations.getTasks(one);
      const answer = await ask(request(path, undefined, { headers: { "sec-fetch-site": site } }));
      same([answer.status, asked.length - before], [wanted, wanted === 200 ? 1 : 0], site);
      same(answer.headers.get("cross-origin-resource-policy"), "same-origin");
    }
    const { headers } = await ask("/elsewhere");
    same(headers.get("cross-origin-resource-policy"), "same-origin");
  },

  "rows of a page are bounded before the vendor is asked": async (server) => {
    const { ask, asked } = proxyOf(server, { authorize: () => true });
    const done = (pageSize) => [`${api}/queryDoneTaskPhones`, { callJobId: 11, pageSize }];
    for (const [query, status] of [
      [done(50), 200],
      [done(51), 400],
      [done(0), 400],
      [done(-1), 400],
      [done(1e9), 400],
      [[`${api}/getTasks?companyId=1&pageSize=100`], 200],
      [[`${api}/getTasks?companyId=1&pageSize=101`], 400],
      [[`${api}/getTasks?companyId=1&pageNum=0`], 400],
      [[`${api}/getTasks?companyId=-1`], 400],
    ]) {
      same((await ask(...query)).status, status, query);
    }
    same(asked.length, 2);
  },

  "a body that is too long is refused before authorize is asked": async (server) => {
    let asked = 0;
    const { ask } = proxyOf(server, { authorize: () => ((asked += 1), true) });
    const path = `${api}/queryDoneTaskPhones`;
    same((await ask(path, `{"callJobId":1,"x":"${"y".repeat(70_000)}"}`)).status, 413);
    same((await ask(path, "nonsense")).status, 400);
    same((await ask(`${api}/getTasks?companyId=x`)).status, 400);
    same((await ask("/recordings/AAAA")).status, 404);
    same(asked, 0);
  },

  "many requests of one caller leave others their turn": async (server) => {
    const waiting = [];
    const order = [];
    const { handle } = proxyOf(server, {
      maxConcurrency: 2,
      authorize: ({ headers }) => ({ allow: true, limitKey: headers.get("x-user") }),
      fetch: async () => {
        await new Promise((resolve) => waiting.push(resolve));
        return Response.json({ code: 200, data: { list: [] } });
      },
    });
    const ask = async (user) => {
      const [path] = operations.getTasks(one);
      const headers = { "x-user": user, cookie: `session=${user}` };
      const { status } = await handle(request(path, undefined, { headers }));
      order.push(user + status);
      return status;
    };
    const greedy = Array.from({ length: 60 }, () => ask("greedy"));
    const polite = [ask("polite"), ask("polite")];
    let open = true;
    void Promise.all([...greedy, ...polite]).then(() => (open = false));
    while (open) {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    same(await Promise.all(polite), [200, 200]);
    const served = order.filter((answer) => answer.endsWith("200"));
    // Two were on their way; after that the turns change.
    const last = served.lastIndexOf("polite200");
    if (last > 6) throw new Error(`the polite caller came ${last}th`);
    const refused = (await Promise.all(greedy)).filter((status) => status === 503);
    if (refused.length < 40) throw new Error(`${refused.length} refused`);
  },

  "a full proxy refuses before it reads a body": async (server) => {
    const waiting = [];
    const { handle } = proxyOf(server, {
      maxConcurrency: 1,
      authorize: () => true,
      fetch: async () => {
        await new Promise((resolve) => waiting.push(resolve));
        return Response.json({ code: 200, data: { list: [] } });
      },
    });
    const [path, query] = operations.queryDoneTaskPhones(one);
    const inside = Array.from({ length: 9 }, () => handle(request(path, query)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const late = request(path, query);
    const answer = await handle(late);
    same([answer.status, answer.headers.get("retry-after"), late.bodyUsed], [503, "1", false]);
    let open = true;
    void Promise.all(inside).then(() => (open = false));
    while (open) {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const statuses = await Promise.all(inside.map(async (one) => (await one).status));
    same(statuses, Array(9).fill(200));
  },

  "a full proxy says that it is busy, also if its time limit ends before": async (server) => {
    const { handle } = proxyOf(server, {
      maxConcurrency: 1,
      timeout: 50,
      authorize: () => true,
      fetch: (_, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const [path] = operations.getTasks(one);
    const answers = await Promise.all(Array.from({ length: 10 }, () => handle(request(path))));
    const { code, resultMsg } = await answers.at(-1).json();
    same(code, 503);
    if (!/too many requests wait/.test(resultMsg)) throw new Error(resultMsg);
  },

  "nothing is sent for a request that has ended while it got its permit": async (server) => {
    // The second request ends at each of the steps between the first one's answer and its own `fetch`.
    for (let steps = 0; steps < 60; steps += 1) {
      let finish;
      const aborted = [];
      const { handle } = proxyOf(server, {
        maxConcurrency: 1,
        authorize: () => true,
        fetch: (_, { signal }) => {
          aborted.push(signal.aborted);
          const answer = () => Response.json({ code: 200 });
          if (signal.aborted) return Promise.resolve(answer());
          return new Promise((resolve) => (finish = () => resolve(answer())));
        },
      });
      const [path] = operations.getTasks(one);
      const controller = new AbortController();
      const first = handle(request(path));
      while (finish === undefined) await new Promise((resolve) => setTimeout(resolve));
      const second = handle(new Request(request(path), { signal: controller.signal }));
      await new Promise((resolve) => setTimeout(resolve));
      finish();
      for (let step = 0; step < steps; step += 1) await null;
      controller.abort();
      await first;
      finish();
      await second;
      same(aborted.includes(true), false, steps);
    }
  },

  "recordings count until their last byte, apart from requests": async (server) => {
    const bodies = [];
    const sound = () =>
      new Response(new ReadableStream({ start: (controller) => void bodies.push(controller) }), {
        headers: { "content-type": "audio/wav" },
      });
    const { fetch } = vendor();
    const { ask, handle } = proxyOf(server, {
      maxConcurrency: 1,
      maxRecordings: 2,
      authorize: () => true,
      fetch: (url, init) => (url.includes(host) ? sound() : fetch(url, init)),
    });
    const { data } = await ask(...operations.phoneLogInfo(one));
    const link = data.phoneLog.luyinOssUrl.replace("/byrobot", "");
    const get = () => handle(request(link));
    const [first, second] = await Promise.all([get(), get()]);
    let third;
    const next = get().then((answer) => (third = answer));
    await new Promise((resolve) => setTimeout(resolve, 20));
    same(third, undefined);
    // Requests have permits of their own.
    same((await ask(...operations.getTasks(one))).status, 200);
    await first.body.cancel();
    same((await next).status, 200);
    let fourth;
    const last = get().then((answer) => (fourth = answer));
    await new Promise((resolve) => setTimeout(resolve, 20));
    same(fourth, undefined);
    for (const controller of bodies) {
      try {
        controller.close();
      } catch {
        // The one that was cancelled.
      }
    }
    await Promise.all([second.arrayBuffer(), third.arrayBuffer()]);
    same((await last).status, 200);
    await fourth.body.cancel();
  },

  "nothing that a hook or a page does is an unhandled rejection": async (server) => {
    const fail = async () => Promise.reject(new Error("hook"));
    const { ask, handle } = proxyOf(server, { authorize: () => true, onResponse: fail });
    same((await ask(...operations.getTasks(one))).status, 200);
    const gone = AbortSignal.abort(new Error("gone"));
    const rejecting = proxyOf(server, { authorize: fail, onResponse: fail });
    const [path, query] = operations.queryDoneTaskPhones(one);
    for (const proxy of [handle, rejecting.handle]) {
      same((await proxy(request(path, undefined, { signal: gone }))).status, 405);
      const answer = await proxy(request(path, query, { signal: gone }));
      if (![499, 500].includes(answer.status)) throw new Error(answer.status);
    }
    // A page that goes while authorize is asked, which fails after that.
    const leaving = new AbortController();
    const slow = proxyOf(server, {
      authorize: () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 10)),
    });
    const answer = slow.handle(
      request(operations.getTasks(one)[0], undefined, { signal: leaving.signal }),
    );
    setTimeout(() => leaving.abort(), 2);
    same((await answer).status, 499);
    await new Promise((resolve) => setTimeout(resolve, 30));
  },

  "an authorize that does not answer is not called the vendor": async (server) => {
    const { ask, asked } = proxyOf(server, { authorize: () => new Promise(() => {}), timeout: 20 });
    const { status, resultMsg } = await ask(...operations.getTasks(one));
    same([status, asked.length], [504, 0]);
    if (!/authorize has not answered/.test(resultMsg)) throw new Error(resultMsg);
  },
};

function assertNever() {
  throw new Error("it was asked");
}

/** Runs all; gives how many there were. An unhandled rejection fails where the runtime ends by it. */
export async function runAll(server) {
  for (const [name, check] of Object.entries(callers)) {
    try {
      await check(server);
    } catch (error) {
      throw new Error(`${name}: ${error?.stack ?? error}`);
    }
  }
  return Object.keys(callers).length;
}
