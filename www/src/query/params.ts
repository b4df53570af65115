import type { LocationQuery, LocationQueryRaw } from "vue-router";

/** One thing a list keeps in the URL: how to read it, and what it is when the URL does not say. */
export interface Param<T> {
  readonly absent: T;
  /** null for a text that says nothing of this kind: a hand-written URL never breaks a page. */
  read(text: string): T | null;
}

export type Schema = Record<string, Param<string | number | null>>;
export type Values<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends Param<infer T> ? T : never;
};

export const text: Param<string> = { absent: "", read: (text) => text.trim() };

export const day: Param<string> = {
  absent: "",
  read: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null),
};

const readWhole = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

/** A whole number that may be left out: a code, a bound. */
export const whole: Param<number | null> = { absent: null, read: readWhole };

export const pageNumber: Param<number> = { absent: 1, read: (text) => readWhole(text) || null };

export function oneOf(choices: readonly number[], absent: number): Param<number> {
  return {
    absent,
    read: (text) => choices.find((choice) => String(choice) === text) ?? null,
  };
}

export function readQuery<S extends Schema>(schema: S, query: LocationQuery): Values<S> {
  const entries = Object.entries(schema).map(([name, param]) => {
    const raw = query[name];
    const value = typeof raw === "string" ? param.read(raw) : null;
    return [name, value ?? param.absent];
  });
  return Object.fromEntries(entries) as Values<S>;
}

/** The query of `values`; what is as if absent is left out, so that URLs stay short. */
export function writeQuery<S extends Schema>(schema: S, values: Values<S>): LocationQueryRaw {
  const told = Object.entries(schema).filter(([name, param]) => values[name] !== param.absent);
  return Object.fromEntries(told.map(([name]) => [name, String(values[name])]));
}
