import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known } from "../../../core/reading.ts";
import type { SecretMeasure } from "../../../core/secret.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { Environment } from "../../../facts/environment.fact.ts";
import { agentHubApiKeyConfig } from "./hub-api-key-config.check.ts";

const mode: DeploymentMode = {
  roles: ["agent"],
  label: "agent",
  decidedBy: "HUB_URL (.env:5)",
  generation1: [],
  generation2: ["HUB_API_KEY (.env:6)"],
  isOpen: false,
};
const strong: SecretMeasure = {
  length: 43,
  distinct: 30,
  effectiveBits: 200,
  fingerprint: "1a2b3c4d",
  isBlank: false,
  isPlaceholder: false,
  isUnexpanded: false,
  hasInsecurePrefix: false,
  wordShare: 0,
};

function environmentWith(secret: SecretMeasure | undefined): Environment {
  const at = { key: "HUB_API_KEY", layer: "dotenv", file: ".env", line: 6 } as const;
  const shown = "set, 43 chars, fp:1a2b3c4d";
  const variable = { ...at, reader: "python-dotenv", shown, fingerprint: "1a2b3c4d" };
  const HUB_API_KEY = [
    { ...variable, isEmpty: secret === undefined, ...(secret && { secret }) },
  ] as const;
  return { variables: { HUB_API_KEY }, unreadable: [], isProcessSeen: false };
}

function evaluate(environment: Environment, of = mode) {
  const readings = { appSettings: known({ settings: [], problems: [] }), services: absent("none") };
  return agentHubApiKeyConfig.evaluate({ mode: of, environment }, readings);
}

const cases: readonly [name: string, secret: Partial<SecretMeasure>, answer: string][] = [
  ["43 random characters", {}, "pass"],
  ["32 characters and 96 bits", { length: 32, effectiveBits: 96 }, "pass"],
  ["32 characters and 95 bits", { length: 32, effectiveBits: 95 }, "fail low-entropy"],
  ["31 characters, random", { length: 31, effectiveBits: 130 }, "warn short"],
  ["20 characters, random", { length: 20, effectiveBits: 80 }, "warn short"],
  ["20 characters, 60 bits", { length: 20, effectiveBits: 60 }, "warn short"],
  ["20 characters, 59 bits", { length: 20, effectiveBits: 59 }, "fail low-entropy"],
  ["19 characters", { length: 19, effectiveBits: 75 }, "fail too-short"],
  ["24 characters, a placeholder", { length: 24, isPlaceholder: true }, "fail placeholder"],
];

for (const [name, secret, answer] of cases) {
  test(`agent.hub-api-key/config: ${name} is ${answer}`, () => {
    const outcome = evaluate(environmentWith({ ...strong, ...secret }));
    const [first] = "findings" in outcome ? outcome.findings : [];
    assert.equal(first ? `${outcome.status} ${first.rule}` : outcome.status, answer);
  });
}

test("agent.hub-api-key/config: an empty key fails, no sign of generation 2 skips", () => {
  assert.equal(evaluate(environmentWith(undefined)).status, "fail");
  assert.equal(evaluate(environmentWith(strong), { ...mode, generation2: [] }).status, "skip");
  assert.equal(evaluate(environmentWith(strong), { ...mode, roles: ["hub"] }).status, "skip");
  assert.equal(evaluate(environmentWith(undefined), { ...mode, sendsNoKey: true }).status, "skip");
});

test("agent.hub-api-key/config: a short key is shown by its measures at its place", () => {
  const outcome = evaluate(environmentWith({ ...strong, length: 24, effectiveBits: 100 }));
  assert.deepEqual(outcome, {
    status: "warn",
    summary: "HUB_API_KEY has 24 characters, fewer than 32",
    findings: [
      {
        rule: "short",
        status: "warn",
        message: "HUB_API_KEY has 24 characters, fewer than 32",
        fix: "On the hub run: manage.py create_api_key --name AGENT; set it as HUB_API_KEY in .env (line 6), then restart the application",
        evidence: [
          {
            file: ".env",
            line: 6,
            excerpt: "HUB_API_KEY=set, 43 chars, fp:1a2b3c4d (layer dotenv, read by python-dotenv)",
          },
        ],
      },
    ],
  });
});
