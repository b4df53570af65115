// The labels of bars and of choices of bars.
import { computed } from "vue";
import { runs } from "../format/runs";
import { durationEdges, LAST_ROUND } from "./specs";
import { language } from "../settings/language";

const last = durationEdges.length - 2;

/** "10–20", in seconds, from a bar to the same or another one; "300+" up to the last one. */
export const barLabel = (from: number, to = from): string =>
  to === last ? `${durationEdges[from]}+` : `${durationEdges[from]}–${durationEdges[to + 1]}`;

/** Neighbours become one range: bars 3 and 4 are "10–30". Seconds. */
export const durationLabel = (bars: readonly number[]): string =>
  runs(bars)
    .map((run) => barLabel(...run))
    .join("、");

export const roundLabel = (round: number): string =>
  round >= LAST_ROUND ? `${LAST_ROUND}+` : String(round);

const weekdays = computed(() => {
  const format = new Intl.DateTimeFormat(language.value, { weekday: "short", timeZone: "UTC" });
  // 1 January 2024 was a Monday.
  return Array.from({ length: 7 }, (_, at) => format.format(Date.UTC(2024, 0, 1 + at)));
});

/** "周一" or "Mon"; Monday is 0. */
export const weekdayName = (at: number): string => weekdays.value[at] ?? "";

type Translate = (key: string, values: Record<string, unknown>) => string;

/** "周一 9–12 时", or the number of hours if they are no rectangle. */
export function hoursLabel(cells: readonly number[], t: Translate): string {
  const days = [...new Set(cells.map((cell) => Math.floor(cell / 24)))].sort((a, b) => a - b);
  const hours = [...new Set(cells.map((cell) => cell % 24))].sort((a, b) => a - b);
  const isRow = (all: number[]) => all[all.length - 1]! - all[0]! === all.length - 1;
  // Two runs: before and after the hours of dialling.
  if (cells.length !== days.length * hours.length || !isRow(days) || runs(hours).length > 2) {
    return t("choices.cells", { n: cells.length });
  }
  const span = runs(hours)
    .map(([from, to]) => `${from}–${to + 1}`)
    .join("、");
  const weekdays = days.length === 7 ? [] : [days[0], days[days.length - 1]];
  const day = (at: number | undefined) => weekdayName(at!);
  if (weekdays.length === 0) return t("choices.everyDay", { hours: span });
  const names =
    weekdays[0] === weekdays[1] ? day(weekdays[0]) : `${day(weekdays[0])}–${day(weekdays[1])}`;
  return t("choices.hoursOf", { days: names, hours: span });
}
