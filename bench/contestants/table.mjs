// CallTable, the table of this package. It uses only the public API, as a page does.
import { CallTable } from "byrobot-calls";
import { durationEdges, linkedCharts } from "../questions.mjs";

export const name = "CallTable";

export function open() {
  const table = new CallTable();
  return {
    add: (body) => table.ingest(body),
    overview({ tasks, hours, maxDuration }) {
      const view = table.where({
        callJobId: tasks,
        hourOfDay: hours,
        duration: { max: maxDuration },
      });
      const answers = {
        numbers: view.statistics(),
        duration: view.histogram("duration", { edges: durationEdges }),
        finishStatus: view.groupBy("finishStatus"),
        date: view.groupBy("date"),
        hours: view.heatmap(),
      };
      view.free();
      return answers;
    },
    linked() {
      const charts = table.linked(linkedCharts);
      return {
        brush: (bounds) =>
          charts.filter("duration", bounds && { duration: { min: bounds[0], max: bounds[1] } }),
        hours: (hours) => charts.filter("hours", hours && { hourOfDay: hours }),
        read: () => charts.read(),
        free: () => charts.free(),
      };
    },
    sorted(sortBy) {
      const view = table.where({});
      const window = (offset) => view.rows({ sortBy, descending: true, offset, limit: 50 });
      window.free = () => view.free();
      return window;
    },
    memory: () => table.memory(),
    free: () => table.free(),
  };
}
