// Links to the pages. Each link contains the company, so a copied link shows the same company.
import type { LocationQueryRaw, RouteLocationNamedRaw } from "vue-router";
import { companyId } from "./settings/company";

const inCompany = (location: RouteLocationNamedRaw): RouteLocationNamedRaw => ({
  ...location,
  query: { company: companyId.value, ...location.query },
});

export const tasksLink = () => inCompany({ name: "tasks" });
export const taskLink = (id: number) => inCompany({ name: "task", params: { id } });
export const callLink = (id: number) => inCompany({ name: "call", params: { id } });
/** All calls; `query`: the period and the choices (`writeChoices`). */
export const callsLink = (query: LocationQueryRaw = {}) => inCompany({ name: "calls", query });
/** Whether the calls of a period, `p`, keep vendors' rules. */
export const complianceLink = (query: LocationQueryRaw = {}) =>
  callsLink({ ...query, tab: "compliance" });
