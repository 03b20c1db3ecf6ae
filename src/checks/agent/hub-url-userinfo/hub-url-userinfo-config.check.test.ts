import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { HubUrl } from "../../../facts/hub-url.fact.ts";
import { agentHubUrlUserinfoConfig } from "./hub-url-userinfo-config.check.ts";

const clean: HubUrl = {
  isParsable: true,
  scheme: "https",
  host: "hub.example.test",
  port: 443,
  shown: "https://hub.example.test/",
  hasUserinfo: false,
  secretParameters: [],
  isLoopback: false,
  isThisNode: false,
  file: ".env",
  line: 5,
  layer: "dotenv",
};
const mode: DeploymentMode = {
  roles: ["agent"],
  label: "agent",
  decidedBy: "HUB_URL (.env:5)",
  generation1: [],
  generation2: [],
  isOpen: false,
};

function evaluate(hub: Reading<HubUrl>, isOpen = false) {
  return agentHubUrlUserinfoConfig.evaluate({}, { hub, mode: known({ ...mode, isOpen }) });
}

const cases: readonly [name: string, url: Partial<HubUrl>, answer: string][] = [
  ["neither", {}, "pass"],
  ["userinfo over https", { hasUserinfo: true }, "userinfo warn"],
  ["userinfo over http", { hasUserinfo: true, scheme: "http" }, "userinfo-over-http fail"],
  ["a token parameter", { secretParameters: ["token"] }, "secret-parameter warn"],
  [
    "a key parameter over http",
    { secretParameters: ["key"], scheme: "http" },
    "secret-parameter warn",
  ],
  [
    "both over http",
    { hasUserinfo: true, secretParameters: ["sig"], scheme: "http" },
    "userinfo-over-http fail, secret-parameter warn",
  ],
];

for (const [name, url, answer] of cases) {
  test(`agent.hub-url-userinfo/config: ${name} is ${answer}`, () => {
    const outcome = evaluate(known({ ...clean, ...url }));
    const found = "findings" in outcome ? outcome.findings : [];
    const rules = found.map(({ rule, status }) => `${rule} ${status}`).join(", ");
    assert.equal(rules || outcome.status, answer);
  });
}

test("agent.hub-url-userinfo/config: no HUB_URL skips, an open mode and an unread fact are unknown", () => {
  assert.equal(evaluate(absent("HUB_URL is not set")).status, "skip");
  assert.equal(evaluate(absent("HUB_URL is not set"), true).status, "unknown");
  assert.equal(evaluate(unknown("denied", ".env")).status, "unknown");
});

test("agent.hub-url-userinfo/config: the evidence says that userinfo is present and no more", () => {
  const outcome = evaluate(known({ ...clean, hasUserinfo: true }));
  assert.equal(outcome.status, "warn");
  assert.deepEqual("findings" in outcome && outcome.findings[0].evidence, [
    { file: ".env", line: 5, excerpt: "HUB_URL: userinfo present (layer dotenv)" },
  ]);
});
