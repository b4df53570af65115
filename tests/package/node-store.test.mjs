// `fileStore`: snapshots as files. Real files and real processes, some of which are killed. Not here: what a
// synchronisation does with any store (sync-store.test.mjs).
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { ended, install, successful } from "./installation.mjs";
import { rejectionOf } from "./rejections.mjs";
import { contents, deferred, listed } from "./stores.mjs";
import { calls, vendor } from "./vendor.mjs";

const query = { callJobId: 62 };
const key = 'https://calls.example queryDoneTaskPhones?{"callJobId":62}\n';

let project, ByrobotClient, CallTable, fileStore, folder;
before(async () => {
  project = await install();
  ({ ByrobotClient, CallTable } = await project.import());
  ({ fileStore } = await project.import("byrobot-calls/node"));
});
after(() => project?.remove());
beforeEach(async () => (folder = join(await mkdtemp(project.path("store-")), "calls")));

const client = (server, options) =>
  new ByrobotClient({ fetch: server.fetch, retry: { minDelay: 0 }, ...options });
const files = async (kind) => (await readdir(folder)).filter((name) => name.endsWith(kind));
/** A second store of the folder, as another process has it. */
async function another() {
  await mkdir(folder, { recursive: true });
  await symlink(folder, `${folder}-link`);
  return fileStore(`${folder}-link`);
}

/** Starts a module in a process of its own; `folder` and `key` are defined in it. */
const startChild = (code) =>
  project.start(process.execPath, [
    "--input-type=module",
    "--eval",
    `import { ByrobotClient, CallTable } from "byrobot-calls";
    import { fileStore } from "byrobot-calls/node";
    const [folder, key] = ${JSON.stringify([folder, key])};
    const store = fileStore(folder);
    ${code}`,
  ]);

/** Ends a process without a chance to tidy up. */
async function kill(child) {
  const end = ended(child);
  child.kill("SIGKILL");
  await end;
}

describe("fileStore", () => {
  test("keeps a table for the next process, in files that only its user may read", async () => {
    const server = vendor(calls(500));
    await client(server).syncDoneCalls(new CallTable(), query, { store: fileStore(folder) });
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    const [name, ...others] = await readdir(folder);
    assert.deepEqual(others, [], "no lock and no temporary file is left");
    assert.match(name, /^[0-9a-f]{32}\.calls$/);
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
    const [first] = (await readFile(join(folder, name), "latin1")).split("\n");
    assert.match(first, /^byrobot-calls [0-9a-f-]{36} ".*callJobId.*62.*"$/);
    const table = new CallTable();
    const store = await another();
    const report = await client(server).syncDoneCalls(table, query, { store });
    assert.deepEqual([report.added, report.requests, report.storeError], [0, 1, null]);
    assert.deepEqual(contents(table), listed(server));
  });

  test("is the same for the same folder, also as a URL", () => {
    assert.equal(fileStore(folder), fileStore(`${folder}/`));
    assert.equal(fileStore(folder), fileStore(pathToFileURL(folder)));
  });

  test("refuses what is no folder", () => {
    for (const wrong of ["", 7, undefined, null, new URL("https://calls.example/")]) {
      assert.throws(() => fileStore(wrong), { code: "invalid_argument", path: "folder" });
    }
  });

  test("without files has nothing to load and no version", async () => {
    const store = fileStore(folder);
    assert.deepEqual([await store.load(key), await store.version(key)], [null, null]);
  });

  test("gives back the bytes that were saved, under a version of each save", async () => {
    const store = fileStore(folder);
    const snapshot = Uint8Array.from({ length: 1000 }, (_, index) => index);
    await store.save(key, snapshot);
    const version = await store.version(key);
    assert.deepEqual(new Uint8Array(await store.load(key)), snapshot);
    await store.save(key, snapshot);
    assert.notEqual(await store.version(key), version);
    await store.remove(key);
    assert.deepEqual([await store.load(key), await store.version(key)], [null, null]);
  });

  test("rejects a save if another process has saved meanwhile", async () => {
    const [one, two] = [fileStore(folder), await another()];
    await one.save(key, Uint8Array.of(1));
    assert.equal((await rejectionOf(two.save(key, Uint8Array.of(2)))).name, "StoreConflict");
    await two.load(key);
    await two.save(key, Uint8Array.of(2));
    assert.equal((await rejectionOf(one.save(key, Uint8Array.of(3)))).name, "StoreConflict");
    assert.deepEqual([...(await one.load(key))], [2]);
  });

  test("merges the calls of two synchronisations that do not take turns", async () => {
    const server = vendor(calls(3000));
    await Promise.all(
      [fileStore(folder), await another()].map(async (store) => {
        const parts = ["load", "save", "remove", "version"];
        const free = Object.fromEntries(parts.map((name) => [name, store[name].bind(store)]));
        const own = vendor([
          ...calls(10, store === fileStore(folder) ? 8000 : 9000),
          ...server.list,
        ]);
        const table = new CallTable();
        const { storeError } = await client(own).syncDoneCalls(table, query, { store: free });
        assert.equal(storeError, null);
      }),
    );
    const [name] = await files(".calls");
    const file = await readFile(join(folder, name));
    assert.equal(CallTable.restore(file.subarray(file.indexOf("\n") + 1)).length, 3020);
  });

  test("with a damaged file counts as empty, and the file is replaced", async () => {
    const server = vendor(calls(100));
    const store = fileStore(folder);
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    const path = join(folder, (await files(".calls"))[0]);
    const whole = await readFile(path);
    for (const damage of [
      () => truncate(path, 0),
      () => truncate(path, 20),
      () => truncate(path, 60),
      () => truncate(path, whole.length - 1),
      () =>
        writeFile(
          path,
          whole.map((byte, at) => (at > 300 ? byte ^ 1 : byte)),
        ),
      () => writeFile(path, "<!doctype html>"),
    ]) {
      await damage();
      const table = new CallTable();
      const report = await client(server).syncDoneCalls(table, query, { store });
      assert.deepEqual([report.storeError, report.added], [null, 100]);
      assert.equal((await readFile(path)).length, whole.length);
    }
  });
});

describe("a folder that cannot be used", () => {
  for (const [what, prepare] of Object.entries({
    "is a file": () => writeFile(folder, ""),
    "lies in a file": async () => {
      await writeFile(folder, "");
      folder = join(folder, "calls");
    },
    "has a folder in place of a snapshot": async () => {
      const store = fileStore(folder);
      await client(vendor(calls(5))).syncDoneCalls(new CallTable(), query, { store });
      const [name] = await files(".calls");
      await rm(join(folder, name));
      await mkdir(join(folder, name));
    },
  })) {
    test(`because it ${what} is reported, and the table is up to date`, async () => {
      await prepare();
      const server = vendor(calls(100));
      const table = new CallTable();
      const store = fileStore(folder);
      const report = await client(server).syncDoneCalls(table, query, { store });
      assert.deepEqual([report.complete, report.storeError?.name], [true, "StoreError"]);
      assert.match(report.storeError.message, /something else has the name.* \(E[A-Z]+\)$/);
      assert.deepEqual(contents(table), listed(server));
    });
  }

  test("because it is read-only is loaded from, and the save is reported", async (t) => {
    if (process.getuid?.() === 0) return t.diagnostic("root may write everywhere");
    const server = vendor(calls(100));
    const store = fileStore(folder);
    await client(server).syncDoneCalls(new CallTable(), query, { store });
    await chmod(folder, 0o500);
    server.list.unshift(...calls(2, 5000));
    const report = await client(server).syncDoneCalls(new CallTable(), query, { store });
    assert.deepEqual([report.added, report.storeError?.name], [2, "StoreError"]);
    await chmod(folder, 0o700);
  });

  test("because a file becomes too large keeps the former snapshot", async () => {
    const store = fileStore(folder);
    await store.save(key, Uint8Array.of(1, 2, 3));
    const code = `
      import { fileStore } from "byrobot-calls/node";
      const store = fileStore(${JSON.stringify(folder)});
      await store.load(${JSON.stringify(key)});
      const error = await store.save(${JSON.stringify(key)}, new Uint8Array(1e6)).catch((error) => error);
      console.log(error.name, error.cause.code);
    `;
    // The process may write files of 4 kB: a disk that is full in the middle of a save.
    const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" --input-type=module --eval "$1"`;
    const child = project.run("/bin/sh", ["-c", limited, process.execPath, code]);
    assert.equal((await successful(child)).stdout, "StoreError EFBIG\n");
    assert.deepEqual([...(await store.load(key))], [1, 2, 3]);
    assert.equal((await readdir(folder)).length, 1, "nothing is left over");
  });
});

describe("processes", () => {
  test("that are killed in the middle of a save leave the old snapshot or the new one", async () => {
    const size = 3_000_000;
    const store = fileStore(folder);
    await store.save(key, new Uint8Array(size));
    const seen = new Set();
    let left = 0;
    for (let round = 1; round <= 20; round += 1) {
      const child = startChild(`
        await store.load(key);
        process.stdout.write("saving");
        for (let value = ${round}; ; value += 1) await store.save(key, new Uint8Array(${size}).fill(value));
      `);
      await once(child.stdout, "data");
      await wait(Math.random() * 40);
      await kill(child);
      left += (await files(".tmp")).length;
      const snapshot = await store.load(key);
      assert.equal(snapshot.length, size);
      assert.ok(
        snapshot.every((byte) => byte === snapshot[0]),
        "half of one, half of the other",
      );
      seen.add(snapshot[0]);
      // The next process would wait for the lock of the dead one.
      for (const name of await files(".lock")) await rm(join(folder, name));
    }
    assert.ok(seen.size > 1 && left > 0, `${seen.size} snapshots, ${left} temporary files`);
    await store.save(key, Uint8Array.of(7));
    assert.equal((await readdir(folder)).length, 1, "temporary files are removed by the next save");
  });

  test("that die do not hold the list or the folder for ever", async () => {
    const child = startChild(`
      await store.load(key);
      store.exclusive(key, async () => {
        process.stdout.write("holding");
        for (;;) await store.save(key, new Uint8Array(3_000_000));
      });
    `);
    await once(child.stdout, "data");
    await wait(100);
    await kill(child);
    assert.ok((await files(".lock")).length > 0);
    const store = fileStore(folder);
    const both = [store, await another()].map((one) =>
      one.exclusive(key, async () => {
        await one.load(key);
        await one.save(key, Uint8Array.of(5));
      }),
    );
    await Promise.all(both);
    assert.deepEqual([...(await store.load(key))], [5]);
    assert.deepEqual((await readdir(folder)).length, 1);
  });

  test("keep a list for as long as they live, and give it on", async () => {
    const child = startChild(`
      await store.exclusive(key, async () => {
        process.stdout.write("holding");
        await new Promise((resolve) => process.stdin.once("data", resolve));
      });
      process.exit();
    `);
    const end = ended(child);
    await once(child.stdout, "data");
    const order = [];
    const waiting = fileStore(folder).exclusive(key, async () => order.push("next"));
    await fileStore(folder).exclusive("another list", async () => order.push("another list"));
    // Longer than a lock lasts without a sign of life.
    await wait(7000);
    order.push("end of the first");
    child.stdin.write("now");
    await waiting;
    assert.deepEqual(order, ["another list", "end of the first", "next"]);
    assert.equal((await end).code, 0);
  });

  test("let a waiting synchronisation be aborted", async () => {
    const store = fileStore(folder);
    const end = deferred();
    const held = store.exclusive(key, () => end.promise);
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 50);
    const work = () => assert.fail("it had no turn");
    assert.equal(await rejectionOf(store.exclusive(key, work, controller.signal)), reason);
    end.resolve("done");
    assert.equal(await held, "done");
  });

  test("that synchronise the same list take turns: one reads it, the other the snapshot", async () => {
    const { list, fetch } = vendor(calls(2000), { delay: 2 });
    let requests = 0;
    const server = createServer(async (request, reply) => {
      requests += 1;
      const chunks = await request.toArray();
      const { method } = request;
      const body = method === "GET" ? {} : { body: Buffer.concat(chunks) };
      const answer = await fetch(new URL(request.url, "http://vendor.example"), {
        method,
        ...body,
      });
      reply.end(Buffer.from(await answer.arrayBuffer()));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const code = `
        const client = new ByrobotClient({ baseUrl: "http://127.0.0.1:${server.address().port}" });
        const table = new CallTable();
        const { complete, storeError } = await client.syncDoneCalls(table, { callJobId: 62 }, { store });
        console.log(complete, storeError, table.length);
      `;
      const runs = [1, 2, 3].map(() => successful(ended(startChild(code))));
      for (const { stdout } of await Promise.all(runs)) assert.equal(stdout, "true null 2000\n");
      assert.ok(requests <= 2000 / 50 + 1 + 2, `${requests} requests`);
      assert.equal((await readdir(folder)).length, 1);
      assert.equal(list.length, 2000);
    } finally {
      server.close();
    }
  });
});

describe("clear", () => {
  test("removes the snapshots of one task, those of companies, or all", async () => {
    const store = fileStore(folder);
    const list = (id) => `https://calls.example queryDoneTaskPhones?{"callJobId":${id}}`;
    const company = 'https://calls.example getTasks?{"companyId":1}';
    const keys = [list(1), list(12), company];
    const kept = async () => {
      const loaded = await Promise.all(keys.map((one) => store.load(one)));
      return keys.filter((_, index) => loaded[index] !== null);
    };
    for (const one of keys) await store.save(one, Uint8Array.of(1));
    await store.clear({ callJobId: 1 });
    assert.deepEqual(await kept(), [list(12)]);
    await store.clear();
    assert.deepEqual(await kept(), []);
    assert.deepEqual(await files(".calls"), []);
    await store.save(list(1), Uint8Array.of(1));
    assert.deepEqual(await kept(), [list(1)]);
    for (const callJobId of [undefined, "1", 1.5]) {
      const refused = await rejectionOf(store.clear({ callJobId }));
      assert.deepEqual([refused.code, refused.path], ["invalid_argument", "callJobId"]);
    }
  });

  for (const of of [undefined, { callJobId: 62 }]) {
    test(`${of ? "of its task" : "of all"} ends the saving of a running synchronisation`, async () => {
      const other = await another();
      const server = vendor(calls(5000), {
        before: async (number) => void (number === 70 && (await other.clear(of))),
      });
      const table = new CallTable();
      const store = fileStore(folder);
      const { storeError } = await client(server).syncDoneCalls(table, query, { store });
      assert.match(storeError.message, /removed since this synchronisation began/);
      assert.equal(table.length, 5000);
      assert.deepEqual(await files(".calls"), []);
      const next = await client(server).syncDoneCalls(table, query, { store });
      assert.equal(next.storeError, null);
      assert.equal((await files(".calls")).length, 1);
    });
  }
});
