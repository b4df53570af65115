import { ref } from "vue";

/** Whether phone numbers are shown in full. Never remembered: a new visit starts masked. */
export const phonesRevealed = ref(false);
