/**
 * A phone number with its middle hidden: "139****1234". Short service numbers, names of lines and
 * numbers the server has masked already stay as they are.
 */
export function maskPhone(phone: string): string {
  const [, prefix = "", digits = ""] = /^(\+?86[- ]?(?=1\d{10}$)|\+)?(\d+)$/.exec(phone) ?? [];
  if (digits.length < 7) return phone;
  const shown = digits.length >= 11 ? [3, 4] : [2, 2];
  const [head = 0, tail = 0] = shown;
  return `${prefix}${digits.slice(0, head)}****${digits.slice(-tail)}`;
}
