import {
  type Check,
  type Control,
  cannotTell,
  defineCheck,
  type Finding,
  judge,
  notApplicable,
  type Outcome,
  pass,
} from "../../core/check.ts";
import { knownValue, type Problem } from "../../core/reading.ts";
import type { Statement } from "../../core/trace.ts";
import type { ProxyKind } from "../../facts/proxy-routes.fact.ts";
import type { ProxyGlobal, ProxySite } from "../../facts/proxy-site.ts";
import type { NginxModel } from "../nginx/model.ts";
import { findingsOf, type NginxRule } from "../nginx/rule.ts";
import { mergedFindings } from "../proxy-sites/site-finding.ts";
import { type Untold, untoldListener } from "../proxy-sites/untold.ts";
import { type Concern, concernOf } from "./concern.ts";
import { PROXY_WANTS, type ProxyWanted } from "./wanted.ts";

/** A rule on one site of Caddy, Apache, HAProxy or Traefik. */
export type SiteRule = (site: ProxySite, wanted: ProxyWanted) => readonly Finding[];

/** A rule on one setting of such a proxy as a whole. */
export type GlobalRule = (global: ProxyGlobal, wanted: ProxyWanted) => readonly Finding[];

/** What a check at the proxy layer is made of. */
export interface ProxyCheckDefinition {
  readonly control: Control;
  readonly reads: string;
  /** Rules on nginx configurations. */
  readonly nginx?: readonly NginxRule[];
  /** Rules on the sites of the other proxies. */
  readonly sites?: readonly SiteRule[];
  readonly globals?: readonly GlobalRule[];
  /** What of a site, besides its listeners, the rules on sites have no answer to where it is not known. */
  readonly untold?: readonly Untold[];
  /** The proxies it is about, where it is not about all of them. */
  readonly kinds?: readonly ProxyKind[];
  /** What a pass says; without rules for a proxy that is configured the control does not apply to it. */
  readonly passes: string;
  /** Whether the control has a subject here; a sentence why not otherwise. */
  applies?(concern: Concern): true | string;
  states?(concern: Concern, wanted: ProxyWanted): readonly Statement[];
  /** What keeps the rules from being sure that there is nothing: without it no finding is a pass. */
  unknown?(wanted: ProxyWanted): Problem | undefined;
}

/** A check at the proxy layer: every rule over every configuration that concerns the audited deployment. */
export function proxyCheck(
  definition: ProxyCheckDefinition,
): Check<Record<never, never>, typeof PROXY_WANTS> {
  const { control, reads, states } = definition;
  return defineCheck({
    control,
    layer: "proxy",
    reads,
    wants: PROXY_WANTS,
    evaluate: (_facts, wanted) => judgeInForce(definition, wanted),
    ...(states !== undefined && {
      states: (_facts: unknown, wanted: ProxyWanted) => states(concernOf(wanted), wanted),
    }),
  });
}

/** The outcome of `proxyCheck`, for checks that read more than proxies. */
export function judgeConfigurations(
  definition: Omit<ProxyCheckDefinition, "control" | "reads" | "states">,
  wanted: ProxyWanted,
): Outcome {
  const concern = concernOf(wanted);
  if (concern.open !== undefined && concern.isEmpty) {
    return cannotTell(concern.open.code, concern.open.detail);
  }
  const { nginx = [], sites = [], globals = [], passes, applies } = definition;
  const { models, concerned, settings } = subjectsOf(definition, concern);
  if (models.length + concerned.length + settings.length === 0) {
    return notApplicable(whyNothing(definition, concern));
  }
  const answer = applies?.(concern) ?? true;
  const unread = definition.kinds === undefined ? concern.open : concern.openOf(definition.kinds);
  const open = unread ?? untoldOf(concerned, definition.untold, wanted);
  if (answer !== true) {
    return open === undefined ? notApplicable(answer) : cannotTell(open.code, open.detail);
  }
  const findings = [
    ...models.flatMap((one) => nginx.flatMap((rule) => concernedFindings(rule, one))),
    ...mergedFindings(concerned.flatMap((site) => sites.flatMap((rule) => rule(site, wanted)))),
    ...settings.flatMap((one) => globals.flatMap((rule) => rule(one, wanted))),
  ];
  return judge(findings, open === undefined ? pass(passes) : cannotTell(open.code, open.detail));
}

function untoldOf(
  sites: readonly ProxySite[],
  untold: readonly Untold[] = [],
  wanted: ProxyWanted,
): Problem | undefined {
  for (const site of sites)
    for (const ask of [untoldListener, ...untold]) {
      const detail = ask(site, wanted);
      if (detail !== undefined) return { code: "unsupported", detail };
    }
  return undefined;
}

/** What of the deployment's proxies a check has rules for. */
function subjectsOf(
  {
    nginx,
    sites,
    globals,
    kinds,
  }: Pick<ProxyCheckDefinition, "nginx" | "sites" | "globals" | "kinds">,
  concern: Concern,
) {
  const isMeant = ({ proxy }: { readonly proxy: ProxyKind }) => kinds?.includes(proxy) ?? true;
  return {
    models: nginx === undefined ? [] : concern.nginx,
    concerned: sites === undefined ? [] : concern.sites.filter(isMeant),
    settings: globals === undefined ? [] : concern.globals.filter(isMeant),
  };
}

function whyNothing({ kinds }: Pick<ProxyCheckDefinition, "kinds">, concern: Concern): string {
  const because = concern.isEmpty ? concern.because : undefined;
  return because ?? `No configuration of ${kinds?.join(" or ") ?? "a proxy that this is about"}`;
}

function concernedFindings(
  rule: NginxRule,
  { model, servers }: Concern["nginx"][number],
): readonly Finding[] {
  const hits = rule
    .find(model)
    .filter((hit) => hit.servers.length === 0 || hit.servers.some((one) => servers.has(one)));
  return findingsOf(rule, hits);
}

/** By the rules that are asked for, each with what is known besides. */
function judgeInForce(definition: ProxyCheckDefinition, wanted: ProxyWanted): Outcome {
  const isPedantic = knownValue(wanted.options)?.isPedantic === true;
  const { nginx = [], unknown } = definition;
  const rules = nginx.filter((rule) => isPedantic || rule.isPedantic !== true);
  if (nginx.length > 0 && rules.length === 0 && definition.sites === undefined) {
    return notApplicable("Judged under --pedantic only");
  }
  const asked = rules.map((rule) => ({
    ...rule,
    find: (model: NginxModel) => rule.find(model, wanted),
  }));
  const inForce = definition.nginx === undefined ? definition : { ...definition, nginx: asked };
  const outcome = judgeConfigurations(inForce, wanted);
  const gap = outcome.status === "pass" ? unknown?.(wanted) : undefined;
  return gap === undefined ? outcome : cannotTell(gap.code, gap.detail);
}
