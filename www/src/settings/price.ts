// The price of a billable minute, as the person has typed it: the API has none. It is kept in this browser.
import { remembered } from "./remembered";

const HIGHEST = 100;

const isPrice = (value: unknown): value is number =>
  typeof value === "number" && value > 0 && value <= HIGHEST;

/** Yuan for a billable minute; null: none was typed, so no cost is shown. */
export const price = remembered("price", isPrice);

/**
 * The price in a text as people type it: "0.12", "¥0.12", "0,12 元". Null if it is no price: 0, more than 100 yuan, or
 * more than four decimals.
 */
export function parsePrice(text: string): number | null {
  const [, digits] = /^¥?(\d{1,3}(?:[.,]\d{1,4})?)(?:元|yuan)?$/i.exec(compact(text)) ?? [];
  const value = Number(digits?.replace(",", "."));
  return isPrice(value) ? value : null;
}

/** Full-width digits become usual ones, spaces go. */
const compact = (text: string) => text.normalize("NFKC").replace(/\s/g, "");
