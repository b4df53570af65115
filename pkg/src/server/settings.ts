// Validates the options of a proxy. A mistake here is a security hole.
import { isLoopback } from "./local.js";
import type { ProxyOptions } from "./options.js";
import { RecordingHosts } from "./recordings.js";

/** Validated options with their defaults; the signer has the keys. */
export interface Settings extends Required<
  Omit<ProxyOptions, "appKey" | "appSecret" | "recordingHosts">
> {
  upstream: string;
  maskPhones: boolean;
  recordingHosts: RecordingHosts;
  timeout: number;
  maxConcurrency: number;
  maxRecordings: number;
}

const known: Record<keyof ProxyOptions, true> = {
  upstream: true,
  appKey: true,
  appSecret: true,
  authorize: true,
  allowAnswer: true,
  maskPhones: true,
  recordingHosts: true,
  recordingDays: true,
  publicPath: true,
  fetch: true,
  timeout: true,
  maxConcurrency: true,
  maxRecordings: true,
  onResponse: true,
};

const wrong = (message: string) => new TypeError(`createProxy: ${message}`);

export function settingsOf(options: ProxyOptions): Settings {
  if (typeof options !== "object" || options === null) throw wrong("expected options");
  for (const name of Object.keys(options)) {
    if (!Object.prototype.hasOwnProperty.call(known, name))
      throw wrong(`there is no option ${name}; there are ${Object.keys(known).join(", ")}`);
  }
  const { authorize, allowAnswer, recordingHosts = [], publicPath, fetch, onResponse } = options;
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
  for (const [name, value] of Object.entries({ allowAnswer, fetch, onResponse })) {
    if (value !== undefined && typeof value !== "function")
      throw wrong(`${name} has to be a function`);
  }
  const { maskPhones = false, recordingDays } = options;
  // "false" from an environment variable would be true.
  if (typeof maskPhones !== "boolean") throw wrong("maskPhones has to be true or false");
  return {
    upstream: upstreamOf(options.upstream ?? "https://api.byrobot.cn"),
    authorize,
    allowAnswer,
    maskPhones,
    recordingHosts: new RecordingHosts(recordingHosts as string[]),
    recordingDays:
      recordingDays === undefined ? undefined : positive("recordingDays", recordingDays, 365),
    publicPath: publicPath?.replace(/\/$/, ""),
    fetch,
    timeout: positive("timeout", options.timeout ?? 30_000, 2 ** 31 - 1),
    maxConcurrency: positive("maxConcurrency", options.maxConcurrency ?? 16, 10_000),
    maxRecordings: positive("maxRecordings", options.maxRecordings ?? 64, 10_000),
    onResponse,
  };
}

function upstreamOf(text: unknown): string {
  const found =
    typeof text === "string" ? /^https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/.exec(text) : null;
  if (!found || !URL.canParse(found[0])) {
    throw wrong('upstream has to be an address such as "https://api.byrobot.cn"');
  }
  const { protocol, hostname } = new URL(found[0]);
  if (protocol === "http:" && !isLoopback(hostname)) {
    console.warn(
      "byrobot-calls: upstream is not encrypted: others on the network can read and change answers, and signatures, " +
        'each of which is good for every request for some minutes. Write it with "https://".',
    );
  }
  return found[0].replace(/\/+$/, "");
}

function positive(name: string, value: unknown, most: number): number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most) {
    throw wrong(`${name} has to be a whole number from 1 to ${most}`);
  }
  return value as number;
}
