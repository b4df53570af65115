// The period that the pages show, in the URL, and the earlier period that they compare with.
import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";
import { DAY, dayOf, instantOf } from "../format/shanghai";
import { now } from "../settings/clock";

export const periodNames = ["today", "yesterday", "7d", "30d", "all"] as const;
export type PeriodName = (typeof periodNames)[number];

/** Instants: `from` is in it, `to` is not; null: no limit. */
export interface Span {
  readonly from: number | null;
  readonly to: number | null;
}

export interface Period {
  /** The chosen name; "custom" for two dates. */
  readonly name: ComputedRef<PeriodName | "custom">;
  readonly span: ComputedRef<Span>;
  /** As it stands in the URL of a link. */
  readonly text: ComputedRef<string>;
  /** The period of equal length before, at the same weekdays and no later in the day; null if there is none. */
  readonly before: ComputedRef<Span | null>;
  choose(name: PeriodName): void;
  /** From the first day to the last one, both included, as "2024-03-15". */
  chooseDays(first: string, last: string): void;
}

const lengths = { today: 1, yesterday: 1, "7d": 7, "30d": 30 } as const;

function spanOf(
  text: unknown,
  usual: PeriodName,
  today: number,
): { name: PeriodName | "custom"; span: Span } {
  if (typeof text === "string" && /^\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d$/.test(text)) {
    const [from, last] = text.split("..").map(instantOf);
    if (typeof from === "number" && typeof last === "number" && from <= last) {
      return { name: "custom", span: { from, to: last + DAY } };
    }
  }
  const name = periodNames.find((known) => known === text) ?? usual;
  if (name === "all") return { name, span: { from: null, to: null } };
  const to = name === "yesterday" ? today : today + DAY;
  return { name, span: { from: to - lengths[name] * DAY, to } };
}

/** The span as a filter of `startTime`; undefined, no filter, for all times. */
export const boundsOf = (span: Span): Span | undefined =>
  span.from === null && span.to === null ? undefined : span;

/** The earlier period of a span. Whole weeks lie between them. */
function beforeOf({ from, to }: Span, now: number): Span | null {
  if (from === null || to === null) return null;
  const shift = Math.ceil((to - from) / (7 * DAY)) * 7 * DAY;
  return { from: from - shift, to: Math.min(to, now) - shift };
}

/** `usual`: the period of a URL without one. */
export function usePeriod(usual: PeriodName = "7d"): Period {
  const route = useRoute();
  const router = useRouter();
  const today = computed(() => dayOf(now.value));
  const chosen = computed(() => spanOf(route.query["p"], usual, today.value));
  const set = (text: string) =>
    void router.push({ query: { ...route.query, p: text === usual ? undefined : text } });
  return {
    name: computed(() => chosen.value.name),
    span: computed(() => chosen.value.span),
    text: computed(() =>
      chosen.value.name === "custom" ? String(route.query["p"]) : chosen.value.name,
    ),
    before: computed(() => beforeOf(chosen.value.span, now.value)),
    choose: set,
    chooseDays: (first, last) => set(`${first}..${last}`),
  };
}
