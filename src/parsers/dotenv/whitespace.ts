/** Code points that Python's `str.isspace()` and `\s` take for white space (Unicode 15). */
const PYTHON_SPACES: ReadonlySet<string> = new Set(
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);
/** Where Python's `str.splitlines()` ends a line. */
const PYTHON_LINE_ENDS: ReadonlySet<string> = new Set("\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029");

export function isPythonSpace(character: string | undefined): boolean {
  return character !== undefined && PYTHON_SPACES.has(character);
}

export function isPythonLineEnd(character: string | undefined): boolean {
  return character !== undefined && PYTHON_LINE_ENDS.has(character);
}

/** `\s` of ECMAScript, which has the byte order mark and lacks U+0085. */
export function isScriptSpace(character: string | undefined): boolean {
  return character !== undefined && character.trim() === "" && character !== "";
}

/** White space of Go's `unicode.IsSpace` for Latin-1, the only ones env files have. */
export function isGoSpace(character: string | undefined): boolean {
  return character !== undefined && "\t\n\v\f\r \x85\xa0".includes(character);
}

/** First offset from `from` on, below `end`, where `is` does not hold. */
export function skipWhile(
  text: string,
  from: number,
  end: number,
  is: (character: string | undefined) => boolean,
): number {
  let at = from;
  while (at < end && is(text[at])) at += 1;
  return at;
}

/** Last offset from `end` down to `from` behind which `is` does not hold. */
export function skipBackWhile(
  text: string,
  from: number,
  end: number,
  is: (character: string | undefined) => boolean,
): number {
  let at = end;
  while (at > from && is(text[at - 1])) at -= 1;
  return at;
}
