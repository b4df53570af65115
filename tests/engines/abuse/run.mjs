// Calls public functions with hostile values, one argument and one option at a time, and says what came of it that must
// not. Not here: the values (values.mjs), the functions (rows-*.mjs).
import {
  boo,
  dispose,
  endlessArray,
  hostileValues,
  isPlain,
  kindlyForms,
  withTrap,
} from "./values.mjs";

/** The codes of docs/errors.md. */
export const codes = [
  ...["network", "timeout", "unauthorized", "forbidden", "not_found", "rate_limited", "clock_skew"],
  ...["rejected_parameters", "server", "vendor", "http", "not_json", "unexpected_shape", "headers"],
  ...["fetch", "invalid_argument", "paging_unstable", "snapshot", "out_of_memory", "internal"],
];

/** Milliseconds in which everything settles; much more than any of it takes. */
const patience = 4000;

const isClass = (value) =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

/** The names of the functions of an object and of its classes above `Object`, getters included. */
export function functionsOf(object) {
  const isPrototype = Object.prototype.hasOwnProperty.call(object, "constructor");
  const found = new Set();
  for (
    let at = object;
    at !== null && at !== Object.prototype && at !== Function.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Reflect.ownKeys(at)) {
      if (name === "constructor") continue;
      const { value, get, enumerable } = Object.getOwnPropertyDescriptor(at, name);
      // Fields of an object that are not enumerable are internal.
      if (at === object && !enumerable && !isPrototype) continue;
      // Engines of before 2023 have no such symbol.
      if (name === "undefined") continue;
      const known = name === dispose ? "Symbol(Symbol.dispose)" : String(name);
      if (typeof value === "function" || get) found.add(known);
    }
  }
  return [...found];
}

/** The names of everything that can be called in a module: functions, classes, their methods. */
export function namesOf(module) {
  return Object.entries(module).flatMap(([name, value]) => {
    if (typeof value !== "function") return [];
    if (!isClass(value)) return [name];
    const statics = Object.getOwnPropertyNames(value).filter(
      (own) => typeof value[own] === "function" && own !== "prototype",
    );
    return [
      `new ${name}`,
      ...statics.map((own) => `${name}.${own}`),
      ...functionsOf(value.prototype).map((own) => `${name}#${own}`),
    ];
  });
}

/** What a call came to: `{ value }` or `{ error }`; `{}` if it has not settled in time. */
export async function outcomeOf(call) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, patience, {})));
  try {
    const given = call();
    // An `await` would call a hostile `then`.
    if (!(given instanceof Promise)) return { value: given };
    const settled = given.then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    return await Promise.race([settled, late]);
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

function said(value) {
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, 200);
    return `${typeof value} ${String(value)}`.slice(0, 200);
  } catch {
    return typeof value;
  }
}

/** What is wrong with an error, or `null`. `allowed` are codes, and names of other errors that are documented. */
function faultOf(error, allowed) {
  if (!(error instanceof Error)) return `threw no Error: ${said(error)}`;
  if (error.name === "ByrobotError") {
    if (!codes.includes(error.code)) return `has the unknown code ${error.code}`;
    if (!allowed.includes(error.code)) return `has the code ${error.code}: ${error.message}`;
    if (error.message.includes(boo)) return `repeats the caller's exception: ${error.message}`;
    return null;
  }
  return allowed.includes(error.name) ? null : `threw ${said(error)}`;
}

/** The lists of arguments of a row, each with what is hostile in it. */
function* abusesOf(row, world, values) {
  const usual = () => row.args(world);
  for (const [name, make] of Object.entries(values)) {
    const { length } = usual();
    for (let at = 0; at < length; at += 1) {
      const args = usual();
      args[at] = make();
      yield [`argument ${at} is ${name}`, args];
      const whole = usual()[at];
      if (!isPlain(whole)) continue;
      for (const key of Object.keys(whole)) {
        if (row.skip?.includes(key)) continue;
        // JSON.stringify of the engine reads all of it: a minute in Firefox.
        if (row.isWritten && name === endlessArray) continue;
        const args = usual();
        args[at] = { ...whole, [key]: make() };
        yield [`${key} of argument ${at} is ${name}`, args];
      }
    }
  }
  const { length } = usual();
  for (let at = 0; at < length; at += 1) {
    const whole = usual()[at];
    for (const key of isPlain(whole) ? Object.keys(whole) : []) {
      const args = usual();
      args[at] = withTrap(whole, key);
      yield [`the getter of ${key} of argument ${at} throws`, args];
    }
  }
  if (length > 0) yield ["there are no arguments", []];
  yield ["there are too many arguments", [...usual(), ...Object.values(values).map((make) => make())]]; // prettier-ignore
}

/**
 * Abuses the function of each row. `world.check()` says what has changed that must not, `world.tidy(value)` ends what a call
 * has begun.
 *
 * @returns How many calls were made, and a line for each that came to something that it must not.
 */
export async function abuse(rows, world, foreign) {
  const values = hostileValues(foreign);
  const findings = [];
  let calls = 0;
  for (const [name, row] of Object.entries(rows)) {
    const note = (what, fault) => fault && findings.push(`${name}: ${what}: ${fault}`);
    const one = async (what, args, isRight) => {
      calls += 1;
      const given = await outcomeOf(() => row.call(world, ...args));
      if ("error" in given) {
        note(what, isRight ? `refused: ${said(given.error)}` : faultOf(given.error, row.errors ?? ["invalid_argument"])); // prettier-ignore
      } else if ("value" in given) {
        const isDocumented = await outcomeOf(() => row.result(given.value, world));
        if (isDocumented.value !== true) note(what, `gave ${said(given.value)}`);
      } else note(what, "never settles");
      await row.tidy?.(given.value, world);
      note(what, await world.check(row.changes === true && "value" in given));
    };
    await one("right arguments", row.args(world), true);
    for (const [form, formed] of Object.entries(kindlyForms(foreign))) {
      await one(`right arguments, ${form}`, row.args(world).map(formed), true);
    }
    for (const [what, args] of abusesOf(row, world, values)) await one(what, args, false);
  }
  return { calls, findings };
}
