import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { parseCsp } from "./policy.ts";
import type { CspWeaknessRule } from "./weakness.ts";
import { weaknesses } from "./weaknesses.ts";

/**
 * csp_evaluator 1.1.8 as an oracle: each of its HIGH findings must have a weakness of ours, and ours of the same
 * kinds one of its own; the tables hold every difference with its reason.
 */
interface OracleFinding {
  readonly type: number;
  readonly severity: number;
  readonly directive: string;
  readonly value?: string;
}

const require = createRequire(import.meta.url);
// The package has no entry point but files; its types need DOM names that this project does not load.
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Type, Severity } = require("csp_evaluator/dist/finding.js");

const read = (name: string): readonly string[] =>
  JSON.parse(readFileSync(`${import.meta.dirname}/fixtures/${name}.json`, "utf8"));
const policies = [...read("observatory-policies"), ...read("own-policies")];

/** Our rules that answer a type of the oracle's. */
const COUNTERPARTS: Readonly<Record<string, readonly CspWeaknessRule[]>> = {
  SCRIPT_UNSAFE_INLINE: ["inline-script"],
  MISSING_DIRECTIVES: ["script-unrestricted", "object-unrestricted", "base-uri-unrestricted"],
  PLAIN_WILDCARD: ["any-host"],
  PLAIN_URL_SCHEMES: ["any-host", "data-source"],
  SCRIPT_ALLOWLIST_BYPASS: ["bypass-host", "any-host"],
  OBJECT_ALLOWLIST_BYPASS: ["plugin-source"],
};
const REVERSED: readonly CspWeaknessRule[] = [
  "inline-script",
  "script-unrestricted",
  "object-unrestricted",
  "bypass-host",
];

const theirs = (policy: string): readonly OracleFinding[] =>
  new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }: OracleFinding) => severity === Severity.HIGH);

const ours = (policy: string) =>
  weaknesses(parseCsp([policy], { delivery: "header", disposition: "enforce" }).policies, {
    self: "https://www.example.com/",
  });

/** HIGH findings of the oracle that have no weakness of ours. */
const ORACLE_ONLY: Readonly<Record<string, string>> = {
  "MISSING_DIRECTIVES object-src | default-src":
    "A directive without sources is 'none' (CSP3 section 6.7.2.7), so default-src limits object-src",
  "MISSING_DIRECTIVES object-src | default-src ;": "As above",
  "MISSING_DIRECTIVES object-src | ":
    "An empty header is no policy; there is nothing to find in none",
  "MISSING_DIRECTIVES script-src | ": "As above",
  "SCRIPT_UNSAFE_INLINE script-src 'unsafe-inline' | default-src 'none'; script-src 'unsafe-inline'; script-src-elem 'self'; script-src-attr 'none'":
    "Both particular directives override script-src for inline code",
  "PLAIN_WILDCARD script-src-attr * | default-src 'none'; script-src-attr *":
    "script-src-attr governs event handlers, which are loaded from nowhere",
};
/** Weaknesses of ours of the kinds the oracle has that it does not find. */
const OURS_ONLY: Readonly<Record<string, string>> = {
  "object-unrestricted object-src | default-src 'none', script-src 'self'":
    "The oracle does not split at commas; the second policy has no object-src (mitigated by the first)",
  "bypass-host script-src www.google-analytics.com | script-src www.google-analytics.com www.googletagmanager.com; object-src 'none'":
    "Not in the oracle's list",
  "bypass-host script-src www.googletagmanager.com | script-src www.google-analytics.com www.googletagmanager.com; object-src 'none'":
    "Not in the oracle's list",
  "bypass-host script-src code.angularjs.org | script-src code.angularjs.org; object-src 'none'":
    "Not in the oracle's list",
  "bypass-host script-src api.twitter.com | script-src api.twitter.com platform.twitter.com; object-src 'none'":
    "The oracle lists an older address of that host",
};
/** Policies on which the oracle throws "Invalid URL" or the like. */
const ORACLE_THROWS: readonly string[] = ["default-src https:, default-src 'none'"];

function compare(policy: string, findings: readonly OracleFinding[]) {
  const own = ours(policy);
  const answers = (finding: OracleFinding, rule: CspWeaknessRule, directive: string): boolean =>
    COUNTERPARTS[Type[finding.type]]?.includes(rule) === true && directive === finding.directive;
  const missing = findings
    .filter(
      (finding) =>
        !own.some(
          ({ rule, directive, source }) =>
            answers(finding, rule, directive) &&
            (source === undefined || source.toLowerCase() === finding.value),
        ),
    )
    .map(({ type, directive, value }) => [Type[type], directive, value, "|", policy]);
  const extra = own
    .filter(({ rule }) => REVERSED.includes(rule))
    .filter(({ rule, directive }) => !findings.some((finding) => answers(finding, rule, directive)))
    .map(({ rule, directive, source }) => [rule, directive, source, "|", policy]);
  const join = (parts: readonly unknown[]): string =>
    parts.filter((part) => part !== undefined).join(" ");
  return { missing: missing.map(join), extra: extra.map(join), count: findings.length };
}

test("every HIGH finding of csp_evaluator has a weakness of ours and back, but for the table", () => {
  const threw: string[] = [];
  const results = policies.flatMap((policy) => {
    try {
      return [compare(policy, theirs(policy))];
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      threw.push(policy);
      return [];
    }
  });
  assert.ok(results.reduce((sum, { count }) => sum + count, 0) > 100);
  assert.deepEqual(
    results.flatMap(({ missing }) => missing).sort(),
    Object.keys(ORACLE_ONLY).sort(),
  );
  assert.deepEqual(results.flatMap(({ extra }) => extra).sort(), Object.keys(OURS_ONLY).sort());
  assert.deepEqual(threw, ORACLE_THROWS);
});
