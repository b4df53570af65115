// arquero over typed-array columns: filters are its compiled expressions, groups and sums use its verbs.
import * as aq from "arquero";
import {
  byCalls,
  byKey,
  durationEdges,
  engagedRounds,
  group,
  histogram,
  quantiles,
  rate,
  roundEdges,
  statusRates,
  unusable,
} from "../questions.mjs";
import { dateText, dayOf, hourOfWeek, visitBody, visitCalls } from "./read.mjs";

export const name = "arquero";

const { op } = aq;

export function open() {
  const lines = [];
  let table;
  const read = (rows, visit) => {
    const columns = {
      callInstanceId: new Float64Array(rows),
      callJobId: new Uint32Array(rows),
      finishStatus: new Uint8Array(rows),
      duration: new Uint16Array(rows),
      chatRound: new Uint8Array(rows),
      startTimeMs: new Float64Array(rows),
      line: new Uint8Array(rows),
      level: new Uint8Array(rows),
      cell: new Uint8Array(rows),
      day: new Uint16Array(rows),
    };
    let row = 0;
    visit((id, job, status, duration, round, seconds, callerPhone, level) => {
      columns.callInstanceId[row] = id;
      columns.callJobId[row] = job;
      columns.finishStatus[row] = status;
      columns.duration[row] = duration;
      columns.chatRound[row] = round;
      columns.startTimeMs[row] = seconds * 1000;
      if (!lines.includes(callerPhone)) lines.push(callerPhone);
      columns.line[row] = lines.indexOf(callerPhone);
      columns.level[row] = level;
      columns.cell[row] = hourOfWeek(seconds);
      columns.day[row] = dayOf(seconds);
      row += 1;
    });
    for (const name of Object.keys(columns)) columns[name] = columns[name].subarray(0, row);
    const more = aq.table(columns);
    table = table ? table.concat(more) : more;
  };
  return {
    load: (calls) => read(calls.rows, (visit) => visitCalls(calls, visit)),
    add: (body) => read(50, (visit) => visitBody(body, visit)),
    overview({ tasks, hours, maxDuration }) {
      const passing = table
        .params({ tasks, hours, maxDuration })
        .filter(
          (d, $) =>
            d.duration <= $.maxDuration &&
            op.includes($.tasks, d.callJobId) &&
            op.includes($.hours, d.cell % 24),
        )
        .reify();
      return {
        numbers: statistics(passing),
        duration: histogram(counts(passing, "duration", 1024), durationEdges),
        finishStatus: groups(passing, "finishStatus").sort(byKey),
        date: groups(passing, "day", dateText).sort(byKey),
        hours: heatmap(passing),
      };
    },
    linked: () => linked(() => table, lines),
    sorted(by) {
      const rows = table.orderby(aq.desc(by));
      return (offset) => rows.slice(offset, offset + 50).objects();
    },
    free() {
      table = undefined;
    },
  };
}

function linked(current, lines) {
  let bounds = null;
  let hours = null;
  let duration;
  let seen = 0;
  const inHours = (table) =>
    hours ? table.params({ hours }).filter((d, $) => op.includes($.hours, d.cell % 24)) : table;
  return {
    brush(next) {
      bounds = next;
    },
    hours(next) {
      hours = next;
      duration = undefined;
    },
    read() {
      const table = current();
      const [low, high] = bounds ?? [0, 65_535];
      const brushed = table
        .params({ low, high })
        .filter((d, $) => d.duration >= $.low && d.duration <= $.high)
        .reify();
      const passing = inHours(brushed).reify();
      // The brush does not filter its own chart.
      if (!duration || seen < table.numRows()) {
        duration = histogram(counts(inHours(table), "duration", 1024), durationEdges);
        seen = table.numRows();
      }
      return {
        duration,
        rounds: histogram(counts(passing, "chatRound", 128), roundEdges),
        hours: heatmap(brushed),
        lines: groups(passing, "line", (line) => lines[line]).sort(byCalls),
        numbers: statistics(passing),
      };
    },
  };
}

function counts(table, column, size) {
  const found = new Uint32Array(size);
  const grouped = table.groupby(column).count();
  const [keys, numbers] = [grouped.array(column), grouped.array("count")];
  keys.forEach((key, at) => (found[key] = numbers[at]));
  return found;
}

function heatmap(table) {
  const calls = counts(table, "cell", 168);
  const answered = counts(
    table.filter((d) => d.finishStatus === 0),
    "cell",
    168,
  );
  return { calls, answered };
}

const groups = (table, column, keyOf = (key) => key) =>
  table
    .groupby(column)
    .rollup({
      calls: () => op.count(),
      answered: (d) => op.sum(d.finishStatus === 0 ? 1 : 0),
      seconds: (d) => op.sum(d.finishStatus === 0 ? d.duration : 0),
    })
    .objects({ limit: Infinity })
    .map((found) =>
      group(keyOf(found[column]), found.calls, found.answered, found.seconds, found.answered),
    );

function statistics(table) {
  const statuses = counts(table, "finishStatus", 32);
  const talks = table.filter((d) => d.finishStatus === 0).reify();
  const levels = counts(talks, "level", 7);
  const all = table
    .rollup({ first: (d) => op.min(d.startTimeMs), last: (d) => op.max(d.startTimeMs) })
    .object();
  const found = talks
    .params({ engagedRounds })
    .rollup({
      seconds: (d) => op.sum(d.duration),
      minutes: (d) => op.sum(op.ceil(d.duration / 60)),
      short: (d) => op.sum(d.duration < 10 ? 1 : 0),
      long: (d) => op.sum(d.duration >= 60 ? 1 : 0),
      rounds: (d) => op.sum(d.chatRound),
      firstRound: (d) => op.sum(d.chatRound <= 1 ? 1 : 0),
      engaged: (d, $) => op.sum(d.chatRound > $.engagedRounds ? 1 : 0),
      ...Object.fromEntries(quantiles.map((q) => [`q${q}`, op.quantile("duration", q)])),
    })
    .object();
  const calls = table.numRows();
  const answered = talks.numRows();
  const useful = calls - unusable.reduce((sum, code) => sum + statuses[code], 0);
  return {
    calls,
    answered,
    answerRate: rate(answered, calls),
    effectiveAnswerRate: rate(answered, useful),
    byFinishStatus: Array.from(statuses, (calls, code) => ({ code, calls })).filter(
      ({ calls }) => calls > 0,
    ),
    talkSeconds: answered > 0 ? found.seconds : 0,
    billableMinutes: answered > 0 ? found.minutes : 0,
    meanDuration: rate(found.seconds, answered),
    durationQuantiles: answered > 0 ? quantiles.map((q) => ({ q, seconds: found[`q${q}`] })) : [],
    shortCallRate: rate(found.short, answered),
    longCallRate: rate(found.long, answered),
    meanRounds: rate(found.rounds, answered),
    engagedRate: rate(found.engaged, answered),
    intent: [..."ABCDEF"]
      .map((level, at) => ({ level, calls: levels[at + 1] }))
      .filter(({ calls }) => calls > 0),
    intentRate: rate(levels[1] + levels[2], answered),
    ...statusRates(calls, (code) => statuses[code]),
    firstRoundRate: rate(found.firstRound, answered),
    intentPerHundredMinutes: rate(100 * (levels[1] + levels[2]), found.minutes ?? 0),
    firstStartMs: calls > 0 ? all.first : null,
    lastStartMs: calls > 0 ? all.last : null,
    unreadable: { duration: 0, startTime: 0, finishStatus: 0 },
  };
}
