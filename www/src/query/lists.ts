// The parameters that each list keeps in the URL. The page sizes are within the vendor's limit.
import { day, oneOf, pageNumber, text, whole } from "./params";

const size = oneOf([10, 20, 50], 20);

export const pageSizes = [10, 20, 50] as const;

export const taskList = { name: text, status: whole, created: day, page: pageNumber, size };

export const finishedList = {
  outcome: whole,
  intent: text,
  durationMin: whole,
  durationMax: whole,
  roundsMin: whole,
  roundsMax: whole,
  page: pageNumber,
  size,
};

export const waitingList = { page: pageNumber, size };
