import { didYouMean } from "../did-you-mean.ts";
import {
  boundedFields,
  type FieldPiece,
  type FieldProblem,
  type FieldSpan,
  type ProblemList,
  problemList,
  quoted,
  splitPiece,
} from "./field.ts";
import { type FeatureStanding, featureNames, featureStanding } from "./policy-feature.ts";
import { parseSfDictionary, type SfItem, type SfMember } from "./structured-field.ts";

/** One feature and who may use it. */
export interface FeaturePolicy extends FieldSpan {
  /** As written; names are compared with letter case. */
  readonly feature: string;
  /** `undefined` for a name no specification knows; browsers ignore it. */
  readonly standing?: FeatureStanding;
  /** The page itself and whoever it frames and grants it to. */
  readonly allowsSelf: boolean;
  /** Everybody. */
  readonly allowsAny: boolean;
  /** Origins named, as written. */
  readonly origins: readonly string[];
  readonly reportTo?: string;
}

export interface PermissionsPolicyHeader {
  /** Empty where the header is ignored. */
  readonly features: readonly FeaturePolicy[];
  readonly problems: readonly FieldProblem[];
}

/**
 * Permissions-Policy and Permissions-Policy-Report-Only: W3C Permissions Policy (working draft, text of June
 * 2026), section 5.2, a dictionary of RFC 9651. A value in the older syntax of Feature-Policy is recognised as such.
 */
export function parsePermissionsPolicy(values: readonly string[]): PermissionsPolicyHeader {
  const problems = problemList();
  const fields = boundedFields(values, problems);
  const result = parseSfDictionary(fields.map(({ text }) => text));
  if (result.ok) {
    const features = result.value.map((member) => readMember(member, problems));
    return { features, problems: problems.all };
  }
  const old = fields.find(({ text }) => isOldSyntax(text));
  if (old === undefined) {
    const { message, ...span } = result.problem;
    const hasSemicolons = fields.some(({ text }) => /\)\s*;\s*[a-z-]+=\(/.test(text));
    const why = hasSemicolons ? "features are separated by semicolons, not commas" : message;
    const rule = hasSemicolons ? "semicolons" : "malformed";
    problems.add(rule, `${why}, browsers ignore the whole header`, span);
  } else {
    const message =
      "the value is in the syntax of Feature-Policy, browsers ignore the whole header";
    problems.add("feature-policy-syntax", message, old);
  }
  return { features: [], problems: problems.all };
}

/** `camera 'none'; microphone 'self' https://a.example`. */
function isOldSyntax(text: string): boolean {
  return /^\s*[a-z-]+\s+(?:'(?:none|self|src)'|\*|https?:)/i.test(text);
}

function readMember({ key, value, ...span }: SfMember, problems: ProblemList): FeaturePolicy {
  const { field, offset, length } = span;
  const standing = featureStanding(key);
  if (standing === undefined) {
    const near = didYouMean(key, featureNames());
    const hint = near === undefined ? "" : `, did you mean ${near}?`;
    problems.add("unknown-feature", `${quoted(key)} is no feature${hint}`, span);
  } else if (standing === "retired") {
    problems.add("retired-feature", `${key} is gone from browsers`, span);
  }
  const items = value.kind === "list" ? value.items : [value];
  const members = items.map((item) => readSource(item, key, problems));
  const reportTo = value.parameters.get("report-to");
  return {
    feature: key,
    ...(standing === undefined ? {} : { standing }),
    allowsSelf: members.includes("self"),
    allowsAny: members.includes("*"),
    origins: members.flatMap((member) => (typeof member === "object" ? [member.origin] : [])),
    ...(reportTo?.type === "string" ? { reportTo: reportTo.value } : {}),
    field,
    offset,
    length,
  };
}

type Source = "self" | "*" | "none" | { readonly origin: string };

function readSource(item: SfItem, feature: string, problems: ProblemList): Source {
  const { value } = item;
  if (value.type === "token" && (value.value === "self" || value.value === "*")) return value.value;
  if (value.type === "string") {
    if (isOrigin(value.value)) return { origin: value.value };
    const message = `${quoted(value.value)} for ${feature} is no origin and ignored`;
    problems.add("bad-origin", message, item);
    return "none";
  }
  const hint =
    value.type === "token" && value.value === "none" ? `, write ${feature}=() to forbid it` : "";
  const message = `${quoted(String(value.value))} for ${feature} is neither self, * nor an origin in quotes${hint}`;
  problems.add("bad-allowlist", message, item);
  return "none";
}

function isOrigin(text: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\/\*\.[^/]+\/?$/i.test(text)) return true;
  const url = URL.parse(text);
  return url !== null && url.origin !== "null";
}

/** One feature of the older header: its name and allowlist tokens as written. */
export interface OldFeaturePolicy extends FieldSpan {
  readonly feature: string;
  readonly allowlist: readonly string[];
}

/** Feature-Policy, the predecessor that Chromium still read until 2024: `camera 'none'; fullscreen 'self'`. */
export function parseFeaturePolicy(values: readonly string[]): readonly OldFeaturePolicy[] {
  const fields = boundedFields(values, problemList());
  return fields
    .flatMap((field): readonly FieldPiece[] => splitPiece(field, ","))
    .flatMap((piece) => splitPiece(piece, ";"))
    .filter(({ text }) => text !== "")
    .map(({ text, field, offset, length }) => {
      const [feature = "", ...allowlist] = text.split(/[\t ]+/);
      return { feature, allowlist, field, offset, length };
    });
}
