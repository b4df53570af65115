// A mock vendor in memory; a test can change its lists during a pagination.

/** A finished call as the vendor writes it. */
export const call = (id, fields = {}) => ({
  callInstanceId: id,
  callJobId: 62,
  duration: 5,
  ...fields,
});

/**
 * `list` holds the rows, newest first; `before(number, asked)` is called before each answer and may
 * change it, or give an answer of its own. `asked` are the requests, `signals` theirs, `aborted` counts those cancelled.
 */
export function vendor(list, { before = () => {}, counted = true, paged = true, delay = 0 } = {}) {
  const self = { list, asked: [], signals: [], aborted: 0, inFlight: 0, mostInFlight: 0, fetch };
  async function fetch(...given) {
    const request = new Request(...given);
    const asked =
      request.method === "GET"
        ? Object.fromEntries(new URL(request.url).searchParams)
        : await request.json();
    self.asked.push(asked);
    self.signals.push(request.signal);
    self.inFlight += 1;
    self.mostInFlight = Math.max(self.mostInFlight, self.inFlight);
    try {
      const own = await before(self.asked.length, asked, request.signal);
      await pause(delay, request.signal);
      if (own) return own;
      const [page, size] = [paged ? Number(asked.pageNum) : 1, Number(asked.pageSize)];
      let rows = self.list;
      if (asked.index !== undefined && self.byIndex) {
        rows = rows.filter((row) => row.callIndex > asked.index).toReversed();
      }
      return Response.json({
        code: 200,
        data: {
          pageNum: page,
          pageSize: size,
          total: counted ? rows.length : null,
          list: rows.slice((page - 1) * size, page * size),
        },
      });
    } catch (error) {
      self.aborted += 1;
      throw error;
    } finally {
      self.inFlight -= 1;
    }
  }
  return self;
}

/** Waits; rejects when the signal is aborted. Without time it needs no timer. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const [timer, clear] =
      ms > 0 ? [setTimeout(resolve, ms), clearTimeout] : [setImmediate(resolve), clearImmediate];
    signal.addEventListener("abort", () => {
      clear(timer);
      reject(signal.reason);
    });
  });
}

/** So many calls, newest first, with ids falling. */
export const calls = (count, from = 1) =>
  Array.from({ length: count }, (_, index) => call(from + count - 1 - index));
