import { type CspPolicy, directiveOf, parseCsp } from "../../parsers/csp/policy.ts";
import type { CspWeakness } from "../../parsers/csp/weakness.ts";
import { weaknesses } from "../../parsers/csp/weaknesses.ts";
import { type MergedPolicy, POLICY_CHARACTERS_MIN } from "./csp-merge.ts";
import type { Quirk } from "./quirks.ts";
import { quirksWhere } from "./verdict.ts";

/** The policies of one answer as the method splits them, and where they came from. */
export interface PolicyTexts {
  readonly header: readonly string[];
  readonly meta: readonly string[];
  /** URL of the page. */
  readonly self: string;
}

const ELEMENT_DIRECTIVES: ReadonlySet<string> = new Set([
  "script-src-elem",
  "script-src-attr",
  "style-src-elem",
  "style-src-attr",
]);

/**
 * Where the method reads these policies otherwise than browsers do. `merged` is what it makes of them, absent where it
 * calls them invalid; what it gives no points for is told where `isPassing`.
 */
export function cspQuirks(
  texts: PolicyTexts,
  merged: MergedPolicy | undefined,
  isPassing: boolean,
): readonly Quirk[] {
  const policies = parsePolicies(texts);
  const open = weaknesses(policies, { self: texts.self }).filter(
    ({ mitigatedBy }) => mitigatedBy === undefined,
  );
  return [
    ...(merged === undefined ? invalidQuirks(texts, policies) : mergeQuirks(policies, merged)),
    ...sourceQuirks(policies, open),
    ...(isPassing ? uncountedQuirks(open) : []),
  ];
}

/** Of the framing rule: whether the policy that earns the points holds in browsers. */
export function framingQuirks(texts: PolicyTexts): readonly Quirk[] {
  const policies = parsePolicies(texts);
  const inHeader = policies.filter((policy) => directiveOf(policy, "frame-ancestors"));
  const isOpen = weaknesses(inHeader, { self: texts.self }).some(
    ({ rule, directive, mitigatedBy }) =>
      rule === "any-host" && directive === "frame-ancestors" && mitigatedBy === undefined,
  );
  return quirksWhere({
    "csp-open-framing": isOpen,
    "csp-meta-framing": inHeader.length === 0,
  });
}

function parsePolicies({ header, meta }: PolicyTexts): readonly CspPolicy[] {
  return [
    ...parseCsp(header, { disposition: "enforce", delivery: "header" }).policies,
    ...parseCsp(meta, { disposition: "enforce", delivery: "meta" }).policies,
  ];
}

function invalidQuirks(
  { header, meta }: PolicyTexts,
  policies: readonly CspPolicy[],
): readonly Quirk[] {
  const isShort = [...header, ...meta].some(({ length }) => length < POLICY_CHARACTERS_MIN);
  const isRepeated = policies
    .flatMap(({ directives }) => directives)
    .some(({ name, ignored }) => ignored === "duplicate" && !/^report-(?:uri|to)$/.test(name));
  return quirksWhere({
    "csp-short-policy": isShort,
    "csp-repeated-directive": isRepeated,
    "csp-undecodable-source": !isShort && !isRepeated && policies.length > 0,
  });
}

function mergeQuirks(policies: readonly CspPolicy[], merged: MergedPolicy): readonly Quirk[] {
  const [first, ...later] = policies.map(
    ({ directives }) =>
      new Map(directives.map(({ name, tokens }) => [name, tokens.map(({ text }) => text)])),
  );
  const shared = later.flatMap((directives) => [...directives]);
  const isDropped = [...(first ?? [])].some(([name, sources]) =>
    sources.some((source) => merged.directives.get(name)?.has(source.toLowerCase()) === false),
  );
  return quirksWhere({
    "csp-second-policy-directive": shared.some(([name]) => first?.has(name) === false),
    "csp-merged-sources": shared.some(([name, sources]) => {
      const before = first?.get(name);
      return before !== undefined && !isSameSet(before, sources);
    }),
    "csp-same-prefix": isDropped && later.length === 0,
  });
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [one, other].map((list) => new Set(list.map((text) => text.toLowerCase())));
  return a !== undefined && b !== undefined && a.symmetricDifference(b).size === 0;
}

/** What holds of single directives and sources, whatever the result. */
function sourceQuirks(
  policies: readonly CspPolicy[],
  open: readonly CspWeakness[],
): readonly Quirk[] {
  const directives = policies.flatMap((policy) => policy.directives);
  const invalid = directives
    .filter(({ ignored }) => ignored === undefined)
    .flatMap(({ sources }) => sources)
    .flatMap(({ expression }) => (expression.kind === "invalid" ? [expression.reason] : []));
  return quirksWhere({
    "csp-elem-attr": directives.some(
      ({ name, ignored }) => ignored === undefined && ELEMENT_DIRECTIVES.has(name),
    ),
    "csp-unquoted-keyword": invalid.includes("unquoted-keyword"),
    "csp-invalid-source": invalid.some((reason) => reason !== "unquoted-keyword"),
    "csp-unknown-directive": directives.some(({ ignored }) => ignored === "unknown"),
    "csp-blob": open.some(
      ({ rule, reach = [] }) =>
        (rule === "blob-source" || rule === "filesystem-source") && reach.includes("script"),
    ),
  });
}

/** What a browser's protection rests on and the method does not count; of use only where it passes. */
function uncountedQuirks(open: readonly CspWeakness[]): readonly Quirk[] {
  const rules = new Set(open.map(({ rule }) => rule));
  return quirksWhere({
    "csp-bypass-host": rules.has("bypass-host"),
    "csp-base-uri": rules.has("base-uri-unrestricted"),
    "csp-form-action": rules.has("form-action-unrestricted"),
    "csp-weak-nonce": rules.has("nonce-short") || rules.has("nonce-guessable"),
  });
}
