import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { HubUrl } from "../../../facts/hub-url.fact.ts";
import { agentHubHttpsConfig } from "./hub-https-config.check.ts";

const https: HubUrl = {
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
  const services = absent("none");
  return agentHubHttpsConfig.evaluate({}, { hub, mode: known({ ...mode, isOpen }), services });
}

const cases: readonly [name: string, url: Partial<HubUrl>, answer: string][] = [
  ["https", {}, "pass"],
  [
    "http to a private address",
    { scheme: "http", host: "10.0.0.5", port: 8000 },
    "plain-http fail",
  ],
  ["http to a public name", { scheme: "http", port: 80 }, "plain-http fail"],
  [
    "http to loopback",
    { scheme: "http", host: "[::1]", isLoopback: true },
    "plain-http-loopback warn",
  ],
  ["https to loopback", { host: "localhost", isLoopback: true }, "pass"],
  ["ftp", { scheme: "ftp" }, "other-scheme fail"],
  ["ws to loopback", { scheme: "ws", isLoopback: true }, "other-scheme fail"],
  ["no scheme", { isParsable: false, scheme: "", host: "" }, "no-scheme fail"],
  ["https without a host", { isParsable: false, host: "" }, "not-a-url fail"],
];

for (const [name, url, answer] of cases) {
  test(`agent.hub-https/config: ${name} is ${answer}`, () => {
    const outcome = evaluate(known({ ...https, ...url }));
    const [first] = "findings" in outcome ? outcome.findings : [];
    assert.equal(first ? `${first.rule} ${first.status}` : outcome.status, answer);
  });
}

test("agent.hub-https/config: no HUB_URL skips, an open mode and an unread fact are unknown", () => {
  assert.equal(evaluate(absent("HUB_URL is not set")).status, "skip");
  assert.equal(evaluate(absent("HUB_URL is not set"), true).status, "unknown");
  assert.equal(evaluate(unknown("timed-out", "late")).status, "unknown");
});

test("agent.hub-https/config: the finding quotes the place and the fix names it", () => {
  const url = {
    ...https,
    scheme: "http",
    host: "10.0.0.5",
    port: 8000,
    shown: "http://10.0.0.5:8000/",
  };
  assert.deepEqual(evaluate(known(url)), {
    status: "fail",
    summary: "TLS: HUB_URL uses HTTP, not HTTPS, to 10.0.0.5",
    findings: [
      {
        rule: "plain-http",
        status: "fail",
        message: "TLS: HUB_URL uses HTTP, not HTTPS, to 10.0.0.5",
        fix: "Give the hub a certificate, then set HUB_URL=https://10.0.0.5:8000 in .env (line 5), then restart the application",
        evidence: [
          { file: ".env", line: 5, excerpt: "HUB_URL=http://10.0.0.5:8000/ (layer dotenv)" },
        ],
      },
    ],
  });
});

test("agent.hub-https/config: text that is no URL is never quoted", () => {
  const url = { ...https, isParsable: false, scheme: "", host: "", shown: "svc:hunter2@hub" };
  assert.equal(JSON.stringify(evaluate(known(url))).includes("hunter2"), false);
});

test("agent.hub-https/config: the trace states the scheme", () => {
  const readings = { hub: known(https), mode: known(mode), services: absent("none") };
  assert.deepEqual(agentHubHttpsConfig.states?.({}, readings), [
    { layer: "config", says: "sets", value: "https", where: ".env:5" },
  ]);
});
