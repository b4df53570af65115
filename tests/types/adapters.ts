// Components with the adapters: results have the types of their charts, and wrong brushes do not compile.
import {
  type CallStatistics,
  CallTable,
  type DoneCall,
  type Group,
  type Heatmap,
  type Histogram,
} from "byrobot-calls";
import * as react from "byrobot-calls/react";
import * as streaming from "byrobot-calls/streaming";
import * as vue from "byrobot-calls/vue";
import { computed, reactive, type Ref, ref, type ShallowUnwrapRef } from "vue";

/** The keys of several dimensions have their own types. */
export const keys: [string | null, number | null][] = new CallTable()
  .groupBy(["callerPhone", "hourOfDay"])
  .map(({ key }) => key);

declare const client: streaming.ByrobotClient;

export function inReact(callJobId: number) {
  const { table, error }: react.TableState = react.useTable(
    () => new streaming.CallTable(),
    (table, signal) => client.follow(table, { callJobId }, { signal }),
    [callJobId],
  );
  const statistics: CallStatistics | null = react.useAnswer(table, (calls) => calls.statistics());
  const call = react.useAnswer(table, (calls) => calls.get(3), [
    callJobId,
  ]) satisfies DoneCall | null;
  const linked = react.useLinked(table, {
    hours: { heatmap: true },
    lengths: { histogram: "duration", edges: [0, 10, 30] },
    lines: { groupBy: ["callerPhone", "hourOfDay"] },
    all: { statistics: true },
  });
  const { results } = linked;
  if (results !== null) {
    const hours: Heatmap = results.hours;
    const lengths: Histogram = results.lengths;
    const lines: Group<[string | null, number | null]>[] = results.lines;
    const all: CallStatistics = results.all;
    // @ts-expect-error no such chart
    void [hours, lengths, lines, all, results.none];
  }
  linked.brush("lengths", [0, 10]);
  linked.brush("lines", [["10086", 9]]);
  linked.brush("hours", null);
  linked.filter("all", { finishStatus: 0 });
  const range: readonly [number, number] | undefined = linked.brushes.lengths;
  // @ts-expect-error a histogram is brushed by two edges
  linked.brush("lengths", [0]);
  // @ts-expect-error statistics have no bars
  linked.brush("all", [1]);
  // @ts-expect-error no such chart
  linked.brush("none", [1]);
  const page: DoneCall[] = react.useRows(linked, { limit: 5, sortBy: "duration" });
  // @ts-expect-error no such chart
  react.useLinked(table, { hours: { heat: true } });
  return { statistics, call, error, range, page, view: linked.charts?.view() };
}

export function inVue(callJobId: Ref<number>) {
  const { table, error }: vue.TableRefs = vue.useTable(
    () => new CallTable(),
    (table, signal) => client.syncDoneCalls(table, { callJobId: callJobId.value }, { signal }),
  );
  const statistics: Readonly<Ref<CallStatistics | null>> = vue.useAnswer(table, (calls) =>
    calls.statistics(),
  );
  const other: Readonly<Ref<number | null>> = vue.useAnswer(
    () => table.value,
    (calls) => calls.length,
  );
  const deep: Readonly<Ref<number | null>> = vue.useAnswer(
    ref(new CallTable()),
    (calls) => calls.length,
  );
  const linked = vue.useLinked(table, {
    hours: { heatmap: true },
    lengths: { histogram: "duration", edges: [0, 10, 30] },
    lines: { groupBy: ["callerPhone", "hourOfDay"] },
    all: { statistics: true },
  });
  const rate = computed(() => {
    const read = linked.results.value;
    if (read === null) return null;
    const hours: Heatmap = read.hours;
    const lengths: Histogram = read.lengths;
    const lines: Group<[string | null, number | null]>[] = read.lines;
    // @ts-expect-error no such chart
    void [hours, lengths, lines, read.none];
    return read.all.answerRate;
  });
  linked.brush("lengths", [0, 10]);
  linked.brush("lines", [["10086", 9]]);
  linked.filter("all", { finishStatus: 0 });
  const range: readonly [number, number] | undefined = linked.brushes.lengths;
  // @ts-expect-error a histogram is brushed by two edges
  linked.brush("lengths", [0]);
  // @ts-expect-error no such chart
  linked.brush("none", [1]);
  const page = linked.rows(() => ({ limit: 5, sortBy: "duration" as const }));
  const first: DoneCall | undefined = page.value[0];
  const byGetter = vue.useLinked(table, () => ({ hours: { groupBy: "hourOfDay" } }) as const);
  const key: number | null | undefined = byGetter.results.value?.hours[0]?.key;
  byGetter.brush("hours", [9]);
  // @ts-expect-error a table belongs to the component
  table.value = null;
  // What a template sees.
  const seen = { statistics, linked: reactive({ length: linked.length }) };
  const unwrapped = seen as unknown as ShallowUnwrapRef<typeof seen>;
  const calls: number | undefined = unwrapped.statistics?.calls;
  const shown: number = unwrapped.linked.length;
  return { statistics, other, deep, error, rate, range, first, key, calls, shown };
}
