import { type CspPolicy, directiveOf } from "../../parsers/csp/policy.ts";
import type { CspRequestKind } from "../../parsers/csp/request.ts";
import type { CspWeakness, CspWeaknessRule } from "../../parsers/csp/weakness.ts";
import { weaknesses } from "../../parsers/csp/weaknesses.ts";
import { type CspPage, directiveEvidence, judgedPolicies } from "./csp-pages.ts";
import type { PageFault } from "./page-faults.ts";

/** Weaknesses that count wherever they are found; the others depend on what they open. */
const ALWAYS: ReadonlySet<CspWeaknessRule> = new Set([
  "script-unrestricted",
  "object-unrestricted",
  "base-uri-unrestricted",
  "frame-ancestors-unrestricted",
  "eval",
  "bypass-host",
  "plugin-source",
  "strict-dynamic-alone",
  "sandbox-undone",
]);
/** Loads for which a source that anybody can serve from undoes the policy. */
const CODE: ReadonlySet<CspRequestKind> = new Set(["script", "object", "worker"]);
/** Loads for which any host is too many: data leaves by them, or others frame the page. */
const WIDE: ReadonlySet<CspRequestKind> = new Set([...CODE, "connect", "frame-ancestor"]);

/** The holes of a page's policies that the catalog's rule for `csp.policy` counts. */
export function policyFaults(page: CspPage, fix: string): readonly PageFault[] {
  const policies = judgedPolicies(page);
  const found = weaknesses(policies, { self: page.exchange.url }).filter(
    (weakness) => weakness.mitigatedBy === undefined && counts(weakness),
  );
  return [
    ...found.flatMap((weakness) => weaknessFault(page, policies, weakness, fix)),
    ...baseFaults(page, policies, fix),
  ];
}

function counts({ rule, reach = [], directive }: CspWeakness): boolean {
  if (ALWAYS.has(rule)) return true;
  if (rule === "any-host") {
    return directive === "default-src" || reach.some((kind) => WIDE.has(kind));
  }
  if (rule === "data-source") return reach.some((kind) => CODE.has(kind));
  const isLocal = rule === "blob-source" || rule === "filesystem-source";
  if (isLocal) return reach.includes("script") || reach.includes("object");
  return rule === "http-source" && reach.some((kind) => CODE.has(kind));
}

/** Whether these policies fail `csp.policy`; `self` is the page's URL. */
export function opensAnyScript(policies: readonly CspPolicy[], self: string): boolean {
  return weaknesses(policies, { self }).some(
    (weakness) => weakness.mitigatedBy === undefined && counts(weakness) && opensScripts(weakness),
  );
}

function weaknessFault(
  page: CspPage,
  policies: readonly CspPolicy[],
  weakness: CspWeakness,
  fix: string,
): readonly PageFault[] {
  const policy = policies[weakness.policyIndex];
  if (policy === undefined) return [];
  const { rule, directive, source, message } = weakness;
  const evidence = directiveEvidence(page, policy, directiveOf(policy, directive));
  const status = opensScripts(weakness) ? "fail" : "warn";
  const subject = source === undefined ? directive : `${directive} ${source}`;
  return [{ rule, status, subject, what: sentence(message), fix, evidence }];
}

/** The catalog's failure: scripts from anywhere by `*`, or from the URL itself by `data:`. */
function opensScripts({ rule, reach = [], source }: CspWeakness): boolean {
  if (!reach.includes("script")) return false;
  return rule === "data-source" || (rule === "any-host" && /^\*(?::|\/|$)/.test(source ?? ""));
}

function sentence(message: string): string {
  return /^[a-z]+ /.test(message)
    ? `${message.slice(0, 1).toUpperCase()}${message.slice(1)}`
    : message;
}

/** One policy that holds base elements to the own origin is enough. */
function baseFaults(
  page: CspPage,
  policies: readonly CspPolicy[],
  fix: string,
): readonly PageFault[] {
  const given = policies.flatMap((policy) => {
    const directive = directiveOf(policy, "base-uri");
    return directive === undefined ? [] : [{ policy, directive }];
  });
  const isOwn = given.some(({ directive }) =>
    directive.sources.every(
      ({ expression }) =>
        expression.kind === "none" ||
        expression.kind === "invalid" ||
        (expression.kind === "keyword" && expression.keyword === "'self'"),
    ),
  );
  const [first] = given;
  if (isOwn || first === undefined) return [];
  return [
    {
      rule: "base-uri-broad",
      status: "warn",
      subject: "base-uri",
      what: "base-uri names more than 'self' or 'none'",
      fix,
      evidence: directiveEvidence(page, first.policy, first.directive),
    },
  ];
}
