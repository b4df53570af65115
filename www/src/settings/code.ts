// Whether each panel offers the code behind its numbers, kept between visits.
import { computed } from "vue";
import { remembered } from "./remembered";

const chosen = remembered("code", (value): value is true => value === true);

export const codeShown = computed(() => chosen.value ?? false);

export function toggleCode(): void {
  chosen.value = codeShown.value ? null : true;
}
