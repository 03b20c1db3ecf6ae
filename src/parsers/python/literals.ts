/** The value of an integer or float literal; NaN for a complex one. */
export function numberOf(text: string): number {
  const plain = text.replaceAll("_", "").toLowerCase();
  if (plain.endsWith("j")) return Number.NaN;
  return Number(plain.replace(/^0+(?=\d)/, ""));
}
