import {
  CARRIAGE_RETURN,
  FORM_FEED,
  HASH,
  LINE_FEED,
  layout,
  newLine,
  type Scanner,
  SPACE,
  skipComment,
  TAB,
} from "./scanner-state.ts";

const TAB_WIDTH = 8;

/** At the first character of a line; says whether the line's indentation is a token. */
export function indentation(scanner: Scanner): boolean {
  const column = firstColumn(scanner);
  if (column === undefined) return false;
  const top = scanner.indents.at(-1) ?? 0;
  if (column === top) return false;
  if (column > top) {
    scanner.indents.push(column);
    layout(scanner, "indent");
    return true;
  }
  let closed = 0;
  while ((scanner.indents.at(-1) ?? 0) > column) {
    scanner.indents.pop();
    closed += 1;
  }
  scanner.dedents = closed - 1;
  layout(scanner, "dedent");
  if (scanner.indents.at(-1) !== column) {
    scanner.indents[scanner.indents.length - 1] = column;
    scanner.misplaced ??= { line: scanner.line, column: scanner.column };
  }
  return true;
}

/** Skips lines without a token; the column of the first one that has one, `undefined` at the end of the text. */
function firstColumn(scanner: Scanner): number | undefined {
  const { text } = scanner;
  while (scanner.offset < text.length) {
    const column = columnOf(scanner);
    const code = text.charCodeAt(scanner.offset);
    if (code === HASH) skipComment(scanner);
    else if (code !== LINE_FEED) return scanner.offset < text.length ? column : undefined;
    if (scanner.offset === text.length) return undefined;
    scanner.offset += 1;
    newLine(scanner);
  }
  return undefined;
}

/** Skips the blanks that a line begins with; the column they make. */
function columnOf(scanner: Scanner): number {
  let column = 0;
  for (; ; scanner.offset += 1) {
    const code = scanner.text.charCodeAt(scanner.offset);
    if (code === SPACE) column += 1;
    else if (code === TAB) column += TAB_WIDTH - (column % TAB_WIDTH);
    else if (code === FORM_FEED || code === CARRIAGE_RETURN) column = 0;
    else return column;
  }
}
