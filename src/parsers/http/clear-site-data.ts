import { boundedFields, type FieldProblem, listMembers, problemList, quoted } from "./field.ts";

/** Types of W3C Clear Site Data (working draft, 2024) section 3.1, and what Chromium added. */
const TYPES: readonly string[] = [
  "cache",
  "cookies",
  "storage",
  "executionContexts",
  "clientHints",
  "prefetchCache",
  "prerenderCache",
  "*",
];

export interface ClearSiteDataHeader {
  /** Types in force, in order of first mention; `*` stands for all. */
  readonly types: readonly string[];
  readonly problems: readonly FieldProblem[];
}

/** Clear-Site-Data: a list of quoted strings, compared letter for letter. */
export function parseClearSiteData(values: readonly string[]): ClearSiteDataHeader {
  const problems = problemList();
  const types = new Set<string>();
  for (const member of listMembers(boundedFields(values, problems))) {
    const inner = /^"(.*)"$/.exec(member.text)?.[1];
    if (inner === undefined)
      problems.add(
        "unquoted",
        `${quoted(member.text)} is not in double quotes and ignored`,
        member,
      );
    else if (TYPES.includes(inner)) types.add(inner);
    else problems.add("unknown-type", `${quoted(inner)} is unknown and ignored`, member);
  }
  return { types: [...types], problems: problems.all };
}
