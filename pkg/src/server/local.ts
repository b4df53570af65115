// Who is on this machine, for a proxy that has nobody to ask for leave: the one in Vite, and the command's.

/** Whether an address or a name can be no other machine. Nobody can own a name under localhost. */
export const isLoopback = (name: string): boolean =>
  /^(?:127(?:\.\d+){3}|(?:[\w-]+\.)*localhost|\[?::1\]?)$/i.test(name);

/**
 * Whether a request of Node's comes from this machine, asks for it by its own name, and is of no other site's
 * page: such a page could have a name that leads here, or a server in front that lets all pages read.
 */
function isOfThisMachine(request: unknown): boolean {
  const { headers = {}, socket } = request as {
    headers?: Record<string, string | undefined>;
    socket?: { remoteAddress?: string };
  };
  const { host = "", origin } = headers;
  return (
    /^(?:127\.|::1$|::ffff:127\.)/.test(socket?.remoteAddress ?? "") &&
    isLoopback(host.replace(/:\d+$/, "")) &&
    (origin === undefined || isLoopback(/^https?:\/\/(.*?)(?::\d+)?$/.exec(origin)?.[1] ?? ""))
  );
}

/** A handler of Node's that answers this machine alone; others are told `unless` what. */
export const forThisMachine =
  (handle: (request: unknown, response: unknown) => void, unless: string) =>
  (request: unknown, response: unknown): void => {
    if (isOfThisMachine(request)) return handle(request, response);
    const { writeHead, end } = response as {
      writeHead(status: number, headers: Record<string, string>): unknown;
      end(text: string): unknown;
    };
    const headers = {
      "content-type": "application/json;charset=UTF-8",
      "cache-control": "no-store",
    };
    writeHead.call(response, 403, headers);
    const resultMsg = `byrobot-calls proxy: answers this machine only, unless ${unless}`;
    end.call(response, JSON.stringify({ code: 403, data: null, resultMsg }));
  };
