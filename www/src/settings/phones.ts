// Whether the page shows phone numbers in full.
import { ref } from "vue";

/** Not stored: numbers are masked again after each load of the page. */
export const phonesRevealed = ref(false);
