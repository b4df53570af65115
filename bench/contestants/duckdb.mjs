// DuckDB compiled to wasm, loaded through Arrow. Two queries serve five charts: grouping sets over one scan, and counts
// by value for the quantiles. Other queries were slower in trials. Not here: how DuckDB starts (`duckdb-node.mjs`,
// `duckdb-chromium.mjs`).
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import {
  byCalls,
  byKey,
  durationEdges,
  group,
  histogram,
  roundEdges,
  statistics,
} from "../questions.mjs";
import { dateText, dayOf, hourOfWeek, visitBody, visitCalls } from "./read.mjs";

export const name = "duckdb-wasm";

/** `connect` returns `{ query, insert, close }`, whose results may be promises. */
export async function open({ connect }) {
  const connection = await connect();
  const lines = [];
  let rows = 0;
  const read = (most, visit) => {
    const columns = {
      callInstanceId: new Float64Array(most),
      callJobId: new Uint32Array(most),
      finishStatus: new Uint8Array(most),
      duration: new Uint16Array(most),
      chatRound: new Uint8Array(most),
      start: new Uint32Array(most),
      line: new Uint8Array(most),
      level: new Uint8Array(most),
      cell: new Uint8Array(most),
      day: new Uint16Array(most),
    };
    let row = 0;
    visit((id, job, status, duration, round, seconds, callerPhone, level) => {
      columns.callInstanceId[row] = id;
      columns.callJobId[row] = job;
      columns.finishStatus[row] = status;
      columns.duration[row] = duration;
      columns.chatRound[row] = round;
      columns.start[row] = seconds;
      if (!lines.includes(callerPhone)) lines.push(callerPhone);
      columns.line[row] = lines.indexOf(callerPhone);
      columns.level[row] = level;
      columns.cell[row] = hourOfWeek(seconds);
      columns.day[row] = dayOf(seconds);
      row += 1;
    });
    for (const name of Object.keys(columns)) columns[name] = columns[name].subarray(0, row);
    const bytes = tableToIPC(tableFromArrays(columns), { format: "stream" });
    const create = rows === 0;
    rows += row;
    return connection.insert(bytes, { name: "calls", create });
  };
  /** The counts of the grouping sets, by the key of each set. */
  const countSets = async (source, condition, sets) => {
    const which = sets.map((set, at) => `when grouping(${set}) = 0 then ${at}`).join(" ");
    const keys = sets.map((set, at) => `when grouping(${set}) = 0 then ${set}`).join(" ");
    const result = await connection.query(
      `select (case ${which} end)::integer as which, (case ${keys} end)::integer as key,
         count(*)::integer as calls, (count(*) filter (finishStatus = 0))::integer as answered,
         coalesce(sum(duration) filter (finishStatus = 0), 0)::double as seconds,
         min(start)::double as first, max(start)::double as last
       from ${source} where ${condition} group by grouping sets (${sets.map((set) => `(${set})`)})`,
    );
    const fields = ["which", "key", "calls", "answered", "seconds", "first", "last"];
    const columns = fields.map((name) => result.getChild(name).toArray());
    const found = sets.map(() => []);
    for (let row = 0; row < result.numRows; row += 1) {
      const [set, key, calls, answered, seconds, first, last] = columns.map(
        (column) => column[row],
      );
      found[set].push({ key, calls, answered, seconds, first, last });
    }
    return found;
  };
  return {
    load: (calls) => read(calls.rows, (visit) => visitCalls(calls, visit)),
    add: (body) => read(50, (visit) => visitBody(body, visit)),
    async overview({ tasks, hours, maxDuration }) {
      const condition = `callJobId in (${tasks}) and cell % 24 in (${hours}) and duration <= ${maxDuration}`;
      const sets = ["duration", "finishStatus", "day", "cell", "chatRound", "outcome"];
      const source = `(select *, finishStatus * 8 + level as outcome from calls)`;
      const [durations, statuses, days, cells, rounds, outcomes] = await countSets(
        source,
        condition,
        sets,
      );
      return {
        numbers: numbersOf(statuses, durations, rounds, outcomes),
        duration: histogram(counts(durations, "calls", 1024), durationEdges),
        finishStatus: groups(statuses).sort(byKey),
        date: groups(days, dateText).sort(byKey),
        hours: heatmap(cells),
      };
    },
    linked: () => linked(countSets, lines, () => rows),
    sorted(by) {
      const column = by === "startTimeMs" ? "start" : by;
      return async (offset) => {
        const result = await connection.query(
          `select callInstanceId, callJobId, finishStatus, duration, chatRound, line, start
           from calls order by ${column} desc, rowid limit 50 offset ${offset}`,
        );
        return result.toArray().map((row) => row.toJSON());
      };
    },
    free: () => connection.close(),
  };
}

const counts = (list, field, size) => {
  const found = new Uint32Array(size);
  for (const item of list) found[item.key] = item[field];
  return found;
};

const heatmap = (cells) => ({
  calls: counts(cells, "calls", 168),
  answered: counts(cells, "answered", 168),
});

const groups = (list, keyOf = (key) => key) =>
  list.map(({ key, calls, answered, seconds }) =>
    group(keyOf(key), calls, answered, seconds, answered),
  );

function numbersOf(statuses, durations, rounds, outcomes) {
  return statistics({
    statuses: counts(statuses, "calls", 32),
    durations: counts(durations, "answered", 1024),
    rounds: counts(rounds, "answered", 128),
    levels: counts(
      outcomes.filter(({ key }) => key < 8),
      "calls",
      7,
    ),
    first: statuses.reduce((least, { first }) => Math.min(least, first), Infinity),
    last: statuses.reduce((most, { last }) => Math.max(most, last), -Infinity),
  });
}

function linked(countSets, lines, rows) {
  let bounds = null;
  let hours = null;
  let duration;
  let seen = 0;
  return {
    brush(next) {
      bounds = next;
    },
    hours(next) {
      hours = next;
      duration = undefined;
    },
    async read() {
      const brushed = bounds ? `duration between ${bounds[0]} and ${bounds[1]}` : "true";
      const inHours = hours ? `cell % 24 in (${hours})` : "true";
      const [cells] = await countSets("calls", brushed, ["cell"]);
      const sets = ["line", "chatRound", "duration", "finishStatus", "outcome"];
      const [byLine, rounds, durations, statuses, outcomes] = await countSets(
        "(select *, finishStatus * 8 + level as outcome from calls)",
        `${brushed} and ${inHours}`,
        sets,
      );
      // The brush does not filter its own chart.
      if (!duration || seen < rows()) {
        seen = rows();
        const [all] = await countSets("calls", inHours, ["duration"]);
        duration = histogram(counts(all, "calls", 1024), durationEdges);
      }
      return {
        duration,
        rounds: histogram(counts(rounds, "calls", 128), roundEdges),
        hours: heatmap(cells),
        lines: groups(byLine, (line) => lines[line]).sort(byCalls),
        numbers: numbersOf(statuses, durations, rounds, outcomes),
      };
    },
  };
}
