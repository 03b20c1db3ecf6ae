/**
 * Python's tokens, one at a time (language reference, chapter 2: logical lines, indentation, literals).
 *
 * The scanner is one mutable record, since a token of its own for each of a million words would cost more than
 * reading them. Of a string only the opening is a token: what follows is read by `string-literal.ts`, because an
 * f-string holds expressions.
 */
export interface Scanner {
  readonly text: string;
  /** The token it stands on. */
  kind: TokenKind;
  /** The word or operator; of a string its prefix in lower case with the opening quotes. */
  value: string;
  start: number;
  end: number;
  /** Both from 1. */
  line: number;
  column: number;
  /** Where the last token that is no layout ended. */
  previousEnd: number;
  /** The first character that belongs to no token yet, its line and where that line begins. */
  offset: number;
  offsetLine: number;
  lineStart: number;
  /** Brackets that are open: line ends within them are no tokens. */
  brackets: number;
  /** Columns of the blocks that are open. */
  indents: number[];
  dedents: number;
  isLineStart: boolean;
  /** Where a line goes back to a column that no block has. */
  misplaced: { readonly line: number; readonly column: number } | undefined;
}

export type TokenKind =
  | "name"
  | "keyword"
  | "number"
  | "string"
  | "operator"
  | "newline"
  | "indent"
  | "dedent"
  | "end";

export const [LINE_FEED, CARRIAGE_RETURN, FORM_FEED, TAB, SPACE] = [10, 13, 12, 9, 32] as const;
export const HASH = 35;

/** Whether the token is an end of a line or of a block, or the end of the text. */
export function isLayout(kind: TokenKind): boolean {
  return kind === "newline" || kind === "indent" || kind === "dedent" || kind === "end";
}

/** Stands on a token without characters of its own. */
export function layout(scanner: Scanner, kind: TokenKind): void {
  begin(scanner);
  scanner.kind = kind;
  scanner.value = "";
  scanner.end = scanner.offset;
}

/** Notes where the token begins. */
export function begin(scanner: Scanner): void {
  scanner.start = scanner.offset;
  scanner.line = scanner.offsetLine;
  scanner.column = scanner.offset - scanner.lineStart + 1;
}

/** Counts a line whose end has been passed. */
export function newLine(scanner: Scanner): void {
  scanner.offsetLine += 1;
  scanner.lineStart = scanner.offset;
}

/** Goes from `#` to the end of its line. */
export function skipComment(scanner: Scanner): void {
  const end = scanner.text.indexOf("\n", scanner.offset);
  scanner.offset = end === -1 ? scanner.text.length : end;
}
