// What a page gets of the vendor's answer: all of it, but for stack traces and, where they are to be
// masked, telephone numbers; recordings lead through the proxy.
import { customerNumbers, inside, lineNumbers, numbers, stackTrace } from "../generated/fields.js";
import { Mask } from "./mask.js";
import { parsed, type RecordingHosts, type Seal } from "./recordings.js";
import { rewrite, type Place } from "./rewrite.js";

export interface AnswerOptions {
  maskPhones: boolean;
  recordingHosts: RecordingHosts;
  seal: Seal;
  /** The path at which the proxy is, for links to recordings. */
  mount: string;
  /** What must not be in an answer: a server that repeats what it was sent would give it away. */
  private: readonly string[];
}

/** Fields that are a telephone number, all of them; the last two are of no document, or count lines there. */
const telephones = new Set([...customerNumbers, ...lineNumbers, "phoneNum", "mobile"]);

/** Fields whose numbers are no telephone numbers, however long: counts, codes, amounts. */
const known = new Set(numbers);

/** Those of no document, by the look of their names: ids, counts, instants. */
const otherNumbers = /(?:id|count|times?|total|create|modified|^code)$/i;

/** Fields that may be a telephone number though their name ends like one of those. */
const whoIsCalled = /(?:caller|called|callee|phone|mobile|tel|telephone)id$/i;

/** Members that tell how the vendor's servers are made inside; they are null in a page. */
const internals = new Set([stackTrace, "stackTrace"]);

const recordings = /luyin|recording/i;

/**
 * The vendor's answer as the page gets it.
 *
 * @throws SyntaxError where it is not JSON.
 */
export async function forPage(text: string, options: AnswerOptions): Promise<string> {
  const links = new Map<string, string | null>();
  const own = new Set<string>();
  rewrite(text, ({ raw, name, isKey }) => {
    if (isKey || raw === "null") return undefined;
    const said = raw.startsWith('"') ? (JSON.parse(raw) as string) : raw;
    if (name !== null && customerNumbers.includes(name)) own.add(said);
    if (isLink(name, said)) links.set(said, null);
    return undefined;
  });
  for (const link of links.keys()) links.set(link, await linkFor(link, options));

  const mask = options.maskPhones ? new Mask(own) : undefined;
  return rewrite(text, (place) => replaced(place, links, mask, options));
}

function replaced(
  { raw, name, isKey, path }: Place,
  links: Map<string, string | null>,
  mask: Mask | undefined,
  options: AnswerOptions,
): string | undefined {
  if (path.some((member) => internals.has(member))) return isKey ? '"…"' : "null";
  if (name !== null && internals.has(name) && !isKey) return "null";
  const isText = raw.startsWith('"');
  if (!isText && !/^-?\d/.test(raw)) return undefined;
  const sent = isText ? (JSON.parse(raw) as string) : raw;
  const isInside = name !== null && inside.includes(name);
  const said = isInside && isText && !isKey ? withoutHosts(sent) : sent;
  if (options.private.some((secret) => said.includes(secret))) return '"…"';
  if (isText && !isKey && links.has(said)) return JSON.stringify(links.get(said));
  const masked = !mask ? said : isKey ? mask.text(said) : maskedValue(said, name, isText, mask);
  return masked === sent ? undefined : JSON.stringify(masked);
}

/** A company's name, or JSON about the call, in which the vendor's own machines stand. */
function withoutHosts(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  const isHost = (member: string | null) => member === "host" || member === "ip";
  try {
    return rewrite(text, ({ name, isKey, path }) => {
      if (path.some(isHost)) return isKey ? '"…"' : "null";
      return isHost(name) && !isKey ? "null" : undefined;
    });
  } catch {
    return text;
  }
}

function maskedValue(said: string, name: string | null, isText: boolean, mask: Mask): string {
  if (name !== null && telephones.has(name)) return mask.telephone(said);
  const isOther =
    name !== null && (known.has(name) || otherNumbers.test(name)) && !whoIsCalled.test(name);
  if (isOther && /^-?\d+$/.test(said) && !mask.isOwn(said)) return said;
  if (!isText || !/^\s*[[{]/.test(said)) return mask.text(said);
  try {
    return rewrite(said, ({ raw, name, isKey }) => {
      if (!raw.startsWith('"') && !/^-?\d/.test(raw)) return undefined;
      const isText = raw.startsWith('"');
      const inner = isText ? (JSON.parse(raw) as string) : raw;
      const masked = isKey ? mask.text(inner) : maskedValue(inner, name, isText, mask);
      return masked === inner ? undefined : JSON.stringify(masked);
    });
  } catch {
    return mask.text(said);
  }
}

const isLink = (name: string | null, text: string) =>
  /^https?:\/\//i.test(text) && ((name !== null && recordings.test(name)) || isAudio(text));

const isAudio = (text: string) => /\.(?:wav|mp3|m4a|aac|ogg|amr)(?:[?#]|$)/i.test(text);

/** The link that the page gets; null, where what it says is to be kept from the page. */
async function linkFor(link: string, options: AnswerOptions): Promise<string | null> {
  const url = parsed(link);
  if (!url || !options.recordingHosts.has(url)) return options.maskPhones ? null : link;
  // Players like to see what kind of file it is.
  const [extension = ""] = /\.\w{1,5}$/.exec(url.pathname) ?? [];
  return `${options.mount}/recordings/${await options.seal.seal(link)}${extension}`;
}
