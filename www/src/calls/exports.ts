// Files for the person: the calls that pass, and what else the page saves.
import type { CallView } from "byrobot-calls/streaming";
import { language } from "../settings/language";

export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read the file by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file that a spreadsheet reads. */
export async function saveCsv(view: CallView, name: string, maskPhones: boolean): Promise<void> {
  const csv = view.toCSVStream({
    language: language.value,
    maskPhones,
    bom: true,
    forSpreadsheet: true,
  });
  saveFile(await new Response(csv).blob(), `${name}.csv`);
}

/** A file for DuckDB and others. It has the numbers in full. */
export function saveArrow(view: CallView, name: string): void {
  saveFile(new Blob([view.toArrowIPC() as BlobPart]), `${name}.arrow`);
}
