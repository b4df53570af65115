// Options, checked before a proxy is made of them: a mistake in here would be found by a stranger.
import type { ProxyOptions } from "./options.js";
import { RecordingHosts } from "./recordings.js";

/** Options, checked and complete; the keys are the signer's. */
export interface Settings {
  upstream: string;
  authorize: ProxyOptions["authorize"];
  maskPhones: boolean;
  recordingHosts: RecordingHosts;
  publicPath: string | undefined;
  fetch: typeof globalThis.fetch | undefined;
  timeout: number;
  maxConcurrency: number;
  onResponse: ProxyOptions["onResponse"];
}

const known = new Set([
  "upstream",
  "appKey",
  "appSecret",
  "authorize",
  "maskPhones",
  "recordingHosts",
  "publicPath",
  "fetch",
  "timeout",
  "maxConcurrency",
  "onResponse",
]);

const wrong = (message: string) => new TypeError(`createProxy: ${message}`);

export function settingsOf(options: ProxyOptions): Settings {
  if (typeof options !== "object" || options === null) throw wrong("expected options");
  for (const name of Object.keys(options)) {
    if (!known.has(name))
      throw wrong(`there is no option ${name}; there are ${[...known].join(", ")}`);
  }
  const { authorize, recordingHosts = [], publicPath, fetch, onResponse } = options;
  if (typeof authorize !== "function") {
    throw wrong(
      "authorize is required: a function that says whether the sender of a request may see your " +
        "company's calls. Without it everybody could.",
    );
  }
  if (!Array.isArray(recordingHosts)) throw wrong("recordingHosts has to be a list of hosts");
  if (publicPath !== undefined && !/^(?:\/[\w.~-]+)*\/?$/.test(publicPath)) {
    throw wrong('publicPath has to be a path such as "/byrobot"');
  }
  for (const [name, value] of Object.entries({ fetch, onResponse })) {
    if (value !== undefined && typeof value !== "function")
      throw wrong(`${name} has to be a function`);
  }
  const { maskPhones = false } = options;
  // "false" from an environment variable would be true.
  if (typeof maskPhones !== "boolean") throw wrong("maskPhones has to be true or false");
  return {
    upstream: upstreamOf(options.upstream ?? "https://api.byrobot.cn"),
    authorize,
    maskPhones,
    recordingHosts: new RecordingHosts(recordingHosts as string[]),
    publicPath: publicPath?.replace(/\/$/, ""),
    fetch,
    timeout: positive("timeout", options.timeout ?? 30_000, 2 ** 31 - 1),
    maxConcurrency: positive("maxConcurrency", options.maxConcurrency ?? 16, 10_000),
    onResponse,
  };
}

function upstreamOf(text: unknown): string {
  const found =
    typeof text === "string" ? /^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/.exec(text) : null;
  if (!found || !URL.canParse(found[0])) {
    throw wrong('upstream has to be an address such as "https://api.byrobot.cn"');
  }
  return found[0].replace(/\/+$/, "");
}

function positive(name: string, value: unknown, most: number): number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most) {
    throw wrong(`${name} has to be a whole number from 1 to ${most}`);
  }
  return value as number;
}
