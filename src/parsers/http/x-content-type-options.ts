import { boundedFields, type FieldProblem, problemList, quoted, splitPiece } from "./field.ts";

export interface ContentTypeOptionsHeader {
  readonly nosniff: boolean;
  readonly problems: readonly FieldProblem[];
}

/** X-Content-Type-Options: Fetch standard section 3.5 (2026). The first value of all lines counts, in any case. */
export function parseContentTypeOptions(values: readonly string[]): ContentTypeOptionsHeader {
  const problems = problemList();
  const pieces = boundedFields(values, problems).flatMap((field) => splitPiece(field, ","));
  const [first, ...more] = pieces;
  const nosniff = first?.text.toLowerCase() === "nosniff";
  if (first !== undefined && !nosniff)
    problems.add(
      "invalid",
      `${quoted(first.text)} is not nosniff, browsers ignore the header`,
      first,
    );
  for (const piece of more)
    problems.add("repeated", `${quoted(piece.text)} is ignored, the first value counts`, piece);
  return { nosniff, problems: problems.all };
}
