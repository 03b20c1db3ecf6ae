import { didYouMean } from "../did-you-mean.ts";
import { type FieldPiece, type ProblemList, quoted } from "../http/field.ts";
import { DIRECTIVE_NAMES, type DirectiveFacts, directiveFacts } from "./directive.ts";
import type { CspDelivery, CspDirective, CspSource } from "./policy.ts";
import { type CspExpression, type InvalidReason, isWholeDigest } from "./source.ts";

/** Flags of the sandbox attribute (HTML standard, section 7.1.5, text of 2026). */
export const SANDBOX_FLAGS: readonly string[] = [
  "allow-downloads",
  "allow-forms",
  "allow-modals",
  "allow-orientation-lock",
  "allow-pointer-lock",
  "allow-popups",
  "allow-popups-to-escape-sandbox",
  "allow-presentation",
  "allow-same-origin",
  "allow-scripts",
  "allow-storage-access-by-user-activation",
  "allow-top-navigation",
  "allow-top-navigation-by-user-activation",
  "allow-top-navigation-to-custom-protocols",
];

/** Keywords that say something only about scripts or styles, and the directives they say it in. */
const KEYWORD_HOMES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /^'(?:unsafe-eval|wasm-unsafe-eval|trusted-types-eval)'$/,
    /^(?:default|script|style|worker)-src$/,
  ],
  [
    /^'(?:strict-dynamic|inline-speculation-rules|report-sha\d+)'$/,
    /^(?:default|script)-src|^script-src-elem$/,
  ],
  [/^'(?:unsafe-inline|unsafe-hashes|report-sample)'$/, /^default-src$|^(?:script|style)-src/],
  [/^'unsafe-webtransport-hashes'$/, /^(?:default|connect)-src$/],
];

const INVALID_MESSAGES: Readonly<Record<InvalidReason, string>> = {
  "unquoted-keyword": "is read as a host without its single quotes",
  "unknown-keyword": "is no keyword",
  "quoted-host": "has quotes around a host and matches nothing",
  "bad-nonce": "is no valid nonce and matches nothing",
  "bad-hash": "is no valid hash and matches nothing",
  "query-or-fragment": "has a query or fragment and matches nothing",
  ipv6: "is an IPv6 address, which no source expression can name",
  "missing-scheme": "starts with // and matches nothing",
  syntax: "is no source expression",
};

/** Tells what is wrong with one directive; consequences are left to the analysis. */
export function reportDirectiveProblems(
  directive: CspDirective,
  { delivery }: CspDelivery,
  problems: ProblemList,
): void {
  const { name } = directive;
  const facts = directiveFacts(name);
  reportIgnored(directive, problems);
  if (facts === undefined || directive.ignored === "duplicate") return;
  if (directive.ignored === "not-ascii") return;
  if (facts.deprecated !== undefined && directive.ignored === undefined) {
    problems.add("deprecated-directive", `${name} is deprecated: ${facts.deprecated}`, directive);
  }
  for (const token of directive.tokens) {
    if (delivery === "meta" && token.text.endsWith(",")) {
      problems.add("comma-in-meta", "browsers differ on a comma in a meta element", token);
    }
    if (isStrayName(token.text) && facts.value !== "token") {
      const message = `${quoted(token.text)} in the value of ${name}: a semicolon is missing before it`;
      problems.add("missing-semicolon", message, token);
    }
  }
  reportValue(directive, facts, problems);
}

/** A directive's name where a value is expected; names of one word may well be hosts. */
function isStrayName(text: string): boolean {
  return text.includes("-") && DIRECTIVE_NAMES.includes(text.toLowerCase());
}

function reportIgnored(directive: CspDirective, problems: ProblemList): void {
  const { name, ignored } = directive;
  if (ignored === undefined) return;
  const shown = quoted(name);
  if (ignored === "unknown") {
    const near = didYouMean(name, DIRECTIVE_NAMES);
    const hint = near === undefined ? "" : `, did you mean ${near}?`;
    problems.add("unknown-directive", `${shown} is no directive${hint}`, directive);
    return;
  }
  const removed = directiveFacts(name)?.deprecated ?? "";
  const messages = {
    duplicate: ["duplicate-directive", `${name} occurs again, browsers ignore all but the first`],
    removed: ["removed-directive", `no browser obeys ${name} any more: ${removed}`],
    "not-ascii": [
      "not-ascii",
      `${shown} has other than ASCII characters, browsers ignore it whole`,
    ],
    "not-in-meta": ["ignored-in-meta", `${name} is ignored in a meta element`],
    "not-in-report-only": ["ignored-in-report-only", `${name} is ignored in a report-only policy`],
  } as const;
  const [rule, message] = messages[ignored];
  problems.add(rule, message, directive);
}

function reportValue(directive: CspDirective, facts: DirectiveFacts, problems: ProblemList): void {
  const { name, tokens } = directive;
  switch (facts.value) {
    case "sources":
    case "ancestors":
      reportSources(directive, facts, problems);
      return;
    case "sandbox-flags":
      reportWords(tokens, SANDBOX_FLAGS, "unknown-sandbox-flag", problems);
      return;
    case "trusted-types-sinks":
      reportWords(tokens, ["'script'"], "unknown-sink", problems);
      if (tokens.length === 0) problems.add("empty-value", `${name} names no sink`, directive);
      return;
    case "webrtc":
      reportWords(tokens, ["'allow'", "'block'"], "bad-value", problems);
      return;
    case "none":
      for (const token of tokens)
        problems.add("value-not-allowed", `${name} takes no value`, token);
      return;
    case "token":
      if (tokens.length !== 1)
        problems.add("bad-value", `${name} takes one name, here are ${tokens.length}`, directive);
      return;
    case "urls":
      if (tokens.length === 0) problems.add("empty-value", `${name} names no URL`, directive);
      return;
    case "trusted-types":
    case "any":
      return;
  }
}

function reportSources(
  directive: CspDirective,
  facts: DirectiveFacts,
  problems: ProblemList,
): void {
  const { name, sources } = directive;
  if (sources.length === 0) {
    problems.add("empty-value", `${name} without a source is the same as 'none'`, directive);
  }
  for (const source of sources) reportSource(source, directive, facts, problems);
}

function reportWords(
  tokens: readonly FieldPiece[],
  known: readonly string[],
  rule: string,
  problems: ProblemList,
): void {
  for (const token of tokens) {
    if (known.includes(token.text.toLowerCase())) continue;
    const near = didYouMean(token.text.toLowerCase(), known);
    const hint = near === undefined ? "" : `, did you mean ${near}?`;
    problems.add(rule, `${quoted(token.text)} is unknown${hint}`, token);
  }
}

function reportSource(
  source: CspSource,
  { name, sources }: CspDirective,
  facts: DirectiveFacts,
  problems: ProblemList,
): void {
  const { expression } = source;
  if (isStrayName(source.text)) return;
  if (expression.kind === "invalid") {
    const hint =
      expression.suggestion === undefined ? "" : `, did you mean ${expression.suggestion}?`;
    const message = `${quoted(source.text)} in ${name} ${INVALID_MESSAGES[expression.reason]}${hint}`;
    problems.add(
      expression.reason === "syntax" ? "invalid-source" : expression.reason,
      message,
      source,
    );
    return;
  }
  if (expression.kind === "none" && sources.length > 1) {
    problems.add("none-not-alone", `'none' in ${name} is ignored beside other sources`, source);
  }
  reportHash(source, name, problems);
  if (!hasMeaning(expression, name, facts)) {
    problems.add("no-effect", `${quoted(source.text)} has no effect in ${name}`, source);
  }
  if (expression.kind === "host" && expression.isIp === true && expression.host !== "127.0.0.1") {
    problems.add("ip-source", `${quoted(source.text)} in ${name} is an IP address`, source);
  }
}

function reportHash(source: CspSource, name: string, problems: ProblemList): void {
  const { expression } = source;
  if (expression.kind !== "hash" || isWholeDigest(expression.algorithm, expression.digest)) return;
  problems.add("bad-hash", `${quoted(source.text)} in ${name} is no whole digest`, source);
}

/** Whether an expression can have an effect in a directive at all. */
function hasMeaning(expression: CspExpression, name: string, facts: DirectiveFacts): boolean {
  if (facts.value === "ancestors" || facts.kind !== "fetch") {
    if (expression.kind === "nonce" || expression.kind === "hash") return false;
    if (expression.kind === "keyword")
      return expression.keyword === "'self'" || expression.keyword === "'report-sample'";
    return true;
  }
  if (expression.kind === "nonce" || expression.kind === "hash")
    return /^default-src$|^(?:script|style)-src/.test(name);
  if (expression.kind !== "keyword") return true;
  const home = KEYWORD_HOMES.find(([keyword]) => keyword.test(expression.keyword))?.[1];
  return home === undefined || home.test(name);
}
