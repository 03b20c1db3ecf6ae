import {
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../../core/check.ts";
import { knownValue } from "../../../core/reading.ts";
import type { SourceProperty, SourceSetting } from "../../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "../../judgement/sourced.ts";
import type { AnswerFault } from "../../live-headers/judge-answers.ts";
import { CSP_FIX } from "../../live-headers/policies.ts";
import { foretoldAnswer } from "../../nginx/foretold-answer.ts";
import { plainOnly } from "../../nginx/plain-only.ts";
import { concernOf } from "../../proxy-rules/concern.ts";
import {
  type ApplicationFields,
  applicationFields,
} from "../../source-headers/application-fields.ts";
import { type OutgoingField, outgoingField } from "../../source-headers/outgoing-field.ts";
import {
  fixFor,
  SOURCE_WANTS,
  type SourceWanted,
} from "../../source-headers/source-header-check.ts";
import { headersAllPresent } from "./all-present.control.ts";
import { documentFaults } from "./document-faults.ts";

const HSTS = "header.strict-transport-security";
const FRAMES = "header.x-frame-options";
const POLICY = "header.content-security-policy";
const PROPERTIES: readonly SourceProperty[] = [
  POLICY,
  FRAMES,
  "header.x-content-type-options",
  "header.referrer-policy",
  HSTS,
];

export const headersAllPresentSource = defineCheck({
  control: headersAllPresent,
  layer: "source",
  reads:
    "The five headers as the application's source and the proxies in front of it set them: what a page would be sent with.",
  wants: SOURCE_WANTS,

  evaluate(_facts, wanted) {
    const { source } = wanted;
    if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
    const found = source.state === "known" ? applicationFields(source.value) : [];
    const outcomes = found.map((fields) => judgeApplication(fields, wanted));
    const [worst] = outcomes.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
    return worst ?? notApplicable("No source that sets fields of answers was read");
  },
});

const ORDER = ["fail", "warn", "unknown", "pass", "skip"];

function judgeApplication(fields: ApplicationFields, wanted: SourceWanted): Outcome {
  const concern = concernOf(wanted);
  const sites = knownValue(wanted.live);
  const isPlain = plainOnly(concern) !== undefined;
  const outgoing = new Map(
    PROPERTIES.map((property) => [property, outgoingField(fields, property, concern, sites)]),
  );
  const sent = [...outgoing].flatMap(([property, field]) =>
    field.state === "sent" ? [[property.slice("header.".length), field.value] as const] : [],
  );
  const faults = documentFaults({ kind: "page", answer: foretoldAnswer(sent) });
  const findings = faults.flatMap((fault): readonly Finding[] => {
    const property = PROPERTIES.find((each) => each === `header.${fault.subject}`);
    const field = property === undefined ? undefined : outgoing.get(property);
    const isLeft =
      (property === HSTS && isPlain) || (property === FRAMES && isPolicyOpen(outgoing));
    const [any] = [...fields.rows.values()].flat();
    return field === undefined || isLeft ? [] : findingOf(fault, field, any);
  });
  const open = [...outgoing.values()].find(isOpen);
  return judge(
    findings,
    open === undefined
      ? pass("Source and proxies set all expected headers", evidenceOf(outgoing.values()))
      : cannotTell("unsupported", open.reason),
  );
}

/** frame-ancestors may stand in a policy that is not known. */
function isPolicyOpen(outgoing: ReadonlyMap<SourceProperty, OutgoingField>): boolean {
  return outgoing.get(POLICY)?.state === "unknown";
}

function findingOf(
  { rule, status, what, subject = "", fix = CSP_FIX }: AnswerFault,
  field: OutgoingField,
  any: SourceSetting | undefined,
): readonly Finding[] {
  if (field.state === "unknown") return [];
  const at = field.row ?? any;
  if (at === undefined) return [];
  const told = { rule, subject, fix: fixFor(fix, at.framework) };
  const evidence = [sourceEvidence(at)] as const;
  if (field.state !== "sometimes")
    return [{ ...told, status, message: `${what} by what source and proxies set`, evidence }];
  const condition = field.row.condition ?? sourcePlace(field.row);
  const message = `${what} is set but under a condition: ${condition}`;
  return [{ ...told, status: "warn", message, evidence }];
}

function isOpen(field: OutgoingField): field is Extract<OutgoingField, { state: "unknown" }> {
  return field.state === "unknown";
}

function evidenceOf(fields: Iterable<OutgoingField>) {
  return [...fields].flatMap((field) =>
    field.state === "sent" && field.row !== undefined ? [sourceEvidence(field.row)] : [],
  );
}
