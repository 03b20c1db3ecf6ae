import { boundedFields, type FieldProblem, problemList, quoted } from "./field.ts";

/** Words of X-Permitted-Cross-Domain-Policies: Adobe's Cross Domain Policy File Specification 2.0, section 2. */
const POLICIES = [
  "none",
  "master-only",
  "by-content-type",
  "by-ftp-filename",
  "all",
  "none-this-response",
] as const;
export type CrossDomainPolicy = (typeof POLICIES)[number];

export interface CrossDomainPoliciesHeader {
  /** Absent where the header is missing or has another word. */
  readonly policy?: CrossDomainPolicy;
  readonly problems: readonly FieldProblem[];
}

export function parsePermittedCrossDomainPolicies(
  values: readonly string[],
): CrossDomainPoliciesHeader {
  const problems = problemList();
  const [first, ...more] = boundedFields(values, problems);
  for (const piece of more)
    problems.add("repeated", `${quoted(piece.text)} is sent as well`, piece);
  if (first === undefined) return { problems: problems.all };
  const policy = POLICIES.find((own) => own === first.text.trim().toLowerCase());
  if (policy === undefined)
    problems.add("invalid", `${quoted(first.text)} is none of ${POLICIES.join(", ")}`, first);
  return { ...(policy === undefined ? {} : { policy }), problems: problems.all };
}
