// Where the programs that a panel shows get their calls: as the page does. The demo has no server, so they name a proxy.
import type { Origin } from "./programs";
import { baseUrl, isDemo } from "../client";
import { companyId } from "../settings/company";

export const codeOrigin = (): Origin => ({
  baseUrl: isDemo ? "/byrobot" : baseUrl.value,
  companyId: companyId.value,
});
