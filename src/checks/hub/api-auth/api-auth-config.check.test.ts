import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known } from "../../../core/reading.ts";
import type { AppSetting, Resolved } from "../../../facts/app-settings.fact.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import { HUB } from "../../route/example-facts.ts";
import { hubApiAuthConfig } from "./api-auth-config.check.ts";

const mode: DeploymentMode = {
  ...HUB,
  generation1: [],
  generation2: ["API_KEY_AUTH_ENABLED (.env:5)"],
};

function withSwitch(text: string | undefined): Environment {
  const at = { key: "API_KEY_AUTH_ENABLED", layer: "dotenv", file: ".env", line: 5 } as const;
  const variable = { ...at, reader: "python-dotenv", isEmpty: text === "", fingerprint: "0" };
  const variables =
    text === undefined
      ? {}
      : { API_KEY_AUTH_ENABLED: [{ ...variable, text, shown: JSON.stringify(text) }] as const };
  return { variables, unreadable: [], isProcessSeen: false };
}
function setting(name: string, resolved: Resolved, rest: Partial<AppSetting> = {}): AppSetting {
  const at = { file: "config/settings.py", line: 5, column: 1, kind: "env" } as const;
  return { name, ...at, variables: [], resolved, chain: `${name} as resolved`, ...rest };
}
function of(value: unknown): Resolved {
  return { state: "known", value, from: "env" };
}
const on = setting("API_KEY_AUTH_ENABLED", of(true), { idiom: '== "1"' });
const off = setting("API_KEY_AUTH_ENABLED", of(false), { idiom: '== "1"' });
const CLASS = "config.middleware.api_key_auth.APIKeyAuthMiddleware";
const list = (...names: readonly string[]) => setting("MIDDLEWARE", of(names), { line: 6 });
const enforced = list("django.middleware.security.SecurityMiddleware", CLASS);

function evaluate(text: string | undefined, settings: readonly AppSetting[], of = mode) {
  const appSettings = known({ settings, problems: [] });
  const readings = { appSettings, services: absent("none") };
  return hubApiAuthConfig.evaluate({ mode: of, environment: withSwitch(text) }, readings);
}

const cases: readonly [
  name: string,
  text: string | undefined,
  settings: readonly AppSetting[],
  answer: string,
][] = [
  ["on and enforced", "1", [on, enforced], "pass"],
  ["unset, on by default, enforced", undefined, [on, enforced], "pass"],
  ["off", "0", [off, enforced], "fail switched-off"],
  ["true, which the idiom rejects", "true", [off, enforced], "fail on-word-rejected"],
  ["on, middleware missing", "1", [on, list("a.B")], "fail middleware-missing"],
  ["on, middleware list empty", "1", [on, list()], "fail middleware-missing"],
  [
    "a class of a similar name",
    "1",
    [on, list("x.NotAPIKeyAuthMiddleware")],
    "fail middleware-missing",
  ],
  ["off and not enforced", "0", [off, list("a.B")], "fail switched-off, fail middleware-missing"],
  ["on, no source", "1", [], "unknown"],
  ["off, no source", "0", [], "fail switched-off"],
  ["empty, no source", "", [], "fail switched-off"],
  ["true, no source", "true", [], "fail on-word-rejected"],
  ["unset, no source", undefined, [], "unknown"],
  ["unset, enforced, no default", undefined, [enforced], "unknown"],
  [
    "on, list computed but the class in its literal part",
    "1",
    [on, setting("MIDDLEWARE", { state: "unknown", reason: "+ EXTRA" }, { value: [CLASS] })],
    "pass",
  ],
  [
    "on, list computed",
    "1",
    [on, setting("MIDDLEWARE", { state: "unknown", reason: "+ EXTRA" }, { value: ["a.B"] })],
    "unknown",
  ],
  [
    "switch computed, middleware missing",
    "1",
    [setting("API_KEY_AUTH_ENABLED", { state: "unknown", reason: "vault" }), list("a.B")],
    "fail middleware-missing",
  ],
];

for (const [name, text, settings, answer] of cases) {
  test(`hub.api-auth/config: ${name} is ${answer}`, () => {
    const outcome = evaluate(text, settings);
    const found = "findings" in outcome ? outcome.findings : [];
    const rules = found.map(({ status, rule }) => `${status} ${rule}`).join(", ");
    assert.equal(rules || outcome.status, answer);
  });
}

test("hub.api-auth/config: no generation 2, or another role, skips", () => {
  assert.equal(evaluate("1", [on, enforced], HUB).status, "skip");
  const agent = { ...mode, roles: ["agent"], label: "agent" } as const;
  assert.equal(evaluate("1", [on, enforced], agent).status, "skip");
});

test("hub.api-auth/config: a rejected on-word is quoted with its chain and the fix names the line", () => {
  assert.deepEqual(evaluate("true", [off, enforced]), {
    status: "fail",
    summary:
      'API_KEY_AUTH_ENABLED=true is off for the application, which compares == "1": pushes need no key',
    findings: [
      {
        rule: "on-word-rejected",
        status: "fail",
        message:
          'API_KEY_AUTH_ENABLED=true is off for the application, which compares == "1": pushes need no key',
        fix: "Set API_KEY_AUTH_ENABLED=1 in .env (line 5), then restart the application",
        evidence: [
          {
            file: "config/settings.py",
            line: 5,
            column: 1,
            excerpt: "API_KEY_AUTH_ENABLED as resolved",
          },
        ],
      },
    ],
  });
});

test("hub.api-auth/config: an unreadable env file hides the switch", () => {
  const unreadable = [{ file: ".env", problem: { code: "denied", detail: "EACCES" } }] as const;
  const environment = { ...withSwitch(undefined), unreadable };
  const appSettings = known({ settings: [on, enforced], problems: [] });
  const readings = { appSettings, services: absent("none") };
  assert.equal(hubApiAuthConfig.evaluate({ mode, environment }, readings).status, "unknown");
});
