// Loopback check for a proxy without `authorize`: the Vite plugin and the command. Only this machine may use it,
// and no server that forwards requests of other machines.

/** Whether an address or a name always means this machine. Nobody can register a name under localhost. */
export const isLoopback = (name: string): boolean =>
  /^(?:127(?:\.\d+){3}|(?:[\w-]+\.)*localhost|\[?::1\]?)$/i.test(name);

/** Headers of a server that forwards requests of other machines. */
const forwarding =
  /^(?:forwarded|via|c(?:f|dn)-.*|x-(?:forwarded|original|real|client|cluster|remote|envoy)-.*|(?:.*-)?(?:client|real|remote|src)-?(?:ip|addr))$/;

/** The parts of Node's request that are used. */
interface NodeRequest {
  headers?: Record<string, string | undefined>;
  httpVersion?: string;
  socket?: { remoteAddress?: string };
}

/**
 * Whether a request of Node's comes from this machine, names it as `Host`, and does not come from a page of another
 * site. Such a page could have a domain name that resolves to this machine, or a server in front that adds no header.
 */
function isFromHere({ headers = {}, socket }: NodeRequest): boolean {
  const { ":authority": host = headers["host"] ?? "", origin, referer } = headers;
  return (
    /^(?:127\.|::1$|::ffff:127\.)/.test(socket?.remoteAddress ?? "") &&
    isLoopback(host.replace(/:\d+$/, "")) &&
    [origin, referer].every((page) => page === undefined || isLoopback(hostOf(page)))
  );
}

/** The host of a page's address; "" if it is none. */
const hostOf = (page: string): string =>
  /^https?:\/\/([^/?#@]*?)(?::\d+)?(?:[/?#]|$)/.exec(page)?.[1] ?? "";

/** Whether a server forwards the request. Browsers do not speak HTTP/1.0; nginx does by default. */
const isForwarded = ({ headers = {}, httpVersion }: NodeRequest): boolean =>
  httpVersion === "1.0" || Object.keys(headers).some((name) => forwarding.test(name));

/** A handler of Node's for requests of this machine. Others get 403; `unless` is the end of the message. */
export const loopbackOnly =
  (handle: (request: unknown, response: unknown) => void, unless: string) =>
  (request: unknown, response: unknown): void => {
    const forwarded = isForwarded(request as NodeRequest);
    if (!forwarded && isFromHere(request as NodeRequest)) return handle(request, response);
    const { writeHead, end } = response as {
      writeHead(status: number, headers: Record<string, string>): unknown;
      end(text: string): unknown;
    };
    const headers = {
      "content-type": "application/json;charset=UTF-8",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    };
    const why = forwarded
      ? "answers no server that passes requests on"
      : "answers this machine only";
    writeHead.call(response, 403, headers);
    const resultMsg = `byrobot-calls proxy: ${why}, unless ${unless}`;
    end.call(response, JSON.stringify({ code: 403, data: null, resultMsg }));
  };
