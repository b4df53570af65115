// Typed arrays with incremental counts. A brush adds and removes only the rows between its old and its new ends, by an
// index on duration; a new page of rows counts only these rows. The code supports exactly these five charts and two
// filters: that is its price. Not here: work without kept counts, which would equal `columns.mjs`.
import { durationEdges, roundEdges } from "../questions.mjs";
import { Columns, Counts, cellsOf, durations, lines, outcomes, rounds } from "./columns.mjs";
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
  /** The counts of the brushed chart, which its own brush does not filter. */
  const brushed = new Counts();
  let low = 0;
  let high = 65_535;
  let inHours = cellsOf(null);
  /** The number of rows in the counts. */
  let seen = 0;
  /** Rows by duration: those of s seconds are at `places[s]` up to `places[s + 1]`. */
  let index;
  let places;

  /** Adds a row to the counts (`by` 1) or removes it (`by` −1). */
  function countRow(facts, seconds, by) {
    const { all } = counts;
    const cell = facts & 511;
    all[cell] += by;
    if (inHours[cell] === 0) return;
    const answered = facts & 1;
    const line = lines + (((facts >>> 8) & 510) | answered);
    all[line] += by;
    all[line + 512] += by * seconds;
    all[rounds + (((facts >>> 16) & 254) | answered)] += by;
    all[outcomes + (facts >>> 24)] += by;
    all[durations + seconds * 2 + answered] += by;
  }

  function follow() {
    const { rows, duration, packed } = columns;
    if (seen < rows) index = undefined;
    for (; seen < rows; seen += 1) {
      const seconds = duration[seen];
      brushed.all[durations + seconds * 2] += inHours[packed[seen] & 511];
      if (seconds >= low && seconds <= high) countRow(packed[seen], seconds, 1);
    }
  }

  function build() {
    const { rows, duration, maxDuration } = columns;
    places = new Uint32Array(maxDuration + 3);
    index = new Uint32Array(rows);
    for (let row = 0; row < rows; row += 1) places[duration[row] + 2] += 1;
    for (let second = 0; second <= maxDuration; second += 1) {
      places[second + 2] += places[second + 1];
    }
    for (let row = 0; row < rows; row += 1) {
      index[places[duration[row] + 1]] = row;
      places[duration[row] + 1] += 1;
    }
  }

  /** Counts the rows with these durations, both ends inclusive. */
  function countSeconds(from, to, by) {
    const { packed, maxDuration } = columns;
    for (let second = from; second <= Math.min(to, maxDuration); second += 1) {
      for (let at = places[second]; at < places[second + 1]; at += 1) {
        countRow(packed[index[at]], second, by);
      }
    }
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
      brushed.clear(columns.maxDuration);
      seen = 0;
      follow();
    },
    read() {
      follow();
      const { duration, packed, maxDuration } = columns;
      const passes = (row) =>
        duration[row] >= low && duration[row] <= high && inHours[packed[row] & 511] === 1;
      return {
        duration: brushed.histogram(durations, maxDuration + 1, durationEdges),
        rounds: counts.histogram(rounds, 128, roundEdges),
        hours: counts.heatmap(),
        lines: counts.lineGroups(columns),
        // The first and the last start cannot be updated when rows leave, so they are searched.
        numbers: counts.statistics(columns, columns.span(passes)),
      };
    },
  };
}
