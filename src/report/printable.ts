/**
 * Escapes what a terminal would obey: control and format characters (escape sequences, bidi
 * overrides, zero-width ones), lone surrogates, line breaks. Evidence is attacker-written.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x0a) return "\\n";
    if (code === 0x09) return "\\t";
    if (code === 0x0d) return "\\r";
    return `\\u{${code.toString(16)}}`;
  });
}

/** Cuts text to a number of characters, an ellipsis last. */
export function shorten(text: string, charactersMax: number): string {
  const characters = [...text];
  if (characters.length <= charactersMax) return text;
  return `${characters.slice(0, charactersMax - 1).join("")}…`;
}

/** Breaks a line at blanks so that each part fits `columns`, later ones behind `indent`. Long words stay whole. */
export function wrap(text: string, columns: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(" ")) {
    const joined: string = line === undefined ? word : `${line} ${word}`;
    const isFull = line !== undefined && line.trim() !== "" && [...joined].length > columns;
    if (isFull && line !== undefined) lines.push(line);
    line = isFull ? `${indent}${word}` : joined;
  }
  return [...lines, line ?? ""];
}
