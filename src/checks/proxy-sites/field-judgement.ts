import type { Evidence, Finding } from "../../core/check.ts";
import type { HttpExchange, HttpField } from "../../core/http-site.ts";
import type { FieldChange } from "../../facts/proxy-site.ts";
import type { AnswerFault } from "../live-headers/judge-answers.ts";
import type { ServerFixes } from "../live-site/server-fixes.ts";
import { foretoldAnswer } from "../nginx/foretold-answer.ts";
import { fieldFate, isVariable, type MainSiteRoute } from "./field-statements.ts";
import { siteFinding } from "./site-finding.ts";

/** How a control judges a field of the answers. */
export interface SiteFieldRule {
  /** As written. */
  readonly field: string;
  /** A setting of another field that stands in for it. */
  standsIn?(setting: { readonly field: string; readonly value: string }): boolean;
  readonly fixes: ServerFixes;
  faults(answer: HttpExchange): readonly AnswerFault[];
}

/** What Caddy, Apache, HAProxy or Traefik does to a field on a main route, as the live layer would judge it. */
export function judgeSiteField(
  rule: SiteFieldRule,
  main: MainSiteRoute,
): { readonly findings: readonly Finding[]; readonly evidence: readonly Evidence[] } {
  const { site, route } = main;
  const name = rule.field.toLowerCase();
  const sent = sentBy(main);
  const own = sent.filter((one) => one.name === name || standsIn(rule, one));
  const [first, ...others] = own.map(evidenceOf);
  if (first === undefined) return { findings: judgeUnset(rule, main), evidence: [] };
  const evidence = [first, ...others] as const;
  if (own.some(({ value = "" }) => isVariable(value))) return { findings: [], evidence };
  const fields = sent.map(({ name: each, value = "" }): HttpField => [each, value]);
  const findings = rule.faults(foretoldAnswer(fields)).map(({ rule: slug, status, what }) =>
    siteFinding(site, {
      ...{ rule: slug, status, message: what, fix: fixOf(rule, main) },
      at: own[0] ?? route,
      text: first.excerpt ?? "",
    }),
  );
  return { findings, evidence };
}

/** Hidden, or files without it: what the proxy itself takes away is its own fault. */
function judgeUnset(rule: SiteFieldRule, main: MainSiteRoute): readonly Finding[] {
  const { site, route } = main;
  const { field } = rule;
  const fate = fieldFate(route, field.toLowerCase());
  const fix = fixOf(rule, main);
  if (fate.does === "removes" && route.action.kind === "pass")
    return [
      siteFinding(site, {
        rule: "hidden",
        status: "warn",
        at: fate.at,
        text: `remove ${field}`,
        message: `${site.proxy} hides the ${field} of the application and sets none`,
        fix,
      }),
    ];
  if (fate.does === "unknown" || route.action.kind !== "files") return [];
  const message = `${site.proxy} serves files without ${field}`;
  return [
    siteFinding(site, {
      ...{ rule: "missing", status: "warn", at: route, text: route.text, message, fix },
    }),
  ];
}

/** Every field that the route certainly sets, once for each value. */
function sentBy({ route }: MainSiteRoute): readonly FieldChange[] {
  const names = new Set(route.responseFields.map(({ name }) => name));
  return [...names].flatMap((name) => {
    const fate = fieldFate(route, name);
    return fate.does === "sets" ? fate.at : [];
  });
}

function standsIn({ standsIn: other }: SiteFieldRule, { name, value = "" }: FieldChange): boolean {
  return other?.({ field: name, value }) === true;
}

function evidenceOf({ name, value = "", file, line }: FieldChange): Evidence {
  return { file, line, excerpt: `${name}: ${value}`.slice(0, EXCERPT_CHARACTERS_MAX) };
}

const EXCERPT_CHARACTERS_MAX = 200;

function fixOf({ fixes }: SiteFieldRule, { site }: MainSiteRoute): string {
  const own = site.proxy === "envoy" ? undefined : fixes[site.proxy];
  return own === undefined ? fixes.generic : `${site.proxy}: ${own}`;
}
