// Typed arrays again, and counts that are kept: a brush adds and takes away only the rows between its old and
// its new ends, which an index by duration lists; a page of new rows counts those rows alone. Made for
// exactly these five charts and these two filters, which is what such code costs. For work that keeps
// nothing it would be `columns.mjs` again.
import { durationEdges, histogram } from "../questions.mjs";
import { Columns, Counts, cellsOf } from "./columns.mjs";
import { visitBody } from "./read.mjs";

export const name = "typed arrays, incremental";

export function open() {
  const columns = new Columns();
  return {
    load: (calls) => columns.load(calls),
    add: (body) => visitBody(body, columns.add),
    linked: () => linked(columns),
    memory: () => ({ numbers: columns.bytes }),
    free() {},
  };
}

function linked(columns) {
  const counts = new Counts();
  const durations = new Uint32Array(65_536);
  let low = 0;
  let high = 65_535;
  let inHours = cellsOf(null);
  /** Rows that are in the counts. */
  let seen = 0;
  /** Rows by duration: those of second s from `places[s]` up to `places[s + 1]`. */
  let index;
  let places;

  function countRow(row, by) {
    const { cell, duration, cellAnswered, roundAnswered, lineAnswered, outcome, timed } = columns;
    counts.cells[cellAnswered[row]] += by;
    if (inHours[cell[row]] === 0) return;
    const line = lineAnswered[row];
    counts.lines[line] += by;
    counts.lineSeconds[line] += by * duration[row];
    counts.rounds[roundAnswered[row]] += by;
    counts.outcomes[outcome[row]] += by;
    counts.timed[timed[row]] += by;
  }

  function follow() {
    const { rows, duration, cell } = columns;
    if (seen < rows) index = undefined;
    for (; seen < rows; seen += 1) {
      durations[duration[seen]] += inHours[cell[seen]];
      if (duration[seen] >= low && duration[seen] <= high) countRow(seen, 1);
    }
  }

  function build() {
    const { rows, duration, maxDuration } = columns;
    places = new Uint32Array(maxDuration + 3);
    index = new Uint32Array(rows);
    for (let row = 0; row < rows; row += 1) places[duration[row] + 2] += 1;
    for (let second = 0; second <= maxDuration; second += 1) places[second + 2] += places[second + 1];
    for (let row = 0; row < rows; row += 1) index[places[duration[row] + 1]++] = row;
  }

  /** Counts the rows with these seconds, both ends inclusive. */
  function countSeconds(from, to, by) {
    const end = places[Math.min(to, columns.maxDuration) + 1];
    for (let at = places[Math.min(from, columns.maxDuration + 1)]; at < end; at += 1) countRow(index[at], by);
  }

  return {
    brush(bounds) {
      follow();
      if (!index) build();
      const [newLow, newHigh] = bounds ?? [0, 65_535];
      if (newLow > high || newHigh < low) {
        countSeconds(low, high, -1);
        countSeconds(newLow, newHigh, 1);
      } else {
        if (newLow < low) countSeconds(newLow, low - 1, 1);
        if (newLow > low) countSeconds(low, newLow - 1, -1);
        if (newHigh > high) countSeconds(high + 1, newHigh, 1);
        if (newHigh < high) countSeconds(newHigh + 1, high, -1);
      }
      [low, high] = [newLow, newHigh];
    },
    hours(hours) {
      inHours = cellsOf(hours);
      counts.clear(columns.maxDuration);
      durations.fill(0);
      seen = 0;
      follow();
    },
    read() {
      follow();
      const { duration, cell } = columns;
      // These cannot be taken away: they are looked for.
      counts.span(
        columns,
        (row) => duration[row] >= low && duration[row] <= high && inHours[cell[row]] === 1,
      );
      return {
        duration: histogram(durations.subarray(0, columns.maxDuration + 1), durationEdges),
        rounds: counts.roundHistogram(),
        hours: counts.heatmap(),
        lines: counts.lineGroups(columns),
        numbers: counts.statistics(columns),
      };
    },
  };
}
