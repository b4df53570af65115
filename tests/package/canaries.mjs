// Canaries: recognisable private values, planted in what goes into the package, and searched for in what comes out. Not here:
// where they may be found (canaries.test.mjs).
import { inspect } from "node:util";

/** By kind. None is a part of another, and none is a word of this repository. */
export const canaries = {
  secret: "CanarySecret7e1fd3b8a60000000000",
  appKey: "CanaryAppKey5c40",
  signature: "Q2FuYXJ5U2lnbg4711+Zm9vYmFyPQ==",
  token: "Bearer canary-4711-token-of-a-page",
  phone: "13987064321",
  name: "雀儿丽先生",
  speech: "矿井深处有歌声传来",
};

/** What only the server may know, and what a page sends to prove who it is. */
export const keys = ["secret", "appKey", "signature", "token"];
/** What is about customers. */
export const people = ["phone", "name", "speech"];

/** The ways in which text may be written. */
const spellings = [
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => text.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`), // prettier-ignore
  (text) => Buffer.from(text).toString("base64").replace(/=+$/, ""),
  (text) => Buffer.from(text).toString("hex"),
  (text) => text.replace(/^(\d{3})(\d{4})(\d{4})$/, "$1-$2-$3"),
  (text) => text.replace(/^(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3"),
];

/** The kinds of canaries in a text or in bytes. */
export function canariesIn(given) {
  const text = typeof given === "string" ? given : Buffer.from(given).toString("utf8");
  const isThere = (canary) => spellings.some((spell) => text.includes(spell(canary)));
  return Object.keys(canaries).filter((kind) => isThere(canaries[kind]));
}

/** Everything that a program may come to print of a value. */
export function printed(value) {
  const attempts = [
    () => String(value),
    () => value?.stack,
    () => JSON.stringify(value),
    () => JSON.stringify({ ...value }),
    () => inspect(value),
    () => inspect(value, { depth: null, showHidden: true, getters: true }),
    () => inspect(value, { depth: null, showProxy: true, customInspect: false }),
  ];
  return attempts.map(attempted).join("\n");
}

function attempted(attempt) {
  try {
    return attempt();
  } catch (error) {
    return `${error?.message}`;
  }
}

/** Runs an action, and gives what it prints on the console meanwhile. */
export async function listening(action) {
  const said = [];
  const names = ["log", "info", "warn", "error", "debug", "trace"];
  const originals = names.map((name) => [name, console[name]]);
  for (const name of names) console[name] = (...words) => said.push(words.map(printed).join(" "));
  try {
    await action();
  } finally {
    for (const [name, original] of originals) console[name] = original;
  }
  return said.join("\n");
}

const valuesOf = {
  customerTelephone: "phone",
  telephone: "phone",
  customerPhone: "phone",
  customerName: "name",
  jobName: "name",
  remark: "name",
  content: "speech",
  resultMsg: "phone",
};

/** The text of an answer with canaries in the place of invented people; also if it is cut off. */
export const planted = (text) =>
  Object.entries(valuesOf).reduce(
    (text, [field, kind]) =>
      text.replace(new RegExp(`("${field}":")[^"]*`, "g"), (_, head) => head + canaries[kind]),
    text,
  );

/** A `fetch` whose answers have canaries. */
export function planting(fetch) {
  return async (...given) => {
    const response = await fetch(...given);
    const { status, headers } = response;
    const text = planted(await response.text());
    return new Response([204, 304].includes(status) ? null : text, { status, headers });
  };
}

/** Headers as those of a page and of a server. */
export const headers = {
  appkey: canaries.appKey,
  sign: canaries.signature,
  authorization: canaries.token,
};
