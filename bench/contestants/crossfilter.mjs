// crossfilter2 as dashboards use it: a dimension and a group for every chart, sums and counts by `reduce`, quantiles
// from counts in the reduction, the earliest and the latest start from the ends of a dimension.
import crossfilter from "crossfilter2";
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

export const name = "crossfilter2";

/** Counts of rows, which crossfilter updates by `reduce`. */
const tally = {
  start: () => ({
    statuses: new Uint32Array(32),
    durations: new Uint32Array(1024),
    rounds: new Uint32Array(128),
    levels: new Uint32Array(7),
  }),
  change: (by) => (counts, call) => {
    counts.statuses[call.finishStatus] += by;
    if (call.finishStatus === 0) {
      counts.durations[call.duration] += by;
      counts.rounds[call.chatRound] += by;
      counts.levels[call.level] += by;
    }
    return counts;
  },
};

const sums = {
  start: () => ({ calls: 0, answered: 0, seconds: 0 }),
  change: (by) => (counts, call) => {
    counts.calls += by;
    if (call.finishStatus === 0) {
      counts.answered += by;
      counts.seconds += by * call.duration;
    }
    return counts;
  },
};

const reducing = (target, { start, change }) => target.reduce(change(1), change(-1), start);

export function open() {
  const filter = crossfilter();
  const read = (visit) => {
    const calls = [];
    visit(
      (callInstanceId, callJobId, finishStatus, duration, chatRound, start, callerPhone, level) =>
        calls.push({
          callInstanceId,
          callJobId,
          finishStatus,
          duration,
          chatRound,
          start,
          startTimeMs: start * 1000,
          cell: hourOfWeek(start),
          day: dayOf(start),
          callerPhone,
          level,
        }),
    );
    filter.add(calls);
  };
  let view;
  return {
    load: (generated) => read((visit) => visitCalls(generated, visit)),
    add: (body) => read((visit) => visitBody(body, visit)),
    overview: (conditions) => (view ??= overview(filter))(conditions),
    /** Disposes of the view: the next queries need other dimensions. */
    forget() {
      view?.free();
      view = undefined;
    },
    linked: () => linked(filter),
    sorted(by) {
      // The creation of a dimension sorts the rows.
      const dimension = filter.dimension((call) => call[by]);
      const window = (offset) => dimension.top(50, offset);
      window.free = () => dimension.dispose();
      return window;
    },
    free: () => filter.remove(() => true),
  };
}

const count = (list, size) => {
  const counts = new Uint32Array(size);
  for (const { key, value } of list) counts[key] = value;
  return counts;
};

function heatmap(cells) {
  const calls = new Uint32Array(168);
  const answered = new Uint32Array(168);
  for (const { key, value } of cells.all()) {
    calls[key] = value.calls;
    answered[key] = value.answered;
  }
  return { calls, answered };
}

const groupsOf = (reduced, keyOf = (key) => key) =>
  reduced
    .all()
    .filter(({ value }) => value.calls > 0)
    .map(({ key, value: { calls, answered, seconds } }) =>
      group(keyOf(key), calls, answered, seconds, answered),
    );

function span(starts) {
  const [least] = starts.bottom(1);
  const [most] = starts.top(1);
  return { first: least?.start, last: most?.start };
}

function linked(filter) {
  const duration = filter.dimension((call) => call.duration);
  const rounds = filter.dimension((call) => call.chatRound);
  const cells = filter.dimension((call) => call.cell);
  const lines = filter.dimension((call) => call.callerPhone);
  const starts = filter.dimension((call) => call.start);
  const durationGroup = duration.group();
  const roundGroup = rounds.group();
  const cellGroup = reducing(cells.group(), sums);
  const lineGroup = reducing(lines.group(), sums);
  const all = reducing(filter.groupAll(), tally);
  return {
    brush: (bounds) =>
      bounds ? duration.filterRange([bounds[0], bounds[1] + 1]) : duration.filterAll(),
    hours: (hours) =>
      hours ? cells.filterFunction((cell) => hours.includes(cell % 24)) : cells.filterAll(),
    read: () => ({
      duration: histogram(count(durationGroup.all(), 1024), durationEdges),
      rounds: histogram(count(roundGroup.all(), 128), roundEdges),
      hours: heatmap(cellGroup),
      lines: groupsOf(lineGroup).sort(byCalls),
      numbers: statistics({ ...all.value(), ...span(starts) }),
    }),
    free() {
      all.dispose();
      for (const dimension of [duration, rounds, cells, lines, starts]) dimension.dispose();
    },
  };
}

function overview(filter) {
  const tasks = filter.dimension((call) => call.callJobId);
  const hours = filter.dimension((call) => call.cell % 24);
  const duration = filter.dimension((call) => call.duration);
  const statuses = filter.dimension((call) => call.finishStatus);
  const days = filter.dimension((call) => call.day);
  const cells = filter.dimension((call) => call.cell);
  const starts = filter.dimension((call) => call.start);
  const statusGroup = reducing(statuses.group(), sums);
  const dayGroup = reducing(days.group(), sums);
  const cellGroup = reducing(cells.group(), sums);
  // A group of a dimension ignores that dimension's filter. This second dimension obeys it.
  const durations = filter.dimension((call) => call.duration);
  const durationGroup = durations.group();
  const all = reducing(filter.groupAll(), tally);
  const answer = (conditions) => {
    tasks.filterFunction((task) => conditions.tasks.includes(task));
    hours.filterFunction((hour) => conditions.hours.includes(hour));
    duration.filterRange([0, conditions.maxDuration + 1]);
    return {
      numbers: statistics({ ...all.value(), ...span(starts) }),
      duration: histogram(count(durationGroup.all(), 1024), durationEdges),
      finishStatus: groupsOf(statusGroup).sort(byKey),
      date: groupsOf(dayGroup, dateText).sort(byKey),
      hours: heatmap(cellGroup),
    };
  };
  answer.free = () => {
    all.dispose();
    const dimensions = [tasks, hours, duration, statuses, days, cells, starts, durations];
    for (const dimension of dimensions) dimension.dispose();
  };
  return answer;
}
