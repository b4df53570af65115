// Starts a server of Node for both commands. Not here: how it answers (proxy-command.ts, sandbox-server.ts).
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens, and returns the address without a slash at the end. Rejects if the port is in use. */
export async function listen(
  server: Server,
  port: number,
  host: string,
): Promise<{ url: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, port: address.port };
}
