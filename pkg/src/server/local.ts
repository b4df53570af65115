// Loopback check for a proxy that has no `authorize`: the one in Vite, and the command's. It is open to this
// machine, and to nothing that passes requests on for other machines.

/** Whether an address or a name can be no other machine. Nobody can own a name under localhost. */
export const isLoopback = (name: string): boolean =>
  /^(?:127(?:\.\d+){3}|(?:[\w-]+\.)*localhost|\[?::1\]?)$/i.test(name);

/** Headers by which a server says that it passes a request on for another machine. */
const forwarding =
  /^(?:forwarded|via|x-(?:forwarded|original|real|client|cluster)-.*|(?:true|fly|fastly)-client-ip|cf-.*)$/;

/** What there is of a request of Node's. */
interface NodeRequest {
  headers?: Record<string, string | undefined>;
  httpVersion?: string;
  socket?: { remoteAddress?: string };
}

/**
 * Whether a request of Node's comes from this machine, asks for it by its own name, and is of no other site's
 * page: such a page could have a name that leads here, or a server in front that lets all pages read.
 */
function isFromHere({ headers = {}, socket }: NodeRequest): boolean {
  const { ":authority": host = headers["host"] ?? "", origin } = headers;
  return (
    /^(?:127\.|::1$|::ffff:127\.)/.test(socket?.remoteAddress ?? "") &&
    isLoopback(host.replace(/:\d+$/, "")) &&
    (origin === undefined || isLoopback(/^https?:\/\/(.*?)(?::\d+)?$/.exec(origin)?.[1] ?? ""))
  );
}

/** Whether a server in front passes a request on. Browsers do not speak HTTP/1.0, nginx does by default. */
const isForwarded = ({ headers = {}, httpVersion }: NodeRequest): boolean =>
  httpVersion === "1.0" || Object.keys(headers).some((name) => forwarding.test(name));

/** A handler of Node's that answers this machine alone; others are told `unless` what. */
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
