// Typed parameters of a URL query: reading and writing.
import type { LocationQuery, LocationQueryRaw } from "vue-router";

/** One parameter in the URL: how to read it, and its value when it is absent. */
export interface Param<T> {
  readonly absent: T;
  /** Null if the text is not valid; the parameter then counts as absent, so no URL breaks a page. */
  read(text: string): T | null;
}

export type Schema = Record<string, Param<string | number | null>>;
export type Values<S extends Schema> = {
  readonly [K in keyof S]: S[K] extends Param<infer T> ? T : never;
};

export const text: Param<string> = { absent: "", read: (text) => text.trim() };

const readWhole = (text: string): number | null => (/^\d{1,9}$/.test(text) ? Number(text) : null);

/** An optional whole number: a code or a bound. */
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

/** The query of `values`. Values that equal `absent` are left out, so that URLs stay short. */
export function writeQuery<S extends Schema>(schema: S, values: Values<S>): LocationQueryRaw {
  const told = Object.entries(schema).filter(([name, param]) => values[name] !== param.absent);
  return Object.fromEntries(told.map(([name]) => [name, String(values[name])]));
}
