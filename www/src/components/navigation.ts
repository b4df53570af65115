// The pages of the navigation, in their order.
import type { Messages } from "../i18n/zh";
import type Icon from "./Icon.vue";

/** `name` is that of the route, and the key of the text. */
export interface NavigationEntry {
  readonly name: Exclude<keyof Messages["navigation"], "label">;
  readonly icon: InstanceType<typeof Icon>["$props"]["name"];
}

export const navigation: readonly NavigationEntry[] = [
  { name: "today", icon: "pulse" },
  { name: "tasks", icon: "list" },
  { name: "lines", icon: "antenna" },
  { name: "scripts", icon: "bubble" },
  { name: "calls", icon: "phone" },
];
