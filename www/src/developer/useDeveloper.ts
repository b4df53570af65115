// Whether the developer drawer is open, and at which part: in the URL, so that a link shows the same.
import { computed } from "vue";
import { useRoute, useRouter } from "vue-router";

export const developerParts = ["sandbox", "faults", "diagnosis"] as const;
export type DeveloperPart = (typeof developerParts)[number];

export function useDeveloper() {
  const route = useRoute();
  const router = useRouter();
  const queryOf = (part: DeveloperPart | undefined) => ({ ...route.query, dev: part });
  return {
    isOpen: computed(() => "dev" in route.query),
    part: computed(() => developerParts.find((part) => part === route.query["dev"]) ?? "sandbox"),
    linkTo: (part: DeveloperPart) => ({ query: queryOf(part), replace: true }),
    open: () => void router.push({ query: queryOf("sandbox") }),
    close: () => void router.replace({ query: queryOf(undefined) }),
  };
}
