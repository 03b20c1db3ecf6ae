import assert from "node:assert/strict";
import { test } from "node:test";
import type { Resolved } from "../../../facts/app-settings.fact.ts";
import type { SourceSetting } from "../../../facts/source-settings.fact.ts";
import { KEPT_IN_FILE } from "../../../parsers/python/kept-secret.ts";
import { STRONG } from "../../judgement/example-facts.ts";
import { rowOf, sourceOf, UNKNOWN } from "../../judgement/example-source.ts";
import { sessionSecretSourceSource } from "./secret-source-source.check.ts";

const SET: Resolved = { state: "known", secret: STRONG, from: "env" };
const DEFAULT: Resolved = { state: "known", secret: STRONG, from: "default" };
const RAISES: Resolved = { state: "raises", reason: "KeyError: KEY is not set" };
const NONE: Resolved = { state: "known", value: null, from: "default" };
const WRITTEN: Resolved = { state: "known", secret: STRONG, from: "literal" };
const KEPT: Resolved = { state: "unknown", reason: KEPT_IN_FILE };
const RANDOM: Resolved = {
  state: "unknown",
  reason: "the result of secrets.token_hex() is only known at run time",
};

function key(resolved: Resolved, rest: Partial<SourceSetting> = {}): SourceSetting {
  return rowOf("session.secret", null, { resolved, kind: "env", variables: ["KEY"], ...rest });
}

function without(resolved: Resolved): SourceSetting {
  return rowOf("session.secret-fallback", null, { resolved, kind: "env", variables: ["KEY"] });
}

const LITERAL = key(SET, { kind: "literal", variables: [] });

const cases: readonly [
  name: string,
  rows: readonly SourceSetting[],
  status: string,
  rule?: string,
][] = [
  ["a variable that must be there", [key(SET), without(RAISES)], "pass"],
  ["a variable or nothing", [key(SET), without(NONE)], "pass"],
  ["missing, yet asked for", [key(RAISES), without(RAISES)], "pass"],
  ["a literal", [LITERAL], "fail", "literal"],
  ["set, with a literal to fall back to", [key(SET), without(DEFAULT)], "fail", "literal-fallback"],
  ["a default in force", [key(DEFAULT)], "fail", "literal-fallback"],
  ["random without it", [key(SET), without(RANDOM)], "warn", "random-fallback"],
  ["not known, no variable", [key(UNKNOWN, { kind: "computed", variables: [] })], "unknown"],
  [
    "a secret file",
    [
      key(
        { state: "unknown", reason: "it is read from a file" },
        { kind: "computed", variables: [] },
      ),
    ],
    "pass",
  ],
  [
    "put together of literals",
    [key(WRITTEN, { kind: "computed", variables: [] })],
    "fail",
    "literal",
  ],
  ["kept in a file", [key(KEPT, { kind: "computed", variables: [] }), without(KEPT)], "pass"],
  ["none", [], "skip"],
];

for (const [name, rows, status, rule] of cases) {
  test(`${name} is ${status}`, () => {
    const outcome = sessionSecretSourceSource.evaluate({ source: sourceOf(...rows) }, {});
    assert.equal(outcome.status, status);
    assert.equal("findings" in outcome ? outcome.findings[0].rule : undefined, rule);
  });
}

test("the finding names the place and the variable", () => {
  const outcome = sessionSecretSourceSource.evaluate({ source: sourceOf(key(DEFAULT)) }, {});
  assert.ok("findings" in outcome);
  const [{ fix, evidence }] = outcome.findings;
  assert.match(fix, /^Write os\.environ\["KEY"\] at app\.py:7/);
  assert.equal(evidence[0].line, 7);
});
