import { fallbackChain } from "./directive.ts";
import { type CspDirective, type CspPolicy, type CspSource, directiveOf } from "./policy.ts";

/** A browser that knows CSP up to this level: 1 no nonces and hashes, 2 no 'strict-dynamic' and -elem/-attr. */
export type CspLevel = 1 | 2 | 3;

export interface CspContext {
  /** URL of the page the policies came with; `'self'` and hosts without scheme are read against it. */
  readonly self: string;
  readonly level?: CspLevel;
}

/** One policy's answer. */
export interface CspDecision {
  /** Index into the policies asked. */
  readonly policyIndex: number;
  readonly allowed: boolean;
  /** The directive that decided; absent where the policy has none for this. */
  readonly directive?: CspDirective;
  /** The source expression that allowed it. */
  readonly source?: CspSource;
}

export interface CspVerdict {
  /** Whether every enforced policy allows it; policies in report-only mode never block. */
  readonly allowed: boolean;
  /** One for each policy, report-only ones included, in order. */
  readonly decisions: readonly CspDecision[];
}

/** Directives that browsers of level 1 and 2 do not know. */
const LEVEL_3: ReadonlySet<string> = new Set([
  "script-src-elem",
  "script-src-attr",
  "style-src-elem",
  "style-src-attr",
  "worker-src",
  "manifest-src",
]);
/** Directives that came with level 2. */
const LEVEL_2: ReadonlySet<string> = new Set([
  "base-uri",
  "child-src",
  "form-action",
  "frame-ancestors",
]);
/** The directive of one policy that governs `name`, after the fallbacks of CSP3 section 6.8.3. */
export function effectiveDirective(
  policy: CspPolicy,
  name: string,
  level: CspLevel = 3,
): CspDirective | undefined {
  for (const candidate of fallbackChain(name)) {
    if (level < 3 && LEVEL_3.has(candidate)) continue;
    if (level < 2 && LEVEL_2.has(candidate)) continue;
    const directive = directiveOf(policy, candidate);
    if (directive !== undefined) return directive;
  }
  return undefined;
}

/** A policy's answer before its index is known. */
export type CspAnswer = Omit<CspDecision, "policyIndex">;

/** Asks every policy; the enforced ones must all allow. */
export function verdict(
  policies: readonly CspPolicy[],
  decide: (policy: CspPolicy) => CspAnswer,
): CspVerdict {
  const decisions = policies.map((policy, policyIndex) => ({ policyIndex, ...decide(policy) }));
  const allowed = decisions.every(
    (decision, index) => decision.allowed || policies[index]?.disposition === "report",
  );
  return { allowed, decisions };
}

export function nonceSource(
  sources: readonly CspSource[],
  nonce: string | undefined,
): CspSource | undefined {
  if (nonce === undefined || nonce === "") return undefined;
  return sources.find(
    ({ expression }) => expression.kind === "nonce" && expression.nonce === nonce,
  );
}

export function hashSource(
  sources: readonly CspSource[],
  hashes: readonly string[],
): CspSource | undefined {
  return sources.find(
    ({ expression }) =>
      expression.kind === "hash" && hashes.includes(`${expression.algorithm}-${expression.digest}`),
  );
}

export function keywordSource(
  sources: readonly CspSource[],
  keyword: string,
): CspSource | undefined {
  return sources.find(
    ({ expression }) => expression.kind === "keyword" && expression.keyword === keyword,
  );
}

export function strictDynamic(sources: readonly CspSource[]): CspSource | undefined {
  return keywordSource(sources, "'strict-dynamic'");
}

/** Whether a list names nonces or hashes, which switch 'unsafe-inline' off from level 2 on. */
export function hasNonceOrHash(sources: readonly CspSource[]): boolean {
  return sources.some(({ expression: { kind } }) => kind === "nonce" || kind === "hash");
}
