// Hostile values: what no caller should pass, and what some will. The same in Node and in every browser. Not here: to which
// functions they are passed (rows-*.mjs), what must come of it (run.mjs).

/** The symbol of `using`; WebKit has none, and the package and compilers fall back to this one. */
export const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** What every exception of a hostile value says: no message of the package may repeat it. */
export const boo = "boo, says the caller";

/** The name of an array that claims a length which nothing can read to its end. */
export const endlessArray = "an array of four thousand million";

const throws = () => {
  throw new Error(boo);
};

const traps = Object.fromEntries(
  [
    ...["get", "set", "has", "ownKeys", "getOwnPropertyDescriptor", "defineProperty"],
    ...["getPrototypeOf", "isExtensible", "apply", "construct", "deleteProperty"],
  ].map((name) => [name, throws]),
);

/** A Proxy each of whose traps throws. */
export const hostile = (target) => new Proxy(target, traps);

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function cyclic() {
  const value = { name: "cycle" };
  value.self = value;
  value.list = [value, value];
  return value;
}

function knot() {
  const list = [];
  list.push(list, list, list);
  return list;
}

function deep() {
  let value = {};
  for (let depth = 0; depth < 20_000; depth += 1) value = { value };
  return value;
}

function rejecting() {
  const promise = Promise.reject(new Error(boo));
  promise.catch(() => {});
  return promise;
}

function* endless() {
  for (;;) yield ["name", "value"];
}

/** An object that lies about what it is. */
const disguised = (name) => ({ [Symbol.toStringTag]: name });

/**
 * By name, functions that make one. `foreign` is a realm of its own, such as the window of a frame: its values are no
 * instances of the classes here.
 */
export function hostileValues(foreign) {
  return {
    undefined: () => undefined,
    null: () => null,
    true: () => true,
    zero: () => 0,
    "minus one": () => -1,
    "a fraction": () => 1.5,
    NaN: () => NaN,
    Infinity: () => Infinity,
    "2 to the 53": () => 2 ** 53,
    "a bigint": () => 10n,
    "a symbol": () => Symbol("hostile"),
    "an empty text": () => "",
    "a text": () => "hostile",
    __proto__: () => "__proto__",
    "half a character": () => "\ud800",
    "an empty array": () => [],
    "an array of undefined": () => [undefined],
    "an array of null": () => [null],
    "an array of objects": () => [{}],
    "an array of symbols": () => [Symbol("hostile")],
    [endlessArray]: () => Object.assign([], { length: 4e9 }),
    "an empty object": () => ({}),
    "an object without prototype": () => Object.create(null),
    "an object with an unknown name": () => ({ hostile: 1 }),
    "a frozen object": () => Object.freeze({ hostile: Object.freeze([1]) }),
    "a function": () => () => "hostile",
    "a function that throws": () => throws,
    "a class": () => class Hostile {},
    "a generator": () => endless(),
    "an invalid Date": () => new Date(NaN),
    "a Map": () => new Map([["hostile", 1]]),
    "a RegExp": () => /hostile/g,
    "boxed text": () => new String("hostile"),
    bytes: () => new Uint8Array(8),
    "a buffer": () => new ArrayBuffer(8),
    "a detached buffer": () => {
      const buffer = new ArrayBuffer(8);
      new MessageChannel().port1.postMessage(null, [buffer]);
      return buffer;
    },
    "a promise": () => Promise.resolve("hostile"),
    "a promise that rejects": () => rejecting(),
    "a thenable that throws": () => ({ then: throws }),
    "an object whose getter throws": () => ({
      get hostile() {
        return throws();
      },
    }),
    "an object that is no text": () => ({ toString: throws, valueOf: throws, toJSON: throws }),
    "a hostile Proxy": () => hostile({}),
    "a hostile Proxy of an array": () => hostile([]),
    "a hostile Proxy of a function": () => hostile(() => {}),
    "a revoked Proxy": () => revoked({}),
    "a revoked Proxy of an array": () => revoked([]),
    "a revoked Proxy of a function": () => revoked(() => {}),
    "an object that contains itself": () => cyclic(),
    "an array that contains itself": () => knot(),
    "an object that is deep": () => deep(),
    "a disguised Request": () => disguised("Request"),
    "a disguised buffer": () => disguised("ArrayBuffer"),
    "a disguised array": () => Object.create(Array.prototype),
    "an error of another realm": () => new foreign.Error(boo),
    "an object of another realm": () => new foreign.Object(),
    "an array of another realm": () => new foreign.Array(),
    "a function of another realm": () => new foreign.Function("return 1"),
    "an error like one of the package": () => ({ name: "ByrobotError", code: "hostile" }),
  };
}

/** Forms of right arguments that must be as good as the usual form: plain data that is frozen, in a Proxy, and so on. */
export function kindlyForms(foreign) {
  const each = (make) => (value) => (Array.isArray(value) || isPlain(value) ? make(value) : value);
  const deepFrozen = (value) => {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    for (const key of Object.keys(value)) if (isPlain(value[key]) || Array.isArray(value[key])) deepFrozen(value[key]); // prettier-ignore
    return Object.freeze(value);
  };
  const foreignly = (value) => {
    const own = Array.isArray(value) ? new foreign.Array() : new foreign.Object();
    for (const [key, item] of Object.entries(value)) own[key] = isPlain(item) || Array.isArray(item) ? foreignly(item) : item; // prettier-ignore
    return own;
  };
  return {
    frozen: each(deepFrozen),
    "in a Proxy": each((value) => new Proxy(value, {})),
    "of another realm": each(foreignly),
  };
}

/** Whether a value is an object of plain data. */
export function isPlain(value) {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A copy of an object whose getter of this name throws. */
export const withTrap = (object, name) =>
  Object.defineProperty({ ...object }, name, { get: throws, enumerable: true });
