import { type BypassHost, bypassesOf, describeBypass } from "./bypass-hosts.ts";
import type { CspContext } from "./effective.ts";
import { cspTarget } from "./match.ts";
import type { CspDirective, CspPolicy, CspSource } from "./policy.ts";
import { listedReach } from "./reach.ts";
import { allowsRequest, type CspRequestKind } from "./request.ts";
import type { CspHostExpression } from "./source.ts";
import type { CspWeakness, CspWeaknessRule } from "./weakness.ts";

/** A weakness before its place among several policies is known. */
export interface WeaknessDraft extends Omit<CspWeakness, "policyIndex" | "mitigatedBy"> {
  /** Whether another policy lets the same thing through; absent where no other policy can mend it. */
  readonly isLetThroughBy?: (policy: CspPolicy) => boolean;
}

/** A host nobody owns (RFC 2606 section 2): what allows it allows every host. */
const ANY_HOST = "csp-probe.invalid";
const NETWORK_SCHEMES: ReadonlySet<string> = new Set(["http", "https", "ws", "wss"]);
/** Loads through which content of a local scheme does harm in the page's own origin. */
const LOCAL_HARM: ReadonlySet<CspRequestKind> = new Set([
  "script",
  "object",
  "worker",
  "style",
  "base-uri",
]);
const LOCAL_RULES: Readonly<Record<string, CspWeaknessRule>> = {
  data: "data-source",
  blob: "blob-source",
  filesystem: "filesystem-source",
};
const LOCAL_PROBES: Readonly<Record<string, string>> = {
  data: "data:text/plain,x",
  blob: "blob:https://csp-probe.invalid/x",
  filesystem: "filesystem:https://csp-probe.invalid/x",
};

/** What single source expressions of a policy open. */
export function sourceWeaknesses(policy: CspPolicy, context: CspContext): readonly WeaknessDraft[] {
  return policy.directives
    .filter(({ ignored }) => ignored === undefined)
    .flatMap((directive) => {
      const reach = listedReach(policy, directive);
      if (reach.length === 0) return [];
      return directive.sources.flatMap((source) => judgeSource(source, directive, reach, context));
    });
}

function judgeSource(
  source: CspSource,
  directive: CspDirective,
  reach: readonly CspRequestKind[],
  context: CspContext,
): readonly WeaknessDraft[] {
  const { expression } = source;
  const draft = drafter(source, directive, context);
  switch (expression.kind) {
    case "any":
      return [
        draft("any-host", "allows every host", reach, probeUrl("https")),
        ...pluginDraft(draft, reach, probeUrl("https")),
      ];
    case "scheme":
      return judgeScheme(expression.scheme, draft, reach);
    case "host":
      return judgeHost(expression, draft, reach, context);
    case "keyword":
      return expression.keyword === "'self'" ? pluginDraft(draft, reach, context.self) : [];
    case "none":
    case "nonce":
    case "hash":
    case "invalid":
      return [];
  }
}

type Draft = (
  rule: CspWeaknessRule,
  does: string,
  reach: readonly CspRequestKind[],
  probe: string,
) => WeaknessDraft;

function drafter(source: CspSource, directive: CspDirective, context: CspContext): Draft {
  return (rule, does, reach, probe) => {
    const isLetThroughBy = (policy: CspPolicy): boolean =>
      reach.some((kind) => allowsRequest([policy], { kind, url: probe }, context).allowed);
    const { field, offset, length, text } = source;
    return {
      rule,
      directive: directive.name,
      source: text,
      message: `${text} in ${directive.name} ${does}`,
      reach,
      field,
      offset,
      length,
      isLetThroughBy,
    };
  };
}

function probeUrl(scheme: string): string {
  return `${scheme}://${ANY_HOST}/`;
}

function judgeScheme(
  scheme: string,
  draft: Draft,
  reach: readonly CspRequestKind[],
): readonly WeaknessDraft[] {
  if (NETWORK_SCHEMES.has(scheme)) {
    return [
      draft("any-host", `allows every host over ${scheme}`, reach, probeUrl(scheme)),
      ...(scheme === "http" || scheme === "ws"
        ? [draft("http-source", "allows unencrypted loads", reach, probeUrl(scheme))]
        : []),
      ...pluginDraft(draft, reach, probeUrl("https")),
    ];
  }
  const rule = LOCAL_RULES[scheme];
  const harm = reach.filter((kind) => LOCAL_HARM.has(kind));
  if (rule === undefined || harm.length === 0) return [];
  const does =
    scheme === "data"
      ? "allows content that stands in the URL itself"
      : `allows content that a ${scheme}: URL names, made by any script of the page`;
  return [draft(rule, does, harm, LOCAL_PROBES[scheme] ?? "")];
}

function judgeHost(
  expression: CspHostExpression,
  draft: Draft,
  reach: readonly CspRequestKind[],
  context: CspContext,
): readonly WeaknessDraft[] {
  const { host, scheme = "https", isIp } = expression;
  const url = `${scheme}://${isWholeWeb(host) ? ANY_HOST : host.replace(/^\*\./, "a.")}/`;
  const found: WeaknessDraft[] = [];
  if (isWholeWeb(host)) {
    const below = host === "*" ? "" : ` under ${host.slice(1)}`;
    found.push(draft("any-host", `allows every host${below}`, reach, url));
  }
  const bypass = reach.includes("script") ? bypassOf(expression, context) : undefined;
  if (bypass !== undefined && !isWholeWeb(host)) {
    const does = `allows ${bypass.host}, which ${describeBypass(bypass)}`;
    found.push(draft("bypass-host", does, ["script"], bypass.example));
  }
  if (scheme === "http" || scheme === "ws") {
    found.push(draft("http-source", "allows unencrypted loads", reach, url));
  }
  if (isIp === true) found.push(draft("ip-source", "names a host by its address", reach, url));
  return [...found, ...pluginDraft(draft, reach, url)];
}

function bypassOf(expression: CspHostExpression, { self }: CspContext): BypassHost | undefined {
  const target = cspTarget(self);
  return target === undefined ? undefined : bypassesOf(expression, target)[0];
}

/** `*` alone, or a wildcard right below a top-level domain: `*.com`. */
function isWholeWeb(host: string): boolean {
  return host === "*" || /^\*\.[^.]+\.?$/.test(host);
}

/** A list for object and embed that is not 'none': plugins are gone, documents in them are not. */
function pluginDraft(
  draft: Draft,
  reach: readonly CspRequestKind[],
  url: string,
): readonly WeaknessDraft[] {
  if (!reach.includes("object")) return [];
  return [draft("plugin-source", "allows object and embed elements", ["object"], url)];
}
