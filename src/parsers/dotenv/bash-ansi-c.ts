const SIMPLE: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};
/** Digits of `\nnn`, `\xHH`, `\uHHHH`, `\UHHHHHHHH`. */
const NUMERIC = /^(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8}))/;
const NUMERIC_LENGTH_MAX = 9;
const CODE_POINT_MAX = 0x10ffff;

/** `$'...'` of bash (manual 3.1.2.4), `from` behind the opening quote; a NUL ends the value. */
export function ansiC(text: string, from: number): { value: string; end: number } | undefined {
  const parts: string[] = [];
  let isCut = false;
  let at = from;
  while (at < text.length) {
    const c = text[at] ?? "";
    if (c === "'") return { value: parts.join(""), end: at + 1 };
    const decoded = c === "\\" ? escapeAt(text, at + 1) : { value: c, end: at + 1 };
    isCut ||= decoded.value === "\0";
    if (!isCut) parts.push(decoded.value);
    at = decoded.end;
  }
  return undefined;
}

function escapeAt(text: string, at: number): { value: string; end: number } {
  const next = text[at];
  if (next === undefined) return { value: "\\", end: at };
  const simple = SIMPLE[next];
  if (simple !== undefined) return { value: simple, end: at + 1 };
  const match = NUMERIC.exec(text.slice(at, at + NUMERIC_LENGTH_MAX));
  if (match === null) return { value: `\\${next}`, end: at + 1 };
  const [whole, octal, ...hex] = match;
  const digits = hex.find((group) => group !== undefined) ?? "";
  const code = octal === undefined ? Number.parseInt(digits, 16) : Number.parseInt(octal, 8) & 0xff;
  const value = code > CODE_POINT_MAX ? "\ufffd" : String.fromCodePoint(code);
  return { value, end: at + whole.length };
}
