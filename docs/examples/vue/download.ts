// Offers a CSV as a file.
export function download(csv: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  link.download = "calls.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}
