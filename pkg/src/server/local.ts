// Who is on this machine, for a proxy that has nobody to ask for leave: the one in Vite, and the command's.

/** Whether an address or a name can be no other machine. Nobody can own a name under localhost. */
export const isLoopback = (name: string): boolean =>
  /^(?:127(?:\.\d+){3}|(?:[\w-]+\.)*localhost|\[?::1\]?)$/i.test(name);

/**
 * Whether a request of Node's comes from this machine, asks for it by its own name, and is of no other site's
 * page: such a page could have a name that leads here, or a server in front that lets all pages read.
 */
export function isOfThisMachine(request: unknown): boolean {
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
