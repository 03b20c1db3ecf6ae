import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, unknown } from "../../core/reading.ts";
import type { SecretMeasure } from "../../core/secret.ts";
import type { AppSetting, Resolved } from "../../facts/app-settings.fact.ts";
import type { Environment, Variable } from "../../facts/environment.fact.ts";
import type { EnvironmentLayer } from "../../facts/environment-values.fact.ts";
import { judgeClusterSecret } from "./cluster-secret.ts";

const KEY = "WEBHOOK_SECRET_CLUSTER";
const strong: SecretMeasure = {
  length: 48,
  distinct: 30,
  effectiveBits: 220,
  fingerprint: "1a2b3c4d",
  isBlank: false,
  isPlaceholder: false,
  isUnexpanded: false,
  hasInsecurePrefix: false,
  wordShare: 0.1,
};

function variable(secret: SecretMeasure | undefined, layer: EnvironmentLayer = "dotenv"): Variable {
  return {
    key: KEY,
    layer,
    file: layer === "process" ? "/proc/10/environ" : ".env",
    ...(layer === "dotenv" && { line: 6 }),
    reader: "python-dotenv",
    isEmpty: secret === undefined,
    shown: "as measured",
    ...(secret && { secret }),
    fingerprint: "1a2b3c4d",
  };
}

function environment(...variables: readonly Variable[]): Environment {
  const [first, ...others] = variables;
  return {
    variables: first === undefined ? {} : { [KEY]: [first, ...others] },
    unreadable: [],
    isProcessSeen: false,
  };
}

function setting(kind: AppSetting["kind"], resolved: Resolved): AppSetting {
  const at = { file: "config/settings.py", line: 12, column: 1 };
  return { name: KEY, ...at, kind, variables: [KEY], resolved, chain: "as resolved" };
}

function judge(of: Environment, settings: readonly AppSetting[] = []) {
  const appSettings = known({ settings, problems: [] });
  const facts = { environment: of, appSettings, services: absent("none") };
  return judgeClusterSecret(facts, "hub");
}

function answer(...args: Parameters<typeof judge>): string {
  const outcome = judge(...args);
  if (outcome.status === "unknown") return `unknown ${outcome.problem.code}`;
  return "findings" in outcome ? `${outcome.status} ${outcome.findings[0].rule}` : outcome.status;
}

const measures: readonly [name: string, measure: Partial<SecretMeasure>, answer: string][] = [
  ["48 random characters", {}, "pass"],
  ["32 characters and 96 bits", { length: 32, effectiveBits: 96 }, "pass"],
  ["31 characters", { length: 31 }, "fail too-short"],
  ["32 characters, 95.9 bits", { length: 32, effectiveBits: 95.9 }, "fail low-entropy"],
  ["40 times a", { length: 40, distinct: 1, effectiveBits: 0 }, "fail low-entropy"],
  ["a placeholder", { isPlaceholder: true }, "fail placeholder"],
  ["an unexecuted expression", { isUnexpanded: true }, "fail unexpanded"],
  ["blanks", { isBlank: true }, "fail empty"],
];

for (const [name, measure, expected] of measures) {
  test(`cluster secret: ${name} is ${expected}`, () => {
    assert.equal(answer(environment(variable({ ...strong, ...measure }))), expected);
  });
}

test("cluster secret: empty overrides what a lower layer sets", () => {
  assert.equal(
    answer(environment(variable(undefined), variable(strong, "dotenv-dev"))),
    "fail empty",
  );
});

test("cluster secret: unset fails, and names what follows", () => {
  assert.deepEqual(judge(environment()), {
    status: "fail",
    summary: "WEBHOOK_SECRET_CLUSTER is not set: the hub accepts unsigned pushes",
    findings: [
      {
        rule: "empty",
        status: "fail",
        message: "WEBHOOK_SECRET_CLUSTER is not set: the hub accepts unsigned pushes",
        fix: 'Run: python3 -c "import secrets; print(secrets.token_urlsafe(48))"; give every agent the same value; set it as WEBHOOK_SECRET_CLUSTER in .env, then restart the application',
        evidence: [{ excerpt: "WEBHOOK_SECRET_CLUSTER is set nowhere" }],
      },
    ],
  });
});

test("cluster secret: a default in source counts where no layer sets the key", () => {
  const byDefault = { state: "known", secret: strong, from: "default" } as const;
  assert.equal(answer(environment(), [setting("env", byDefault)]), "pass");
  const weak = { ...byDefault, secret: { ...strong, length: 8 } };
  assert.equal(answer(environment(), [setting("env", weak)]), "fail too-short");
  assert.equal(answer(environment(variable(strong)), [setting("env", weak)]), "pass");
});

test("cluster secret: a literal in source is in force whatever the environment says", () => {
  const literal = { state: "known", secret: { ...strong, length: 8 }, from: "literal" } as const;
  assert.equal(
    answer(environment(variable(strong)), [setting("literal", literal)]),
    "fail too-short",
  );
});

test("cluster secret: a setting that demands the unset variable fails, an unresolved one is unknown", () => {
  const raises = setting("env", { state: "raises", reason: "KeyError" });
  assert.equal(answer(environment(), [raises]), "fail empty");
  const computed = setting("computed", { state: "unknown", reason: "read from a vault" });
  assert.equal(answer(environment(), [computed]), "unknown unsupported");
  assert.equal(
    answer(environment(), [setting("absent", { state: "unknown", reason: "" })]),
    "fail empty",
  );
});

test("cluster secret: an unreadable env file hides it, unless the process or unit sets it", () => {
  const unreadable = [{ file: ".env", problem: { code: "denied", detail: "EACCES" } }] as const;
  assert.equal(answer({ ...environment(), unreadable }), "unknown denied");
  const higher = environment(variable(strong, "process"));
  assert.equal(answer({ ...higher, unreadable }), "pass");
});

test("cluster secret: without any source the environment decides", () => {
  const appSettings = unknown("malformed", "settings.py:3");
  const facts = { environment: environment(), appSettings, services: absent("none") };
  assert.equal(judgeClusterSecret(facts, "agent").status, "fail");
});
