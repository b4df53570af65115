// Links to the pages. Each link contains the company, so a copied link shows the same company.
import type { LocationQuery, LocationQueryRaw, RouteLocationNamedRaw } from "vue-router";
import { companyId } from "./settings/company";

const inCompany = (location: RouteLocationNamedRaw): RouteLocationNamedRaw => ({
  ...location,
  query: { company: companyId.value, ...location.query },
});

/** A page of the navigation, in the period of the URL: `p`. */
export const pageLink = (name: string, p?: LocationQuery[string]) =>
  inCompany({ name, query: { p } });

export const tasksLink = () => inCompany({ name: "tasks" });
export const linesLink = () => inCompany({ name: "lines" });
export const lineLink = (phone: string, query: LocationQueryRaw = {}) =>
  inCompany({ name: "line", params: { phone }, query });
/** `ids`: the scripts that are compared. */
export const scriptsLink = (ids: readonly number[] = []) =>
  inCompany({ name: "scripts", query: { script: ids.join(",") || undefined } });
export const settingsLink = () => inCompany({ name: "settings" });
/** `query`: the period and what is chosen on the charts. */
export const taskLink = (id: number, query: LocationQueryRaw = {}) =>
  inCompany({ name: "task", params: { id }, query });
/** `query`: `s`, the second at which the recording begins. */
export const callLink = (id: number, query: LocationQueryRaw = {}) =>
  inCompany({ name: "call", params: { id }, query });
/** All calls; `query`: the period and the choices (`writeChoices`). */
export const callsLink = (query: LocationQueryRaw = {}) => inCompany({ name: "calls", query });
/** Whether the calls of a period, `p`, keep vendors' rules. */
export const complianceLink = (query: LocationQueryRaw = {}) =>
  callsLink({ ...query, tab: "compliance" });
/** Today for a screen on the wall. */
export const wallLink = () => inCompany({ name: "wall" });
