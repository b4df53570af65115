// Where the page finds the API: the base URL of a proxy, kept between visits.
import { computed } from "vue";
import { remembered } from "./remembered";

/** Why a URL cannot be that of a proxy. */
export type ProxyFault = "malformed" | "scheme" | "credentials" | "query" | "mixed";

/**
 * Reads the base URL of a proxy: "https://calls.example/byrobot", or a path on this page's own server, "/byrobot". Gives
 * it without a slash at its end, "" for none, or what is wrong.
 */
export function readProxyUrl(text: string): { url: string } | { fault: ProxyFault } {
  const given = text.trim();
  if (given === "") return { url: "" };
  const isPath = /^\/(?!\/)/.test(given);
  if (
    (!isPath && !/^[a-z][a-z\d+.-]*:\/\//i.test(given)) ||
    /\s/.test(given) ||
    !URL.canParse(given, location.origin)
  ) {
    return { fault: "malformed" };
  }
  const { protocol, username, password, search, hash, hostname, origin, pathname } = new URL(
    given,
    location.origin,
  );
  if (protocol !== "https:" && protocol !== "http:") return { fault: "scheme" };
  if (username !== "" || password !== "") return { fault: "credentials" };
  if (search !== "" || hash !== "") return { fault: "query" };
  // Browsers treat http on this machine as secure.
  const isOwn = /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname);
  if (location.protocol === "https:" && protocol === "http:" && !isOwn) return { fault: "mixed" };
  const path = pathname.replace(/\/+$/, "");
  return { url: isPath ? path : origin + path };
}

const isProxyUrl = (value: unknown): value is string => {
  if (typeof value !== "string" || value === "") return false;
  const read = readProxyUrl(value);
  return "url" in read && read.url === value;
};

const chosen = remembered("proxy", isProxyUrl);

/** The base URL of the proxy; "": this page's own server. */
export const proxyUrl = computed(() => chosen.value ?? "");

/** Takes the base URL of a proxy, "" for this page's own server, and says what is wrong with it. */
export function chooseProxyUrl(text: string): ProxyFault | null {
  const read = readProxyUrl(text);
  if ("fault" in read) return read.fault;
  chosen.value = read.url || null;
  return null;
}
