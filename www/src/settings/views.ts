// Saved views: addresses of pages with a name, kept in this browser for each company.
import { computed } from "vue";
import { companyId } from "./company";
import { remembered } from "./remembered";

/** An address of this page, with period, filters and brushes, as the reader named it. */
export interface SavedView {
  readonly companyId: number;
  readonly name: string;
  /** The route with its query, as "/tasks?p=30d". */
  readonly path: string;
}

const isView = (value: unknown): value is SavedView => {
  const { companyId, name, path } = (value ?? {}) as Partial<Record<keyof SavedView, unknown>>;
  return (
    typeof companyId === "number" &&
    typeof name === "string" &&
    typeof path === "string" &&
    path.startsWith("/")
  );
};
const isViews = (value: unknown): value is readonly SavedView[] =>
  Array.isArray(value) && value.every(isView);

const saved = remembered("views", isViews);

/** The views of the chosen company, oldest first. No two have the same name. */
export const views = computed(() =>
  (saved.value ?? []).filter((view) => view.companyId === companyId.value),
);

const others = (...names: string[]) =>
  (saved.value ?? []).filter(
    (view) => view.companyId !== companyId.value || !names.includes(view.name),
  );

/** Saves an address. A view that has this name already becomes this one. */
export function saveView(name: string, path: string): void {
  saved.value = [...others(name), { companyId: companyId.value, name, path }];
}

export function renameView({ name, path }: SavedView, next: string): void {
  saved.value = [...others(name, next), { companyId: companyId.value, name: next, path }];
}

export function removeView({ name }: SavedView): void {
  const left = others(name);
  saved.value = left.length > 0 ? left : null;
}
