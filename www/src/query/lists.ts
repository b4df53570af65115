// The parameters that each list keeps in the URL. The page sizes are within the vendor's limit.
import { oneOf, pageNumber, text, whole } from "./params";

const size = oneOf([10, 20, 50], 20);

export const pageSizes = [10, 20, 50] as const;

/** `sort`: the key of a column; "-key": the greatest first. */
export const taskList = { name: text, status: whole, sort: text };

export const waitingList = { page: pageNumber, size };
