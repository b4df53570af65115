// The programs that a panel shows, with the place where they get their calls: as the page does. The demo has no server, so
// they name a proxy. Loaded with the first look at one.
import type { Origin } from "./programs";
import { baseUrl, isDemo } from "../client";
import { companyId } from "../settings/company";

type Programs = typeof import("./programs");

/** The program that `write` makes. */
export async function programOf(
  write: (programs: Programs, origin: Origin) => string,
): Promise<string> {
  return write(await import("./programs"), {
    baseUrl: isDemo ? "/byrobot" : baseUrl.value,
    companyId: companyId.value,
  });
}
