// Requests to every endpoint of a small sandbox, for tests that compare the answers of sandboxes. Runs in Node and in a
// page.

export const small = { seed: 5, tasks: 12, callsPerTask: 40 };

const api = "/openapi/v1/task";
const post = (query) => ({
  method: "POST",
  body: JSON.stringify(query),
  headers: { "content-type": "application/json" },
});

/** What every endpoint answers, as text. */
export async function everything(fetch, base) {
  const texts = [];
  const ask = async (path, init) => {
    const text = await (await fetch(base + path, init)).text();
    texts.push(text);
    return path.startsWith(api) ? JSON.parse(text).data : text;
  };
  const tasks = await ask(`${api}/getTasks?companyId=1&pageSize=100`);
  for (const { callJobId } of tasks.list) {
    await ask(`${api}/getTaskDetail?companyId=1&taskId=${callJobId}`);
    await ask(`${api}/notDialedCustomerList`, post({ taskId: callJobId, pageSize: 50 }));
    const done = await ask(`${api}/queryDoneTaskPhones`, post({ callJobId, pageSize: 50 }));
    for (const { callInstanceId } of done.list.slice(0, 3)) {
      await ask(`${api}/phoneLogInfo?callInstanceId=${callInstanceId}`);
      await ask(`/recordings/${callInstanceId}.wav`);
    }
  }
  return texts;
}
