// Links to the pages. Each link contains the company, so a copied link shows the same company.
import type { RouteLocationNamedRaw } from "vue-router";
import { companyId } from "./settings/company";

const inCompany = (location: RouteLocationNamedRaw): RouteLocationNamedRaw => ({
  ...location,
  query: { company: companyId.value },
});

export const tasksLink = () => inCompany({ name: "tasks" });
export const taskLink = (id: number) => inCompany({ name: "task", params: { id } });
export const linesLink = () => inCompany({ name: "lines" });
export const lineLink = (phone: string) => inCompany({ name: "line", params: { phone } });
export const callLink = (id: number) => inCompany({ name: "call", params: { id } });
export const settingsLink = () => inCompany({ name: "settings" });
