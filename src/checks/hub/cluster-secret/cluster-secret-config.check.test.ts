import assert from "node:assert/strict";
import { test } from "node:test";

import type { Role } from "../../../core/fact.ts";
import { absent, known } from "../../../core/reading.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { Environment, Variable } from "../../../facts/environment.fact.ts";
import { hubClusterSecretConfig } from "./cluster-secret-config.check.ts";

function environmentWith(length: number): Environment {
  const fingerprint = "1a2b3c4d";
  const secret = {
    length,
    distinct: 20,
    effectiveBits: 130,
    fingerprint,
    isBlank: false,
    isPlaceholder: false,
    isUnexpanded: false,
    hasInsecurePrefix: false,
    wordShare: 0,
  };
  const variable: Variable = {
    key: "WEBHOOK_SECRET_CLUSTER",
    layer: "dotenv",
    file: ".env",
    line: 6,
    reader: "python-dotenv",
    isEmpty: false,
    shown: `set, ${length} chars, fp:${fingerprint}`,
    fingerprint,
    secret,
  };
  const variables = { WEBHOOK_SECRET_CLUSTER: [variable] as const };
  return { variables, unreadable: [], isProcessSeen: false };
}

function evaluate(roles: readonly Role[], signs: Partial<DeploymentMode> = {}, length = 31) {
  const label = roles.includes("hub") ? "hub" : "agent";
  const open = { generation1: [], generation2: [], isOpen: false, decidedBy: ".env" };
  const mode: DeploymentMode = { roles, label: roles.length === 0 ? "standalone" : label, ...open };
  const readings = { appSettings: known({ settings: [], problems: [] }), services: absent("none") };
  return hubClusterSecretConfig.evaluate(
    { mode: { ...mode, ...signs }, environment: environmentWith(length) },
    readings,
  );
}

const sign1 = ["WEBHOOK_SECRET_CLUSTER (.env:6)"];
const sign2 = ["HUB_API_KEY (.env:7)"];
const cases: readonly [
  name: string,
  roles: readonly Role[],
  signs: Partial<DeploymentMode>,
  status: string,
][] = [
  ["the role, generation 1", ["hub"], { generation1: sign1 }, "fail"],
  ["the role, no generation", ["hub"], {}, "fail"],
  ["the role, both generations", ["hub"], { generation1: sign1, generation2: sign2 }, "fail"],
  [
    "both generations, no driver takes cluster pushes",
    ["hub"],
    { generation1: sign1, generation2: sign2, isClusterDriverOff: true },
    "skip",
  ],
  [
    "generation 1, no driver takes cluster pushes",
    ["hub"],
    { generation1: sign1, isClusterDriverOff: true },
    "fail",
  ],
  ["the role, generation 2 only", ["hub"], { generation2: sign2 }, "skip"],
  ["both roles", ["agent", "hub"], {}, "fail"],
  ["the other role", ["agent"], { generation1: sign1 }, "skip"],
  ["standalone", [], {}, "skip"],
  ["open roles", [], { isOpen: true, openBecause: ".env is unreadable" }, "unknown"],
];

for (const [name, roles, signs, status] of cases) {
  test(`hub.cluster-secret/config: ${name} is ${status}`, () => {
    assert.equal(evaluate(roles, signs).status, status);
  });
}

test("hub.cluster-secret/config: 32 strong characters are enough", () => {
  assert.equal(evaluate(["hub"], {}, 32).status, "pass");
});

test("hub.cluster-secret/config: the evidence is the place and the measures", () => {
  const outcome = evaluate(["hub"]);
  assert.deepEqual("findings" in outcome && outcome.findings[0].evidence, [
    {
      file: ".env",
      line: 6,
      excerpt:
        "WEBHOOK_SECRET_CLUSTER=set, 31 chars, fp:1a2b3c4d (layer dotenv, read by python-dotenv)",
    },
  ]);
});
