// Links to recordings through the proxy: a path with a sealed link, and its last day. Not here: the cipher (seal.ts),
// the fields that have links (answer.ts), the allowed servers (recordings.ts).
import type { RecordingContext, Settings } from "./options.js";
import { after, Seal, type Eventual } from "./seal.js";

/** Paths in each of two generations of the cache: a synchronisation meets the same links again and again. */
const mostPaths = 4000;

/** Milliseconds of a day. */
const dayLength = 86_400_000;

export class RecordingLinks {
  #settings: Settings;
  #seal: Seal;
  /** Paths by what is sealed in them. A full cache becomes the older generation, and a new one begins. */
  #paths = new Map<string, Eventual<string>>();
  #older = new Map<string, Eventual<string>>();
  /** The last day of the paths in the cache; `undefined` if links do not expire. */
  #lastDay: number | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#seal = new Seal(settings.appSecret);
  }

  /**
   * The page's link for the vendor's link, bound to a company if the answer is for a tenant; `undefined` if its server
   * is not allowed.
   */
  pathOf(mount: string, link: string, companyId: number | undefined): Eventual<string> | undefined {
    const { recordingDays } = this.#settings;
    const lastDay =
      recordingDays === undefined ? undefined : Math.floor(Date.now() / dayLength) + recordingDays;
    if (lastDay !== this.#lastDay) {
      this.#lastDay = lastDay;
      this.#paths.clear();
      this.#older.clear();
    }
    const text = `${companyId ?? ""} ${link}`;
    let path = this.#paths.get(text);
    if (path === undefined) {
      path = this.#older.get(text) ?? this.#made(text, link, lastDay);
      if (path === undefined) return undefined;
      if (this.#paths.size >= mostPaths) [this.#older, this.#paths] = [this.#paths, new Map()];
      this.#paths.set(text, path);
    }
    return after(path, (rest) => mount + rest);
  }

  #made(text: string, link: string, lastDay: number | undefined): Eventual<string> | undefined {
    if (!this.#settings.recordingHosts.has(link)) return undefined;
    // Some players need the extension.
    const [extension = ""] = /\.\w{1,5}(?=$|[?#])/.exec(link) ?? [];
    return after(this.#seal.seal(text), (token) => {
      const path = `/recordings/${token}${extension}`;
      if (lastDay === undefined) return path;
      // The last day is in the query, which tables do not compare.
      return after(this.#seal.until(lastDay, token), (until) => `${path}?until=${until}`);
    });
  }

  /** The recording of a token; `undefined` if the token is not from this proxy, has expired, or its server is not allowed. */
  async open(token: string, until: string | null): Promise<RecordingContext | undefined> {
    const hasEnd = this.#settings.recordingDays !== undefined;
    const expires = hasEnd ? await this.#endOf(until ?? "", token) : null;
    if (expires === undefined) return undefined;
    const [, company = "", url] = /^(\d*) (.*)$/s.exec((await this.#seal.open(token)) ?? "") ?? [];
    if (url === undefined || !this.#settings.recordingHosts.has(url)) return undefined;
    return Object.freeze({ url, companyId: company === "" ? null : Number(company), expires });
  }

  /** The end of a link; `undefined` if the proxy did not make this value for the token, or the day is over. */
  async #endOf(said: string, token: string): Promise<Date | undefined> {
    const [, day] = /^(\d{1,6})-[\w-]+$/.exec(said) ?? [];
    const end = (Number(day) + 1) * dayLength;
    if (day === undefined || Date.now() >= end) return undefined;
    const right = await this.#seal.until(Number(day), token);
    // Compares all characters, so that the time reveals nothing.
    let differs = right.length ^ said.length;
    for (let at = 0; at < right.length; at += 1) {
      differs |= right.charCodeAt(at) ^ said.charCodeAt(at);
    }
    return differs === 0 ? new Date(end) : undefined;
  }
}
