import {
  type Check,
  type Control,
  defineCheck,
  type Evidence,
  type Finding,
  judge,
  type Outcome,
  pass,
} from "../../core/check.ts";
import type { Readings } from "../../core/fact.ts";
import type { HttpExchange } from "../../core/http-site.ts";
import { knownValue } from "../../core/reading.ts";
import type { Statement } from "../../core/trace.ts";
import { httpSite } from "../../facts/http-site.fact.ts";
import type { AnswerFault } from "../live-headers/judge-answers.ts";
import type { ServerFixes } from "../live-site/server-fixes.ts";
import type { Concern } from "../proxy-rules/concern.ts";
import { concernOf } from "../proxy-rules/concern.ts";
import { judgeConfigurations } from "../proxy-rules/proxy-check.ts";
import { PROXY_WANTS } from "../proxy-rules/wanted.ts";
import { judgeSiteField } from "../proxy-sites/field-judgement.ts";
import {
  auditedSiteRoute,
  mainSiteRoutes,
  siteFieldStatements,
} from "../proxy-sites/field-statements.ts";
import { foretoldAnswer } from "./foretold-answer.ts";
import { headerStatements } from "./header-statements.ts";
import { lossesAt } from "./lost-headers.ts";
import { auditedRoute, type MainRoute, mainRoutes } from "./main-route.ts";
import { type HeaderSetting, hiddenBy } from "./response-headers.ts";
import { evidenceOf } from "./rule.ts";
import { hasScript, sentAt } from "./security-fields.ts";

const WANTS = { ...PROXY_WANTS, live: httpSite };
type Wanted = Readings<typeof WANTS>;

interface HeaderCheckDefinition {
  readonly control: Control;
  /** As written. */
  readonly field: string;
  /** A setting of another field that stands in for it: `frame-ancestors` of a policy. */
  standsIn?(setting: Pick<HeaderSetting, "field" | "value">): boolean;
  readonly fixes: ServerFixes;
  /** What the live layer would find at an answer with these fields. */
  faults(answer: HttpExchange): readonly AnswerFault[];
  /** As the live layer states the value. */
  canonical(answer: HttpExchange): string | undefined;
}

/**
 * A check on one field of the answers at the proxy layer, judged as the live layer would judge what the proxy sets.
 * Where the proxy neither sets nor hides it, the application behind decides and this layer has no say.
 */
export function headerCheck(
  definition: HeaderCheckDefinition,
): Check<Record<never, never>, typeof WANTS> {
  const { control, field } = definition;
  return defineCheck({
    control,
    layer: "proxy",
    reads: `${field} as nginx sets it, loses it (add_header of an inner block), hides it (proxy_hide_header) or passes it on, on the main route of each server; the same of header (Caddy), Header (Apache), http-response (HAProxy) and headers (Traefik).`,
    wants: WANTS,
    evaluate: (_facts, wanted) => evaluate(definition, wanted),
    states: (_facts, wanted) => statements(definition, wanted),
  });
}

function statements(
  { field, canonical }: HeaderCheckDefinition,
  wanted: Wanted,
): readonly Statement[] {
  const { nginx, sites } = concernOf(wanted);
  const live = knownValue(wanted.live);
  const told = (values: readonly string[]) =>
    canonical(foretoldAnswer(values.map((value) => [field, value] as const)));
  const name = field.toLowerCase();
  const route = auditedRoute(mainRoutes(nginx), live);
  if (route !== undefined) return headerStatements(route, name, told);
  const main = auditedSiteRoute(mainSiteRoutes(sites), live);
  if (main === undefined) return [];
  return siteFieldStatements(main.route, name, (value) => told([value]));
}

function evaluate(definition: HeaderCheckDefinition, wanted: Wanted): Outcome {
  const { field } = definition;
  const concern = concernOf(wanted);
  const mains = mainSiteRoutes(concern.sites);
  const judged = [
    ...mainRoutes(concern.nginx).map((route) => judgeRoute(definition, route)),
    ...mains.map((main) => judgeSiteField(definition, main)),
  ];
  const proxies = [
    ...new Set([...concern.nginx.map(() => "nginx"), ...concern.sites.map(({ proxy }) => proxy)]),
  ].join(", ");
  const evidence = judged.flatMap((one) => one.evidence);
  const findings = judged.flatMap((one) => one.findings);
  const applies = (_: Concern): true | string => {
    if (judged.length === 0) return `${proxies} serves no content to clients elsewhere`;
    const isSilent = findings.length + evidence.length === 0;
    return isSilent ? `${proxies} passes on what the application sends as ${field}` : true;
  };
  const rules = { nginx: [NO_RULE], sites: [() => []], passes: "", applies };
  const outcome = judgeConfigurations(rules, wanted);
  return outcome.status === "pass"
    ? judge(findings, pass(`${proxies} sets ${field} on the main route`, evidence))
    : outcome;
}

/** The routes are judged here; what concerns the deployment is told there. */
const NO_RULE = { slug: "none", status: "note", find: () => [] } as const;

interface RouteJudgement {
  readonly findings: readonly Finding[];
  /** Where nginx sets it. */
  readonly evidence: readonly Evidence[];
}

function judgeRoute(definition: HeaderCheckDefinition, { place }: MainRoute): RouteJudgement {
  const name = definition.field.toLowerCase();
  const sent = sentAt(place.path);
  const own = sent.filter((one) => one.field === name || definition.standsIn?.(one) === true);
  const [first, ...others] = own.map(({ at }) => evidenceOf(at));
  if (first === undefined) return { findings: judgeUnset(definition, place), evidence: [] };
  const evidence = [first, ...others] as const;
  // A value made of variables is told by the live answer.
  if (own.some(({ value }) => value.includes("$"))) return { findings: [], evidence };
  const answer = foretoldAnswer(sent.map(({ at, value }) => [nameIn(at.args[0]?.text), value]));
  const findings = definition.faults(answer).map(({ rule, status, what }) => ({
    rule,
    status,
    message: what,
    fix: fixOf(definition),
    evidence,
  }));
  return { findings, evidence };
}

function fixOf({ fixes }: HeaderCheckDefinition): string {
  return fixes.nginx === undefined ? fixes.generic : `nginx: ${fixes.nginx}`;
}

/** Lost on the way, hidden, or never there: what nginx itself takes away is its own fault. */
function judgeUnset(
  definition: HeaderCheckDefinition,
  { path, kind, by, server }: MainRoute["place"],
): readonly Finding[] {
  const { field } = definition;
  const fix = fixOf(definition);
  const name = field.toLowerCase();
  const status = "warn";
  const [lost] = lossesAt(path, new Set([name]));
  if (lost !== undefined) {
    const message = `The ${field} that is set further out is lost on the main route`;
    const evidence = [
      evidenceOf(lost.cause),
      ...lost.settings.map(({ at }) => evidenceOf(at)),
    ] as const;
    return [{ rule: "lost", status, message, fix, evidence }];
  }
  if (hasScript(path)) return [];
  const hidden = kind === "passed" ? hiddenBy(path, by?.name ?? "", name) : undefined;
  if (hidden !== undefined) {
    const message = `nginx hides the ${field} of the application and sets none`;
    return [{ rule: "hidden", status, message, fix, evidence: [evidenceOf(hidden)] }];
  }
  if (kind !== "files") return [];
  const message = `nginx serves files without ${field}`;
  const evidence = [evidenceOf(path.at(-1) ?? server.directive)] as const;
  return [{ rule: "missing", status, message, fix, evidence }];
}

/** `more_set_headers 'Name: value'` has both in one word. */
function nameIn(text = ""): string {
  return text.split(":")[0] ?? text;
}
