// The charts of a set of the company's calls: what passes the choices, what is there without them, and what was there in
// the period before. Not here: the choices as text and filters (choices.ts).
import type { CallFilter, CallSet, CallStatistics, ChartResult } from "byrobot-calls/streaming";
import { useLinked, type LinkedRefs } from "byrobot-calls/vue";
import { refThrottled, useDebounceFn } from "@vueuse/core";
import {
  computed,
  inject,
  provide,
  shallowRef,
  watch,
  watchEffect,
  type ComputedRef,
  type InjectionKey,
  type Ref,
  type ShallowRef,
} from "vue";
import { useI18n } from "vue-i18n";
import { useRoute, useRouter } from "vue-router";
import { choiceNames, filterOf, funnelSteps, readChoices, writeChoices } from "./choices";
import type { ChoiceName, Choices } from "./choices";
import { type Axes, specs, type Specs, type TimeUnit } from "./specs";
import { DAY } from "../format/shanghai";
import { useCompanyCalls } from "../company/calls";
import { useCalmAnswer } from "../company/useCalmAnswer";
import { boundsOf, type Period } from "../query/period";

export type Results = { [Name in keyof Specs]: ChartResult<Specs[Name]> };

export interface Analysis {
  readonly choices: Readonly<ShallowRef<Choices>>;
  /** Chooses on a chart; null removes the choice. */
  choose<Name extends ChoiceName>(name: Name, choice: Choices[Name] | null): void;
  clear(): void;
  /** A part of a customer's name or number. */
  readonly search: Ref<string>;
  /** The name of the result that is charted. */
  readonly resultName: Ref<string>;
  /** What passes the choices; each chart without its own choice. Null before the table is there. */
  readonly now: LinkedRefs<Specs>;
  /** The same without any choice. */
  readonly all: ComputedRef<Results | null>;
  /** The task that is compared with; null: the period before is. */
  readonly pinned: ComputedRef<number | null>;
  pin(callJobId: number | null): void;
  /** What the comparison is called. */
  readonly beforeName: ComputedRef<string>;
  /** Milliseconds from the compared times to those of the page; null: there is nothing to compare with. */
  readonly shift: ComputedRef<number | null>;
  /** The numbers compared with, with the same choices; null without such calls. */
  readonly before: ComputedRef<CallStatistics | null>;
  /** The times compared with, without choices. */
  readonly timesBefore: ComputedRef<Results["times"] | null>;
  /** The filter of the calls of the page. */
  readonly scope: ComputedRef<CallFilter>;
  readonly axes: ComputedRef<Axes>;
  /** The spans of the chart over time. */
  readonly unit: ComputedRef<TimeUnit>;
  /** For a single day: the same weekdays of the four weeks before; without calls: none. */
  readonly sameWeekdays: ComputedRef<Results["times"][] | null>;
  /** Calls that reach each step of the funnel. */
  readonly funnel: ComputedRef<{ passing: number[]; all: number[] } | null>;
}

const key: InjectionKey<Analysis> = Symbol("analysis");

/** The filter of the calls that pass all of these. */
const every = (filters: readonly CallFilter[]): CallFilter => ({
  not: { anyOf: filters.map((filter) => ({ not: filter })) },
});

function stepCounts(calls: CallSet): number[] {
  return funnelSteps.map(({ filter }) => {
    using step = calls.where(filter);
    return step.length;
  });
}

export function provideAnalysis(
  scope: () => CallFilter,
  period: Period,
  resultName: Ref<string>,
): Analysis {
  const { table } = useCompanyCalls();
  const { t } = useI18n();
  const route = useRoute();
  const router = useRouter();
  const choices = shallowRef(readChoices(route.query));
  const search = shallowRef(typeof route.query["q"] === "string" ? route.query["q"] : "");

  const inScope = computed((): CallFilter => ({
    ...scope(),
    startTime: boundsOf(period.span.value),
  }));
  const unit = computed((): TimeUnit => {
    const { from, to } = period.span.value;
    return from !== null && to !== null && to - from <= DAY ? "quarterHour" : "day";
  });
  const axes = computed((): Axes => ({ result: resultName.value, unit: unit.value }));
  const now = useLinked(table, () => specs(axes.value));
  const searched = computed((): CallFilter => {
    const text = search.value.trim();
    return text === "" ? inScope.value : { ...inScope.value, text };
  });
  watchEffect(() => now.filter("scope", searched.value));
  const apply = (name: ChoiceName) => now.filter(name, filterOf(name, choices.value, axes.value));
  choiceNames.forEach(apply);
  // Chosen days are no quarters of an hour.
  watch(unit, () => analysis.choose("times", null));

  // The URL follows after a pause, so that a drag leaves one entry; and it leads: the back button, a pasted link.
  let isOwn = false;
  const write = useDebounceFn(async () => {
    const query = {
      ...route.query,
      ...writeChoices(choices.value),
      q: search.value.trim() || undefined,
      rn: choices.value.result ? resultName.value : undefined,
    };
    isOwn = true;
    await router.replace({ query });
    isOwn = false;
  }, 300);
  watch(search, write);
  watch(
    () => JSON.stringify(writeChoices(readChoices(route.query))),
    () => {
      if (isOwn) return;
      choices.value = readChoices(route.query);
      choiceNames.forEach(apply);
    },
  );

  // These ask the whole table anew, so they wait for a pause in a drag.
  const settled = refThrottled(choices, 120);
  const chosen = (except: readonly ChoiceName[]): CallFilter[] =>
    choiceNames
      .filter((name) => !except.includes(name))
      .map((name) => filterOf(name, settled.value, axes.value))
      .filter((filter) => filter !== null);
  const pinned = computed(() => Number(route.query["vs"]) || null);
  const scopeBefore = computed((): CallFilter | null => {
    if (pinned.value !== null) return { ...inScope.value, callJobId: pinned.value };
    return period.before.value && { ...scope(), startTime: boundsOf(period.before.value) };
  });

  const analysis: Analysis = {
    choices,
    choose(name, choice) {
      const { [name]: _, ...others } = choices.value;
      const isEmpty = choice === null || (Array.isArray(choice) && choice.length === 0);
      choices.value = isEmpty ? others : { ...others, [name]: choice };
      apply(name);
      void write();
    },
    clear() {
      choices.value = {};
      search.value = "";
      choiceNames.forEach(apply);
      void write();
    },
    search,
    resultName,
    now,
    all: useCalmAnswer((calls) => {
      using set = calls.where(inScope.value);
      using charts = set.linked(specs(axes.value));
      return charts.read();
    }),
    pinned,
    pin: (callJobId) => void router.push({ query: { ...route.query, vs: callJobId ?? undefined } }),
    beforeName: computed(() => t(pinned.value === null ? "intent.before" : "compare.pinned")),
    shift: computed(() => {
      if (pinned.value !== null) return 0;
      const [from, before] = [period.span.value.from, period.before.value?.from];
      return from === null || before == null ? null : from - before;
    }),
    before: useCalmAnswer((calls) => {
      if (scopeBefore.value === null) return null;
      using set = calls.where(every([scopeBefore.value, ...chosen(["times"])]));
      return set.length > 0 ? set.statistics({ quantiles: [0.5, 0.9] }) : null;
    }),
    timesBefore: useCalmAnswer((calls) => {
      if (scopeBefore.value === null) return null;
      using set = calls.where(scopeBefore.value);
      return set.groupBy({ time: unit.value });
    }),
    scope: searched,
    axes,
    unit,
    sameWeekdays: useCalmAnswer((calls) => {
      const { from } = period.span.value;
      if (unit.value === "day" || from === null) return null;
      return [1, 2, 3, 4].flatMap((weeks) => {
        const day = from - weeks * 7 * DAY;
        using set = calls.where({ ...scope(), startTime: { from: day, to: day + DAY } });
        return set.length > 0 ? [set.groupBy({ time: unit.value })] : [];
      });
    }),
    funnel: useCalmAnswer((calls) => {
      using set = calls.where(inScope.value);
      using passing = calls.where(every([inScope.value, ...chosen(["funnel"])]));
      return { passing: stepCounts(passing), all: stepCounts(set) };
    }),
  };
  provide(key, analysis);
  return analysis;
}

export function useAnalysis(): Analysis {
  const analysis = inject(key);
  if (!analysis) throw new Error("useAnalysis is for the panels of a page with provideAnalysis");
  return analysis;
}
