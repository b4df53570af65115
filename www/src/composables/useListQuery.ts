// A composable that keeps the filters and the page of a list in the URL.
import { computed, type ComputedRef } from "vue";
import { useRouter, type LocationQuery, type LocationQueryRaw } from "vue-router";
import { readQuery, writeQuery, type Schema, type Values } from "../query/params";

export interface ListQuery<S extends Schema> {
  readonly values: ComputedRef<Values<S>>;
  /** True if a filter is set. The page and the page size are no filters. */
  readonly filtered: ComputedRef<boolean>;
  /** The query with some values changed. It starts at the first page unless `change` sets `page`. */
  link(change: Partial<Values<S>>): { query: LocationQueryRaw };
  set(change: Partial<Values<S>>): void;
  clear(): void;
}

/** Reads and writes the list's values in the URL, so that reload, back and shared links work. */
export function useListQuery<S extends Schema>(
  schema: S,
  query: () => LocationQuery,
): ListQuery<S> {
  const router = useRouter();
  const values = computed(() => readQuery(schema, query()));

  function others(): LocationQuery {
    return Object.fromEntries(Object.entries(query()).filter(([name]) => !(name in schema)));
  }
  function link(change: Partial<Values<S>>) {
    const next = { ...values.value, page: 1, ...change };
    return { query: { ...others(), ...writeQuery(schema, next) } };
  }
  return {
    values,
    filtered: computed(() => {
      const { page: _, size: __, sort: ___, ...filters } = writeQuery(schema, values.value);
      return Object.keys(filters).length > 0;
    }),
    link,
    set: (change) => void router.push(link(change)),
    clear: () => {
      const { size } = writeQuery(schema, values.value);
      void router.push({ query: { ...others(), ...(size ? { size } : {}) } });
    },
  };
}
