import {
  boundedFields,
  type FieldPiece,
  type FieldProblem,
  problemList,
  quoted,
  splitPiece,
} from "./field.ts";

/** What a browser does with a page in a frame on account of X-Frame-Options alone. */
export type FrameOption =
  /** Never shown in a frame. */
  | "deny"
  /** Shown only where all pages above are of the same origin. */
  | "sameorigin"
  /** Shown anywhere: the header is missing or ignored. */
  | "none";

export interface FrameOptionsHeader {
  readonly effective: FrameOption;
  /** Each value of each line in lower case, in order. */
  readonly values: readonly string[];
  /** The origin of an ALLOW-FROM, which no current browser obeys. */
  readonly allowFrom?: string;
  readonly problems: readonly FieldProblem[];
}

/** Values that stop framing altogether where they disagree (HTML standard section 7.4.5, 2026, which replaces RFC 7034). */
const CONFLICTING: ReadonlySet<string> = new Set(["deny", "allowall", "sameorigin"]);

/**
 * X-Frame-Options as the HTML standard processes it: lines and commas alike separate values, equal ones count once,
 * several different ones of which one is known forbid framing. An enforced frame-ancestors makes browsers ignore it.
 */
export function parseFrameOptions(fieldValues: readonly string[]): FrameOptionsHeader {
  const problems = problemList();
  const fields = boundedFields(fieldValues, problems);
  const pieces = fields.flatMap((field) => splitPiece(field, ","));
  const values = pieces.map(({ text }) => text.toLowerCase());
  const distinct = new Set(values);
  for (const [at, piece] of pieces.entries()) {
    if (values.indexOf(values[at] ?? "") < at)
      problems.add("repeated", `${quoted(piece.text)} is sent again`, piece);
    else judge(piece, problems.add);
  }
  const [second] = pieces.slice(1);
  if (distinct.size > 1 && second !== undefined)
    problems.add(
      "conflict",
      `different values are sent: ${quoted([...distinct].join(", "))}`,
      second,
    );
  const allowFrom = pieces.find(({ text }) => /^allow-from\b/i.test(text));
  return {
    effective: effectOf(distinct),
    values,
    ...(allowFrom === undefined ? {} : { allowFrom: allowFrom.text.slice(10).trim() }),
    problems: problems.all,
  };
}

function judge(
  piece: FieldPiece,
  add: (rule: string, message: string, span: FieldPiece) => void,
): void {
  const value = piece.text.toLowerCase();
  if (value === "deny" || value === "sameorigin") return;
  if (value.startsWith("allow-from"))
    add(
      "allow-from",
      "ALLOW-FROM is not obeyed by browsers any more, the page may be framed",
      piece,
    );
  else add("invalid", `${quoted(piece.text)} is neither DENY nor SAMEORIGIN and ignored`, piece);
}

function effectOf(values: ReadonlySet<string>): FrameOption {
  if (values.size > 1) return [...values].some((value) => CONFLICTING.has(value)) ? "deny" : "none";
  const [value] = values;
  return value === "deny" || value === "sameorigin" ? value : "none";
}
