// The chosen company, kept between visits.
import { computed } from "vue";
import { remembered } from "./remembered";

const isCompanyId = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0;

const chosen = remembered("company", isCompanyId);

/** The company whose tasks are shown; 1 before a choice. */
export const companyId = computed(() => chosen.value ?? 1);

export function parseCompanyId(text: unknown): number | null {
  const id = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : null;
  return isCompanyId(id) ? id : null;
}

export function chooseCompany(id: number): void {
  chosen.value = id;
}
