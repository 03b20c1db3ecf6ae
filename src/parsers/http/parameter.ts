import { type FieldPiece, type FieldSpan, splitPiece } from "./field.ts";

/** `name`, `name=value` or `name="value"`, RFC 9110 section 5.6.6, with blanks around `=` as RFC 2616 had them. */
export interface Parameter extends FieldSpan {
  /** In lower case; names are compared without letter case. */
  readonly name: string;
  /** Unquoted and unescaped; absent where there is no `=`. */
  readonly value?: string;
  readonly isQuoted: boolean;
  /** Where the value stands, quotes included; empty where there is none. */
  readonly valueSpan: FieldSpan;
}

/** A parameter, or the text of a part that is none. */
export type ParameterPart = Parameter | { readonly malformed: FieldPiece };

const PARAMETER =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:([ \t]*=[ \t]*)(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?$/s;

/** Reads a list of parameters; empty parts are dropped, parts that are no parameter are handed back. */
export function parseParameters(piece: FieldPiece, separator: "," | ";"): readonly ParameterPart[] {
  return splitPiece(piece, separator)
    .filter(({ text }) => text !== "")
    .map((part) => parseParameter(part));
}

export function parseParameter(part: FieldPiece): ParameterPart {
  const match = PARAMETER.exec(part.text);
  if (match === null) return { malformed: part };
  const [, name = "", equals = "", inQuotes, plain] = match;
  const { field, offset, length } = part;
  const value = inQuotes?.replace(/\\(.)/gs, "$1") ?? plain;
  const before = name.length + equals.length;
  return {
    name: name.toLowerCase(),
    ...(value === undefined ? {} : { value }),
    isQuoted: inQuotes !== undefined,
    field,
    offset,
    length,
    valueSpan: { field, offset: offset + before, length: length - before },
  };
}
