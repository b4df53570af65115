// What the charts share: the words for their data, their size, and the geometry of columns and labels.
import { useResizeObserver } from "@vueuse/core";
import { computed, inject, ref, useTemplateRef, watch, type InjectionKey, type Ref } from "vue";
import { runs } from "../format/runs";

/** What a bar, a point or a step is known by outside of the chart. */
export type ChartKey = string | number | null;

/** Colours of marks: at most two hues and grey in one chart; `bad` only for what is critical. */
export type ChartTone = "main" | "second" | "grey" | "bad";

/** The lines of a tip; the first one names the mark. As a function they cost nothing until they are shown. */
export type TipLines = readonly string[] | (() => readonly string[]);

export const linesOf = (tip: TipLines): readonly string[] =>
  typeof tip === "function" ? tip() : tip;

/** The sentence that names a chart for screen readers. `ChartPanel` provides it. */
export const chartName: InjectionKey<Readonly<Ref<string>>> = Symbol("chart name");

/** The element of a chart with `ref="root"`, its size in whole pixels, and its name. */
export function useChart(label: () => string | undefined) {
  const root = useTemplateRef<HTMLElement>("root");
  const width = ref(0);
  const height = ref(0);
  const measure = (element: HTMLElement | null | undefined) => {
    width.value = element?.clientWidth ?? 0;
    height.value = element?.clientHeight ?? 0;
  };
  // At once, so that the first picture has the chart and nothing moves; the observer calls a frame later.
  watch(root, measure, { flush: "post" });
  useResizeObserver(root, () => measure(root.value));
  const provided = inject(chartName, null);
  return {
    width,
    height,
    name: computed(() => label() ?? provided?.value ?? ""),
  };
}

/** Equal columns in whole pixels from `left` to `right`: the left edge of each, and the end. */
export function columnEdges(count: number, left: number, right: number): number[] {
  const step = (right - left) / Math.max(1, count);
  return Array.from({ length: count + 1 }, (_, index) => Math.round(left + index * step));
}

/** Runs of neighbours that hold: `[first, last]`. */
export const runsWhere = (holds: readonly boolean[]) =>
  runs(holds.flatMap((is, index) => (is ? [index] : [])));

/** A bar that stands on `bottom`, with round corners on top. */
export function standing(x: number, top: number, width: number, bottom: number): string {
  const r = Math.min(2, width / 2, bottom - top);
  return `M${x} ${bottom}V${top + r}q0 ${-r} ${r} ${-r}h${width - 2 * r}q${r} 0 ${r} ${r}V${bottom}Z`;
}

/** A bar that begins at `x`, with round corners at its end. */
export function lying(x: number, top: number, width: number, height: number): string {
  const r = Math.min(2, width, height / 2);
  return `M${x} ${top}h${width - r}q${r} 0 ${r} ${r}v${height - 2 * r}q0 ${r} ${-r} ${r}H${x}Z`;
}

const context = document.createElement("canvas").getContext("2d");
const widths = new Map<string, number>();

/** The width of a text of a chart (12 px), in pixels, rounded up. */
export function textWidth(text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (context) context.font = `500 12px ${getComputedStyle(document.body).fontFamily}`;
    width = Math.ceil(context?.measureText(text).width ?? 0);
    if (widths.size > 5000) widths.clear();
    widths.set(text, width);
  }
  return width;
}

export const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(textWidth));

/** The text, or its beginning and "…". */
export function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join("").trimEnd()}…`) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** Every how many columns a label has room, in steps that read well. */
export function labelEvery(labels: readonly string[], step: number): number {
  const needed = (widest(labels) + 10) / Math.max(1, step);
  return [1, 2, 3, 4, 6, 7, 12, 14, 24, 28].find((every) => every >= needed) ?? Math.ceil(needed);
}

/** Places of equal height that do not overlap, each as near as possible to where it wants to be. */
export function spread(wanted: readonly number[], room: number, low: number, high: number) {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = [...wanted];
  let end = low - room;
  for (const index of order) end = placed[index] = Math.max(placed[index]!, end + room);
  end = high + room;
  for (const index of order.reverse()) end = placed[index] = Math.min(placed[index]!, end - room);
  return placed;
}
