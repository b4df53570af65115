// Rates by the rule of small numbers: below 30 calls no percentage, below 100 the interval beside it.
import { computed } from "vue";
import { i18n } from "../i18n";
import { language } from "../settings/language";

/** Fewer calls show no percentage. */
export const FEW = 30;
/** From so many calls on a rate stands without its interval. */
export const MANY = 100;

// A brush formats hundreds of numbers in a frame, so the formats are made once for each language.
const formats = computed(() => ({
  count: new Intl.NumberFormat(language.value),
  percent: new Intl.NumberFormat(language.value, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }),
  compact: new Intl.NumberFormat(language.value, { notation: "compact", maximumFractionDigits: 1 }),
  // The narrow sign: "¥12.30" in both languages, not "CN¥12.30".
  money: new Intl.NumberFormat(language.value, {
    style: "currency",
    currency: "CNY",
    currencyDisplay: "narrowSymbol",
  }),
}));

export const percent = (rate: number): string => formats.value.percent.format(rate);
export const count = (number: number): string => formats.value.count.format(number);
/** In full below 100,000, then "12.3万" or "123K". */
export const shortCount = (number: number): string =>
  number < 100_000 ? count(number) : formats.value.compact.format(number);
/** Yuan: "¥12.30". */
export const money = (yuan: number): string => formats.value.money.format(yuan);

/** "42.1 %", or "7/18" of few. */
export function rateText(part: number, whole: number): string {
  if (whole === 0) return i18n.global.t("none");
  return whole < FEW ? `${count(part)}/${count(whole)}` : percent(part / whole);
}

/** As `rateText`, of a rate from 0 to 1. */
export const shareText = (rate: number | null, whole: number): string =>
  rate === null ? i18n.global.t("none") : rateText(Math.round(rate * whole), whole);

/** With one digit at most behind the point: "16.4". */
export const decimal = (number: number): string => count(Math.round(10 * number) / 10);

/** The half of an interval in points, "±4.2". */
export const halfWidth = ([low, high]: readonly [number, number]): string =>
  `±${(50 * (high - low)).toFixed(1)}`;

/** A number with its sign, "+12"; the sign of minus is U+2212. */
export const signed = (number: number, format = count): string =>
  `${number < 0 ? "\u2212" : "+"}${format(Math.abs(number))}`;

/** A difference in points, without its sign: "1.2". */
export const size = (difference: number): string => points(Math.abs(difference)).replace("+", "");

/** A change in points, "+1.2". */
export function points(change: number): string {
  const text = (points: number) => points.toFixed(1);
  return Number(text(100 * change)) === 0 ? "0" : signed(100 * change, text);
}
