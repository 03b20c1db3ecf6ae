import {
  type Check,
  type Control,
  cannotTell,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  overtaken,
  pass,
} from "../../core/check.ts";
import type { Readings } from "../../core/fact.ts";
import type { HttpExchange } from "../../core/http-site.ts";
import { knownValue } from "../../core/reading.ts";
import { environment } from "../../facts/environment.fact.ts";
import { httpSite } from "../../facts/http-site.fact.ts";
import {
  type SourceProperty,
  type SourceSetting,
  sourceSettings,
} from "../../facts/source-settings.fact.ts";
import { sourceEvidence, sourcePlace } from "../judgement/sourced.ts";
import type { AnswerFault } from "../live-headers/judge-answers.ts";
import type { ServerFixes } from "../live-site/server-fixes.ts";
import { foretoldAnswer } from "../nginx/foretold-answer.ts";
import { concernOf } from "../proxy-rules/concern.ts";
import { PROXY_WANTS } from "../proxy-rules/wanted.ts";
import {
  type ApplicationFields,
  applicationFields,
  type SourceField,
  sentFields,
  sourceField,
} from "./application-fields.ts";
import { type ProxySide, proxySide } from "./proxy-side.ts";
import { sourceStatements } from "./source-statements.ts";

export const SOURCE_WANTS = {
  ...PROXY_WANTS,
  live: httpSite,
  source: sourceSettings,
  environment,
};
export type SourceWanted = Readings<typeof SOURCE_WANTS>;

export interface SourceHeaderDefinition {
  readonly control: Control;
  /** As written. */
  readonly field: string;
  readonly property: SourceProperty;
  readonly fixes: ServerFixes;
  /** What the live layer would find at an answer with these fields, the field missing included. */
  faults(answer: HttpExchange, wanted: SourceWanted): readonly AnswerFault[];
  /** As the live layer states the value. */
  canonical(answer: HttpExchange): string | undefined;
  /** The control is about the value alone: where the field is not sent, it does not apply. */
  readonly isOfValue?: true;
  /** With `isOfValue`: what is sent under a condition is judged as well, where its value is known. */
  readonly judgesConditional?: true;
  /** A further field that is known to decide as well (frame-ancestors of a policy). */
  readonly besides?: SourceProperty;
  /** The proxy layer states it for Caddy, Apache, HAProxy and Traefik as well, and the client's answer after it. */
  readonly isStatedBySites?: true;
  /** What both sides together come to, where both send it. */
  both?(own: string, side: Extract<ProxySide, { does: "sets" }>): string | undefined;
  /** Why the control has no subject behind these proxies. */
  inapplicable?(wanted: SourceWanted): string | undefined;
}

/** A check on one field of answers at the source layer, judged as the live layer would judge what the application sends. */
export function sourceHeaderCheck(
  definition: SourceHeaderDefinition,
): Check<Record<never, never>, typeof SOURCE_WANTS> {
  const { control, field } = definition;
  return defineCheck({
    control,
    layer: "source",
    reads: `${field} as the application's source sets it: settings of the framework with the middleware that gives them effect, middleware of the project, under the effective environment.`,
    wants: SOURCE_WANTS,
    evaluate: (_facts, wanted) => evaluate(definition, wanted),
    states: (_facts, wanted) => sourceStatements(definition, wanted),
  });
}

function evaluate(definition: SourceHeaderDefinition, wanted: SourceWanted): Outcome {
  const { source } = wanted;
  if (source.state === "unknown") return cannotTell(source.problem.code, source.problem.detail);
  const applications = applicationFields(
    knownValue(source) ?? { settings: [], read: [], problems: [] },
  );
  if (applications.length === 0)
    return notApplicable("No source that sets fields of answers was read");
  const because = definition.inapplicable?.(wanted);
  if (because !== undefined) return notApplicable(because);
  const sites = knownValue(wanted.live);
  const side = proxySide(concernOf(wanted), definition.field.toLowerCase(), sites);
  const asked: Asked = { ...definition, faults: (answer) => definition.faults(answer, wanted) };
  return worst(applications.map((fields) => judgeApplication(asked, fields, side)));
}

/** A definition whose faults know of this audit. */
type Asked = Omit<SourceHeaderDefinition, "faults"> & {
  readonly faults: (answer: HttpExchange) => readonly AnswerFault[];
};

const ORDER = ["fail", "warn", "unknown", "pass", "skip"];

function worst(outcomes: readonly Outcome[]): Outcome {
  const [first] = [...outcomes].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return first ?? notApplicable("No source that sets fields of answers was read");
}

function judgeApplication(definition: Asked, fields: ApplicationFields, side: ProxySide): Outcome {
  const { field, property, isOfValue } = definition;
  const found = sourceField(fields, property);
  if (found.state === "unknown") return cannotTell("malformed", `${field}: ${found.reason}`);
  const { judgesConditional } = definition;
  if (found.state === "sometimes") {
    const { value, row } = found;
    if (judgesConditional && value !== undefined && row.isOff !== true)
      return judgeSent(definition, fields, { state: "sent", value, row }, side);
    return judgeSometimes(definition, found, side);
  }
  if (found.state === "sent") return judgeSent(definition, fields, found, side);
  if (isOfValue) return notApplicable(`The application sends no ${field}`);
  return judgeMissing(definition, fields, found, side);
}

function judgeSent(
  definition: Asked,
  fields: ApplicationFields,
  { row, value }: Extract<SourceField, { state: "sent" }>,
  side: ProxySide,
): Outcome {
  const { field, fixes } = definition;
  const evidence = [sourceEvidence(row)] as const;
  if (side.does === "sets" && side.replaces)
    return overtaken(`The proxy replaces the application's ${field} (${side.where})`);
  if (side.does === "hides") return judgeHidden(definition, fields, row, side.where);
  const beside = side.does === "sets" && side.isDefault !== true ? side : undefined;
  const both = beside && definition.both?.(value, beside);
  if (both !== undefined && side.does === "sets") {
    const fix = `Set it in one place: drop one of ${sourcePlace(row)} and ${side.where}`;
    const where = { file: side.where.replace(/:\d+.*$/s, ""), excerpt: `${field}: ${side.value}` };
    const line = Number(/:(\d+)/.exec(side.where)?.[1]);
    const proxy = Number.isInteger(line) ? { ...where, line } : where;
    return judge(
      [
        {
          rule: "different-values",
          status: "warn",
          message: both,
          fix,
          evidence: [...evidence, proxy],
        },
      ],
      pass(""),
    );
  }
  const sent = sentFields(fields).filter(([name]) => name !== field.toLowerCase());
  const outer = beside === undefined ? [] : [[field.toLowerCase(), beside.value] as const];
  const answer = foretoldAnswer([...sent, [field.toLowerCase(), value], ...outer]);
  const findings = definition.faults(answer).map(
    ({ rule, status, what, subject }): Finding => ({
      ...{ rule, status, fix: fixFor(fixes, row.framework), evidence },
      ...(subject !== undefined && { subject }),
      message: `${what} in what the application sends`,
    }),
  );
  return judge(findings, pass(`The application sends ${field}`, evidence));
}

/** The application sends it and the proxy takes it out. */
function judgeHidden(
  definition: Asked,
  fields: ApplicationFields,
  row: SourceSetting,
  where: string,
): Outcome {
  const { field, fixes, isOfValue } = definition;
  if (isOfValue) return overtaken(`The proxy takes out ${field} (${where})`);
  const rest = sentFields(fields).filter(([name]) => name !== field.toLowerCase());
  const evidence = [sourceEvidence(row), proxyEvidence(where)] as const;
  const findings = definition.faults(foretoldAnswer(rest)).map(
    ({ rule, status, what, subject }): Finding => ({
      ...{ rule, status, evidence },
      ...(subject !== undefined && { subject }),
      message: `${what} gets out: the proxy takes out what the application sends (${where})`,
      fix: `Let the proxy pass ${field} on: take out ${where}, or there: ${fixes.generic}`,
    }),
  );
  return judge(findings, pass(`Nothing is amiss without ${field}`, evidence));
}

/** The place that a side names: `path:line`, with what stands there behind it. */
function proxyEvidence(where: string): Evidence {
  const [, file = where, line] = /^(.*?):(\d+)/s.exec(where) ?? [];
  return { file, ...(line !== undefined && { line: Number(line) }), excerpt: where };
}

function judgeSometimes(
  { field, fixes, isOfValue }: Asked,
  { row }: Extract<SourceField, { state: "sometimes" }>,
  side: ProxySide,
): Outcome {
  if (side.does === "sets") return notApplicable(`The proxy sets ${field} (${side.where})`);
  if (isOfValue) return notApplicable(`The application sends ${field} under a condition only`);
  const message = row.isOff
    ? `${field} is set under a condition that does not hold here: ${row.condition}`
    : `${field} is set under a condition only: ${row.condition}`;
  const fix = `Set it without the condition in ${sourcePlace(row)}, or ${fixFor(fixes, row.framework)}`;
  const rule = row.isOff ? "condition-off" : "conditional";
  return judge([{ rule, status: "warn", message, fix, evidence: [sourceEvidence(row)] }], pass(""));
}

function judgeMissing(
  definition: Asked,
  fields: ApplicationFields,
  { row }: Extract<SourceField, { state: "not-sent" }>,
  side: ProxySide,
): Outcome {
  const { field, fixes, besides } = definition;
  if (side.does === "sets") return notApplicable(`The proxy sets ${field} (${side.where})`);
  if (side.does === "unknown")
    return cannotTell("malformed", `The application sends no ${field}; the proxy: ${side.reason}`);
  const other = besides === undefined ? undefined : sourceField(fields, besides);
  if (other?.state === "unknown") return cannotTell("malformed", other.reason);
  const [any] = [...fields.rows.values()].flat();
  const at = row ?? any;
  const evidence = at === undefined ? [] : [sourceEvidence(at)];
  const [first, ...rest] = evidence;
  if (first === undefined) return notApplicable(`Nothing is known of ${field}`);
  const findings = definition.faults(foretoldAnswer(sentFields(fields))).map(
    ({ rule, status, what, subject }): Finding => ({
      ...{ rule, status, fix: fixFor(fixes, at?.framework), evidence: [first, ...rest] },
      ...(subject !== undefined && { subject }),
      message: `${what} is sent by the application, nor set by a proxy`.replace(
        /^(No .*?) is sent by the application, nor set by a proxy$/,
        "$1 is set by the application or a proxy",
      ),
    }),
  );
  return judge(findings, pass(`Nothing is amiss without ${field}`, evidence));
}

/** The fix in the words of the framework that the source is written with. */
export function fixFor(fixes: ServerFixes, framework: string | undefined): string {
  if (framework === "django" && fixes.django !== undefined) return `Django: ${fixes.django}`;
  if (framework === "express" && fixes.express !== undefined) return `Express: ${fixes.express}`;
  return fixes.generic;
}
