/**
 * Names by numeric id of passwd(5) or group(5): `name:password:id:…`. Lines in another form are skipped;
 * of two names for one id the first counts, as in getpwuid(3).
 */
export function parseAccountNames(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name = "", , id = ""] = line.split(":", 3);
    if (name !== "" && /^\d{1,10}$/.test(id) && !names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}
