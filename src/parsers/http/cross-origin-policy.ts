import { boundedFields, type FieldProblem, problemList, quoted } from "./field.ts";
import { parseSfItem } from "./structured-field.ts";

/** What a browser makes of one of the cross-origin headers. */
export interface CrossOriginPolicy {
  /** The value in force; the default where the header is missing or ignored. */
  readonly value: string;
  /** Whether the header itself is in force; false where it is missing or ignored. */
  readonly isSet: boolean;
  /** Endpoint of the `report-to` parameter. */
  readonly reportTo?: string;
  readonly problems: readonly FieldProblem[];
}

const OPENER = [
  "unsafe-none",
  "same-origin-allow-popups",
  "same-origin",
  "same-origin-plus-coep",
  "noopener-allow-popups",
] as const;
const EMBEDDER = ["unsafe-none", "require-corp", "credentialless"] as const;
const RESOURCE = ["same-origin", "same-site", "cross-origin"] as const;

/**
 * Cross-Origin-Opener-Policy and its report-only form: HTML standard section 7.1.3 (2026). A structured token;
 * whatever else is sent, twice or in quotes or upper case, counts as `unsafe-none`.
 */
export function parseOpenerPolicy(values: readonly string[]): CrossOriginPolicy {
  // `same-origin-plus-coep` is what same-origin becomes together with COEP; it cannot be sent.
  return parseToken(
    values,
    OPENER.filter((value) => value !== "same-origin-plus-coep"),
    "unsafe-none",
  );
}

/** Cross-Origin-Embedder-Policy and its report-only form: HTML standard section 7.1.4 (2026). */
export function parseEmbedderPolicy(values: readonly string[]): CrossOriginPolicy {
  return parseToken(values, EMBEDDER, "unsafe-none");
}

function parseToken(
  values: readonly string[],
  known: readonly string[],
  otherwise: string,
): CrossOriginPolicy {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const [first] = fields;
  if (first === undefined) return { value: otherwise, isSet: false, problems: problems.all };
  const result = parseSfItem(fields.map(({ text }) => text));
  const item = result.ok ? result.value : undefined;
  const token = item?.value.type === "token" ? item.value.value : undefined;
  if (token !== undefined && known.includes(token)) {
    const reportTo = item?.parameters.get("report-to");
    return {
      value: token,
      isSet: true,
      ...(reportTo?.type === "string" ? { reportTo: reportTo.value } : {}),
      problems: problems.all,
    };
  }
  const shown = quoted(fields.map(({ text }) => text).join(", "));
  const rule = fields.length > 1 ? "repeated" : "invalid";
  const message =
    rule === "repeated"
      ? `the header is sent ${fields.length} times, browsers ignore all of them`
      : `${shown} is none of ${known.join(", ")}, browsers ignore it`;
  problems.add(rule, message, first);
  return { value: otherwise, isSet: false, problems: problems.all };
}

/**
 * Cross-Origin-Resource-Policy: Fetch standard section 3.7 (2026). No structured field: the value must be one of
 * three words, letter for letter; two lines are joined and match none.
 */
export function parseResourcePolicy(values: readonly string[]): CrossOriginPolicy {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const [first] = fields;
  if (first === undefined) return { value: "", isSet: false, problems: problems.all };
  const value = fields
    .map(({ text }) => text)
    .join(", ")
    .trim();
  if (RESOURCE.some((known) => known === value))
    return { value, isSet: true, problems: problems.all };
  const message = `${quoted(value)} is none of ${RESOURCE.join(", ")}, browsers ignore it`;
  problems.add(fields.length > 1 ? "repeated" : "invalid", message, first);
  return { value: "", isSet: false, problems: problems.all };
}

export interface OriginAgentCluster {
  /** Whether the page asks for an agent cluster of its own origin; absent where nothing valid is sent. */
  readonly value?: boolean;
  readonly problems: readonly FieldProblem[];
}

/** Origin-Agent-Cluster: HTML standard section 7.1.2 (2026), a structured boolean. */
export function parseOriginAgentCluster(values: readonly string[]): OriginAgentCluster {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const [first] = fields;
  if (first === undefined) return { problems: problems.all };
  const result = parseSfItem(fields.map(({ text }) => text));
  if (result.ok && result.value.value.type === "boolean")
    return { value: result.value.value.value, problems: problems.all };
  problems.add("invalid", `${quoted(first.text)} is neither ?1 nor ?0, browsers ignore it`, first);
  return { problems: problems.all };
}
