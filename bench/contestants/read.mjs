// Reads response bodies for the other contestants: JSON.parse, then the eight values that the charts need. Not here:
// how a contestant stores them.

const decoder = new TextDecoder();
const shanghai = 8 * 3600;

/** The rows of a body. */
export const rowsOf = (body) => JSON.parse(decoder.decode(body)).data.list;

/** Epoch seconds of "2024-01-15 09:30:00" in Shanghai. Caches the midnight of the last date. */
export function secondsOf(text) {
  const date = text.slice(0, 10);
  if (date !== lastDate) {
    lastDate = date;
    lastMidnight = Date.parse(date) / 1000 - shanghai;
  }
  const two = (at) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
  return lastMidnight + two(11) * 3600 + two(14) * 60 + two(17);
}
let lastDate = "";
let lastMidnight = 0;

/** The intent level: 1–6 for A–F, 0 for none. */
export function levelOf(results) {
  for (const { name, value } of results) {
    if (name === "客户意向等级") return value.charCodeAt(0) - 64;
  }
  return 0;
}

/** Weekday (Monday 0) × 24 + hour in Shanghai, of epoch seconds. */
export const hourOfWeek = (seconds) => {
  const hour = Math.floor((seconds + shanghai) / 3600);
  return (hour + 72) % 168; // 1970-01-01 was a Thursday
};

/** Days since 1970-01-01 in Shanghai. */
export const dayOf = (seconds) => Math.floor((seconds + shanghai) / 86_400);

/** A day of `dayOf` as "2024-01-15". */
export const dateText = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** Calls `visit` with the values of each row of a body: the same values as `visitCalls`, parsed from text. */
export function visitBody(body, visit) {
  for (const row of rowsOf(body)) {
    visit(
      row.callInstanceId,
      row.callJobId,
      row.finishStatus,
      parseInt(row.duration, 10),
      row.chatRound,
      secondsOf(row.startTime),
      row.callerPhone,
      levelOf(row.resultList),
    );
  }
}

/** Calls `visit` with the values of each generated call. */
export function visitCalls(calls, visit) {
  const { rows, id, tasks, task, finishStatus, duration, chatRound, start, lines, line, level } =
    calls;
  for (let row = 0; row < rows; row += 1) {
    visit(
      id[row],
      tasks[task[row]].callJobId,
      finishStatus[row],
      duration[row],
      chatRound[row],
      start[row],
      lines[line[row]],
      level[row],
    );
  }
}
