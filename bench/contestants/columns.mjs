// Hand-written JavaScript over typed arrays, the main comparison of the benchmark. Two narrow columns hold the packed
// inputs of the counts of each row; one array holds all counts; one pass over the rows updates every affected chart;
// quantiles are computed from counts; no row allocates memory. Slower in trials: a column for each field, lists of
// passing rows, loops without branches. Not here: counts that are kept between changes (incremental.mjs).
import { byCalls, durationEdges, group, histogram, roundEdges, statistics } from "../questions.mjs";
import { dateText, dayOf, hourOfWeek, visitBody, visitCalls } from "./read.mjs";

export const name = "typed arrays";

/** The number of rows in a block. Each block has a known earliest and latest start. */
const blockSize = 4096;

const kinds = {
  duration: Uint16Array,
  /** Bit 0: answered; 1–8: hour of the week; 9–16: line; 17–23: rounds; 24–31: status × 8 + level. */
  packed: Uint32Array,
  start: Uint32Array,
  day: Uint16Array,
  task: Uint8Array,
  id: Float64Array,
};

export class Columns {
  rows = 0;
  capacity = 0;
  tasks = [];
  lines = [];
  maxDuration = 0;
  /** The earliest and the latest start of each block. */
  firsts = [];
  lasts = [];

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
    this.id[row] = id;
    this.task[row] = code(this.tasks, callJobId);
    this.duration[row] = duration;
    this.day[row] = dayOf(seconds);
    this.start[row] = seconds;
    this.packed[row] =
      (status === 0 ? 1 : 0) |
      (hourOfWeek(seconds) << 1) |
      (code(this.lines, callerPhone) << 9) |
      (round << 17) |
      (status << 27) |
      (level << 24);
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

  /** The earliest and the latest start of the rows that pass. Searches the most likely blocks first. */
  span(passes) {
    const { firsts, lasts, rows, start } = this;
    const blocks = firsts.map((_, block) => block);
    let first = Infinity;
    for (const block of blocks.toSorted((one, other) => firsts[one] - firsts[other])) {
      if (firsts[block] >= first) break;
      const end = Math.min(rows, (block + 1) * blockSize);
      for (let row = block * blockSize; row < end; row += 1) {
        if (start[row] < first && passes(row)) first = start[row];
      }
    }
    let last = -Infinity;
    for (const block of blocks.toSorted((one, other) => lasts[other] - lasts[one])) {
      if (lasts[block] <= last) break;
      const end = Math.min(rows, (block + 1) * blockSize);
      for (let row = block * blockSize; row < end; row += 1) {
        if (start[row] > last && passes(row)) last = start[row];
      }
    }
    return { first, last };
  }

  /** Rows sorted by a column, the greatest first, stable: radix sort by 12 bits at a time. */
  order(column) {
    const keys = this[column];
    const { rows } = this;
    let least = Infinity;
    let most = 0;
    for (let row = 0; row < rows; row += 1) {
      if (keys[row] < least) least = keys[row];
      if (keys[row] > most) most = keys[row];
    }
    let from = new Uint32Array(rows);
    let to = new Uint32Array(rows);
    for (let row = 0; row < rows; row += 1) from[row] = row;
    for (let shift = 0; (most - least) >>> shift > 0; shift += 12) {
      const places = new Uint32Array(4097);
      for (let row = 0; row < rows; row += 1) {
        places[(((most - keys[row]) >>> shift) & 4095) + 1] += 1;
      }
      for (let digit = 0; digit < 4096; digit += 1) places[digit + 1] += places[digit];
      for (let at = 0; at < rows; at += 1) {
        const digit = ((most - keys[from[at]]) >>> shift) & 4095;
        to[places[digit]] = from[at];
        places[digit] += 1;
      }
      [from, to] = [to, from];
    }
    return from;
  }

  row(at) {
    const packed = this.packed[at];
    return {
      callInstanceId: this.id[at],
      callJobId: this.tasks[this.task[at]],
      callerPhone: this.lines[(packed >>> 9) & 255],
      finishStatus: packed >>> 27,
      duration: this.duration[at],
      chatRound: (packed >>> 17) & 127,
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

/** Offsets in `Counts`. All sections but `outcomes` hold pairs: not answered, answered. */
export const cells = 0;
export const lines = 512;
export const lineSeconds = 1024;
export const rounds = 1536;
export const outcomes = 1792;
export const durations = 2048;

/** All counts of the rows that pass. */
export class Counts {
  all = new Uint32Array(durations + 2 * 65_536);

  /** The pair at index `at` of the section at `from`: all calls, and answered ones. */
  pair(from, at) {
    const answered = this.all[from + at * 2 + 1];
    return { calls: this.all[from + at * 2] + answered, answered };
  }

  clear(maxDuration) {
    this.all.fill(0, 0, durations + 2 * (maxDuration + 1));
  }

  statistics({ maxDuration }, span) {
    const statuses = new Uint32Array(32);
    const talks = new Uint32Array(maxDuration + 1);
    const answeredRounds = new Uint32Array(128);
    for (let at = 0; at < 256; at += 1) statuses[at >> 3] += this.all[outcomes + at];
    for (let at = 0; at <= maxDuration; at += 1) talks[at] = this.all[durations + at * 2 + 1];
    for (let at = 0; at < 128; at += 1) answeredRounds[at] = this.all[rounds + at * 2 + 1];
    const levels = this.all.subarray(outcomes, outcomes + 7);
    return statistics({ statuses, durations: talks, rounds: answeredRounds, levels, ...span });
  }

  heatmap() {
    const calls = new Uint32Array(168);
    const answered = new Uint32Array(168);
    for (let cell = 0; cell < 168; cell += 1) {
      answered[cell] = this.all[cells + cell * 2 + 1];
      calls[cell] = this.all[cells + cell * 2] + answered[cell];
    }
    return { calls, answered };
  }

  histogram(from, length, edges) {
    const counts = new Uint32Array(length);
    for (let at = 0; at < length; at += 1) {
      counts[at] = this.all[from + at * 2] + this.all[from + at * 2 + 1];
    }
    return histogram(counts, edges);
  }

  lineGroups(columns) {
    const groups = columns.lines.map((line, at) => {
      const { calls, answered } = this.pair(lines, at);
      return group(line, calls, answered, this.all[lineSeconds + at * 2 + 1], answered);
    });
    return groups.filter(({ calls }) => calls > 0).sort(byCalls);
  }
}

/** 1 for each cell (hour of the week × answered) whose hour of the day is in `hours`; without `hours` 1 for all. */
export const cellsOf = (hours) =>
  Uint8Array.from({ length: 512 }, (_, at) => (!hours || hours.includes((at >> 1) % 24) ? 1 : 0));

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

function overview(columns, filter) {
  const { rows, task, duration, packed, day, maxDuration } = columns;
  const most = filter.maxDuration;
  const inTasks = Uint8Array.from({ length: 256 }, (_, at) =>
    filter.tasks.includes(columns.tasks[at]) ? 1 : 0,
  );
  const inHours = cellsOf(filter.hours);
  const counts = new Counts();
  const { all } = counts;
  const days = new Uint32Array(2 * 65_536);
  const daySeconds = new Uint32Array(2 * 65_536);
  for (let row = 0; row < rows; row += 1) {
    const seconds = duration[row];
    if (seconds > most || inTasks[task[row]] === 0) continue;
    const facts = packed[row];
    if (inHours[facts & 511] === 0) continue;
    const answered = facts & 1;
    const date = day[row] * 2 + answered;
    days[date] += 1;
    daySeconds[date] += seconds;
    all[facts & 511] += 1;
    all[rounds + (((facts >>> 16) & 254) | answered)] += 1;
    all[outcomes + (facts >>> 24)] += 1;
    all[durations + seconds * 2 + answered] += 1;
  }
  const passes = (row) =>
    duration[row] <= most && inTasks[task[row]] === 1 && inHours[packed[row] & 511] === 1;
  const numbers = counts.statistics(columns, columns.span(passes));
  const date = [];
  for (let at = 0; at < days.length; at += 2) {
    const calls = days[at] + days[at + 1];
    if (calls > 0)
      date.push(group(dateText(at / 2), calls, days[at + 1], daySeconds[at + 1], days[at + 1]));
  }
  return {
    numbers,
    duration: counts.histogram(durations, maxDuration + 1, durationEdges),
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
  const brushed = new Counts();
  let low = 0;
  let high = 65_535;
  let inHours = cellsOf(null);
  let durationChart;
  let seen = 0;

  /** The counts of the brushed chart, which its own brush does not filter. */
  function countDurations() {
    const { rows, duration, packed, maxDuration } = columns;
    const { all } = brushed;
    const hours = inHours;
    brushed.clear(maxDuration);
    for (let row = 0; row < rows; row += 1)
      all[durations + duration[row] * 2] += hours[packed[row] & 511];
    durationChart = brushed.histogram(durations, maxDuration + 1, durationEdges);
  }

  function countOthers() {
    const { rows, duration, packed } = columns;
    const { all } = counts;
    const hours = inHours;
    const least = low;
    const width = high - low;
    counts.clear(columns.maxDuration);
    for (let row = 0; row < rows; row += 1) {
      const seconds = duration[row];
      if ((seconds - least) >>> 0 > width) continue;
      const facts = packed[row];
      const cell = facts & 511;
      all[cell] += 1;
      if (hours[cell] === 0) continue;
      const answered = facts & 1;
      const line = lines + (((facts >>> 8) & 510) | answered);
      all[line] += 1;
      all[line + 512] += seconds;
      all[rounds + (((facts >>> 16) & 254) | answered)] += 1;
      all[outcomes + (facts >>> 24)] += 1;
      all[durations + seconds * 2 + answered] += 1;
    }
  }

  return {
    brush(bounds) {
      [low, high] = bounds ?? [0, 65_535];
    },
    hours(hours) {
      inHours = cellsOf(hours);
      durationChart = undefined;
    },
    read() {
      if (!durationChart || seen < columns.rows) {
        countDurations();
        seen = columns.rows;
      }
      countOthers();
      const { duration, packed } = columns;
      const passes = (row) =>
        duration[row] >= low && duration[row] <= high && inHours[packed[row] & 511] === 1;
      return {
        duration: durationChart,
        rounds: counts.histogram(rounds, 128, roundEdges),
        hours: counts.heatmap(),
        lines: counts.lineGroups(columns),
        numbers: counts.statistics(columns, columns.span(passes)),
      };
    },
  };
}
