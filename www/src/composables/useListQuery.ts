import { computed, type ComputedRef } from "vue";
import { useRouter, type LocationQuery, type LocationQueryRaw } from "vue-router";
import { readQuery, writeQuery, type Schema, type Values } from "../query/params";

export interface ListQuery<S extends Schema> {
  readonly values: ComputedRef<Values<S>>;
  /** Whether anything but the page and its size is set. */
  readonly filtered: ComputedRef<boolean>;
  /** The query with some values changed. A changed filter leads to the first page. */
  link(change: Partial<Values<S>>): { query: LocationQueryRaw };
  set(change: Partial<Values<S>>): void;
  clear(): void;
}

/** The filters and the page of a list, kept in the URL so that reload, back and sharing work. */
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
      const { page: _page, size: _size, ...filters } = writeQuery(schema, values.value);
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
