/** Where something stands among the field lines of one name. */
export interface FieldSpan {
  /** Index of the field line among those of its name, in wire order, from 0. */
  readonly field: number;
  /** UTF-16 units from the start of that line's value; a value decoded as Latin-1 has one per byte. */
  readonly offset: number;
  readonly length: number;
}

/** What is wrong with a field value, as data: a rule in kebab-case and one sentence on what is. */
export interface FieldProblem extends FieldSpan {
  readonly rule: string;
  readonly message: string;
}

/** A part of a field value, blanks around it taken off. */
export interface FieldPiece extends FieldSpan {
  readonly text: string;
}

/** Longest value of one field line that is read; servers refuse to send more than 8 to 64 KiB of header. */
export const FIELD_LENGTH_MAX = 65_536;
/** Field lines of one name that are read. */
export const FIELD_COUNT_MAX = 100;
/** Problems kept for one header; a value made of nothing but errors says no more than its first hundred. */
export const PROBLEM_COUNT_MAX = 100;
/** Characters of a field value quoted in a message. */
const QUOTE_LENGTH_MAX = 60;

/** Collects problems up to the limit. */
export interface ProblemList {
  readonly all: readonly FieldProblem[];
  add(rule: string, message: string, span: FieldSpan): void;
}

export function problemList(): ProblemList {
  const all: FieldProblem[] = [];
  return {
    all,
    add(rule, message, { field, offset, length }) {
      if (all.length < PROBLEM_COUNT_MAX) all.push({ rule, message, field, offset, length });
    },
  };
}

/** The field lines within the limits; what is cut off is told as `too-long` or `too-many`. */
export function boundedFields(
  values: readonly string[],
  problems: ProblemList,
): readonly FieldPiece[] {
  if (values.length > FIELD_COUNT_MAX) {
    problems.add("too-many", `the header is sent ${values.length} times`, {
      field: FIELD_COUNT_MAX,
      offset: 0,
      length: 0,
    });
  }
  return values.slice(0, FIELD_COUNT_MAX).map((value, field) => {
    if (value.length > FIELD_LENGTH_MAX) {
      problems.add("too-long", `the value has ${value.length} characters`, {
        field,
        offset: FIELD_LENGTH_MAX,
        length: value.length - FIELD_LENGTH_MAX,
      });
    }
    const text = value.slice(0, FIELD_LENGTH_MAX);
    return { text, field, offset: 0, length: text.length };
  });
}

/** `text` cut to a length fit for a message, in double quotes. */
export function quoted(text: string): string {
  return text.length > QUOTE_LENGTH_MAX ? `"${text.slice(0, QUOTE_LENGTH_MAX)}…"` : `"${text}"`;
}

/** The piece without spaces and tabs around it (OWS, RFC 9110 section 5.6.3). */
export function trimPiece(piece: FieldPiece): FieldPiece {
  let start = 0;
  let end = piece.text.length;
  while (start < end && isBlank(piece.text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(piece.text.charCodeAt(end - 1))) end -= 1;
  return slicePiece(piece, start, end);
}

/** Part of a piece; positions count from the start of the piece. */
export function slicePiece(piece: FieldPiece, start: number, end = piece.text.length): FieldPiece {
  const text = piece.text.slice(start, end);
  return { text, field: piece.field, offset: piece.offset + start, length: text.length };
}

/** Splits at a separator outside quoted strings (RFC 9110 section 5.6.4); empty parts are kept. */
export function splitPiece(piece: FieldPiece, separator: "," | ";"): readonly FieldPiece[] {
  const parts: FieldPiece[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < piece.text.length; at += 1) {
    const char = piece.text[at];
    if (isQuoted && char === "\\") at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === separator && !isQuoted) {
      parts.push(trimPiece(slicePiece(piece, start, at)));
      start = at + 1;
    }
  }
  parts.push(trimPiece(slicePiece(piece, start)));
  return parts;
}

/** The members of a comma-separated list over all field lines (RFC 9110 section 5.6.1); empty ones are dropped. */
export function listMembers(fields: readonly FieldPiece[]): readonly FieldPiece[] {
  return fields.flatMap((field) => splitPiece(field, ",")).filter(({ text }) => text !== "");
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
