// Hand-written JavaScript over typed arrays: the rival that counts. Columns as narrow as their values, texts
// as codes, two fields that are always counted together in one column; one pass over all rows for all the
// charts that a change can reach; quantiles from counts; nothing allocated per row. A plain loop with
// branches was quicker than lists of the rows that pass. Not here: keeping counts (incremental.mjs).
import {
  byCalls,
  durationEdges,
  group,
  histogram,
  roundEdges,
  statistics,
} from "../questions.mjs";
import { dateText, dayOf, hourOfWeek, visitBody, visitCalls } from "./read.mjs";

export const name = "typed arrays";

/** Rows whose least and greatest start are known. */
export const blockSize = 4096;

const kinds = {
  id: Float64Array,
  task: Uint8Array,
  duration: Uint16Array,
  /** Hour of the week. */
  cell: Uint8Array,
  day: Uint16Array,
  start: Uint32Array,
  /** × 2, + 1 if answered. */
  cellAnswered: Uint16Array,
  dayAnswered: Uint16Array,
  roundAnswered: Uint8Array,
  lineAnswered: Uint8Array,
  /** Status × 8 + level. */
  outcome: Uint8Array,
  /** Duration + 1 of an answered call, 0 of another. */
  timed: Uint16Array,
};

export class Columns {
  rows = 0;
  tasks = [];
  lines = [];
  /** The least and the greatest start of each block. */
  firsts = [];
  lasts = [];
  maxDuration = 0;
  capacity = 0;

  constructor() {
    this.reserve(blockSize);
  }

  reserve(capacity) {
    if (capacity <= this.capacity) return;
    for (const [name, Kind] of Object.entries(kinds)) {
      const old = this[name];
      this[name] = new Kind(capacity);
      if (old) this[name].set(old);
    }
    this.capacity = capacity;
  }

  add = (id, callJobId, status, duration, round, seconds, callerPhone, level) => {
    const row = this.rows;
    if (row === this.capacity) this.reserve(row * 2);
    const answered = status === 0 ? 1 : 0;
    this.id[row] = id;
    this.task[row] = code(this.tasks, callJobId);
    this.duration[row] = duration;
    this.cell[row] = hourOfWeek(seconds);
    this.day[row] = dayOf(seconds);
    this.start[row] = seconds;
    this.cellAnswered[row] = this.cell[row] * 2 + answered;
    this.dayAnswered[row] = this.day[row] * 2 + answered;
    this.roundAnswered[row] = round * 2 + answered;
    this.lineAnswered[row] = code(this.lines, callerPhone) * 2 + answered;
    this.outcome[row] = status * 8 + level;
    this.timed[row] = answered * (duration + 1);
    if (duration > this.maxDuration) this.maxDuration = duration;
    const block = Math.floor(row / blockSize);
    if (row % blockSize === 0) {
      this.firsts[block] = seconds;
      this.lasts[block] = seconds;
    } else {
      if (seconds < this.firsts[block]) this.firsts[block] = seconds;
      if (seconds > this.lasts[block]) this.lasts[block] = seconds;
    }
    this.rows = row + 1;
  };

  load(calls) {
    this.reserve(calls.rows);
    visitCalls(calls, this.add);
  }

  /** The rows in a column's order, the greatest first, ties as they came: radix sort, 12 bits at a time. */
  order(column) {
    const keys = this[column];
    const { rows } = this;
    let least = Infinity;
    let most = 0;
    for (let row = 0; row < rows; row += 1) {
      if (keys[row] < least) least = keys[row];
      if (keys[row] > most) most = keys[row];
    }
    let from = Uint32Array.from({ length: 0 });
    for (let shift = 0; shift === 0 || (most - least) >>> shift > 0; shift += 12) {
      const places = new Uint32Array(4097);
      for (let row = 0; row < rows; row += 1) places[(((most - keys[row]) >>> shift) & 4095) + 1] += 1;
      for (let digit = 0; digit < 4096; digit += 1) places[digit + 1] += places[digit];
      const to = new Uint32Array(rows);
      for (let at = 0; at < rows; at += 1) {
        const row = shift === 0 ? at : from[at];
        to[places[((most - keys[row]) >>> shift) & 4095]++] = row;
      }
      from = to;
    }
    return from;
  }

  row(at) {
    return {
      callInstanceId: this.id[at],
      callJobId: this.tasks[this.task[at]],
      callerPhone: this.lines[this.lineAnswered[at] >> 1],
      finishStatus: this.outcome[at] >> 3,
      duration: this.duration[at],
      chatRound: this.roundAnswered[at] >> 1,
      startTimeMs: this.start[at] * 1000,
    };
  }

  sorted(by) {
    const order = this.order(by === "startTimeMs" ? "start" : by);
    return (offset) => Array.from(order.subarray(offset, offset + 50), (row) => this.row(row));
  }

  get bytes() {
    return Object.keys(kinds).reduce((sum, name) => sum + this[name].byteLength, 0);
  }
}

function code(known, value) {
  const found = known.indexOf(value);
  return found >= 0 ? found : known.push(value) - 1;
}

/** What statistics, groups and histograms are made of. */
export class Counts {
  cells = new Uint32Array(168 * 2);
  rounds = new Uint32Array(256);
  lines = new Uint32Array(256);
  lineSeconds = new Float64Array(256);
  outcomes = new Uint32Array(256);
  timed = new Uint32Array(65_536);
  first = Infinity;
  last = -Infinity;

  clear(maxDuration) {
    this.cells.fill(0);
    this.rounds.fill(0);
    this.lines.fill(0);
    this.lineSeconds.fill(0);
    this.outcomes.fill(0);
    this.timed.fill(0, 0, maxDuration + 2);
  }

  /** Finds the least and the greatest start of the rows that pass, in the likeliest blocks first. */
  span({ firsts, lasts, rows, start }, passes) {
    const blocks = firsts.map((_, block) => block);
    const search = (order, edges, better, best) => {
      for (const block of order) {
        if (!better(edges[block], best)) break;
        for (let row = block * blockSize; row < Math.min(rows, (block + 1) * blockSize); row += 1) {
          if (better(start[row], best) && passes(row)) best = start[row];
        }
      }
      return best;
    };
    const byFirst = blocks.toSorted((one, other) => firsts[one] - firsts[other]);
    const byLast = blocks.toSorted((one, other) => lasts[other] - lasts[one]);
    this.first = search(byFirst, firsts, (one, other) => one < other, Infinity);
    this.last = search(byLast, lasts, (one, other) => one > other, -Infinity);
  }

  statistics({ maxDuration }) {
    const statuses = new Uint32Array(32);
    for (let outcome = 0; outcome < 256; outcome += 1) statuses[outcome >> 3] += this.outcomes[outcome];
    return statistics({
      statuses,
      durations: this.timed.subarray(1, maxDuration + 2),
      rounds: this.rounds.filter((_, at) => at % 2 === 1),
      levels: this.outcomes.subarray(0, 7),
      first: this.first,
      last: this.last,
    });
  }

  heatmap() {
    const calls = new Uint32Array(168);
    const answered = new Uint32Array(168);
    for (let cell = 0; cell < 168; cell += 1) {
      answered[cell] = this.cells[cell * 2 + 1];
      calls[cell] = this.cells[cell * 2] + answered[cell];
    }
    return { calls, answered };
  }

  roundHistogram() {
    const counts = Uint32Array.from({ length: 128 }, (_, at) => this.rounds[at * 2] + this.rounds[at * 2 + 1]);
    return histogram(counts, roundEdges);
  }

  lineGroups({ lines }) {
    const groups = [];
    lines.forEach((line, at) => {
      const answered = this.lines[at * 2 + 1];
      const calls = this.lines[at * 2] + answered;
      if (calls > 0) groups.push(group(line, calls, answered, this.lineSeconds[at * 2 + 1], answered));
    });
    return groups.sort(byCalls);
  }
}

/** 1 for the cells of these hours; for all without them. */
export const cellsOf = (hours) =>
  Uint8Array.from({ length: 256 }, (_, cell) => (!hours || hours.includes(cell % 24) ? 1 : 0));

export function open() {
  const columns = new Columns();
  return {
    load: (calls) => columns.load(calls),
    add: (body) => visitBody(body, columns.add),
    overview: (filter) => overview(columns, filter),
    linked: () => linked(columns),
    sorted: (by) => columns.sorted(by),
    memory: () => ({ numbers: columns.bytes }),
    free() {},
  };
}

function overview(columns, { tasks, hours, maxDuration }) {
  const { rows, task, cell, duration, cellAnswered, dayAnswered } = columns;
  const { roundAnswered, outcome, timed } = columns;
  const inTasks = Uint8Array.from({ length: 256 }, (_, at) => (tasks.includes(columns.tasks[at]) ? 1 : 0));
  const inHours = cellsOf(hours);
  const counts = new Counts();
  const durations = new Uint32Array(maxDuration + 1);
  const days = new Uint32Array(65_536);
  const daySeconds = new Float64Array(65_536);
  const passes = (row) =>
    duration[row] <= maxDuration && inTasks[task[row]] === 1 && inHours[cell[row]] === 1;
  for (let row = 0; row < rows; row += 1) {
    const seconds = duration[row];
    if (seconds > maxDuration || inTasks[task[row]] === 0 || inHours[cell[row]] === 0) continue;
    durations[seconds] += 1;
    counts.timed[timed[row]] += 1;
    counts.cells[cellAnswered[row]] += 1;
    counts.rounds[roundAnswered[row]] += 1;
    counts.outcomes[outcome[row]] += 1;
    days[dayAnswered[row]] += 1;
    daySeconds[dayAnswered[row]] += seconds;
  }
  counts.span(columns, passes);
  const numbers = counts.statistics(columns);
  const date = [];
  for (let day = 0; day < days.length / 2; day += 1) {
    const answered = days[day * 2 + 1];
    const calls = days[day * 2] + answered;
    if (calls > 0) date.push(group(dateText(day), calls, answered, daySeconds[day * 2 + 1], answered));
  }
  return {
    numbers,
    duration: histogram(durations, durationEdges),
    finishStatus: numbers.byFinishStatus.map(({ code, calls }) =>
      code === 0
        ? group(code, calls, calls, numbers.talkSeconds, calls)
        : group(code, calls, 0, 0, 0),
    ),
    date,
    hours: counts.heatmap(),
  };
}

function linked(columns) {
  const counts = new Counts();
  const durations = new Uint32Array(65_536);
  let bounds = null;
  let hours = null;
  let inHours = cellsOf(null);
  let durationChart;
  let seen = 0;

  function countDurations() {
    const { rows, cell, duration } = columns;
    durations.fill(0, 0, columns.maxDuration + 1);
    for (let row = 0; row < rows; row += 1) durations[duration[row]] += inHours[cell[row]];
    durationChart = histogram(durations.subarray(0, columns.maxDuration + 1), durationEdges);
  }

  function countOthers() {
    const { rows, cell, duration, cellAnswered, roundAnswered, lineAnswered, outcome } = columns;
    const { cells, rounds, lines, lineSeconds, outcomes, timed } = counts;
    const timedOf = columns.timed;
    counts.clear(columns.maxDuration);
    const [low, high] = bounds ?? [0, 65_535];
    const width = high - low;
    const passing = inHours;
    for (let row = 0; row < rows; row += 1) {
      const seconds = duration[row];
      if ((seconds - low) >>> 0 > width) continue;
      cells[cellAnswered[row]] += 1;
      if (passing[cell[row]] === 0) continue;
      const line = lineAnswered[row];
      lines[line] += 1;
      lineSeconds[line] += seconds;
      rounds[roundAnswered[row]] += 1;
      outcomes[outcome[row]] += 1;
      timed[timedOf[row]] += 1;
    }
    counts.span(columns, (row) => (duration[row] - low) >>> 0 <= width && inHours[cell[row]] === 1);
  }

  return {
    brush(next) {
      bounds = next;
    },
    hours(next) {
      hours = next;
      inHours = cellsOf(hours);
      durationChart = undefined;
    },
    read() {
      // The brushed chart is blind to its own brush.
      if (!durationChart || seen < columns.rows) {
        countDurations();
        seen = columns.rows;
      }
      countOthers();
      return {
        duration: durationChart,
        rounds: counts.roundHistogram(),
        hours: counts.heatmap(),
        lines: counts.lineGroups(columns),
        numbers: counts.statistics(columns),
      };
    },
  };
}
