import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { HubConnection } from "../../../facts/hub-connection.fact.ts";
import type { HubUrl } from "../../../facts/hub-url.fact.ts";
import { agentHubReachableLive } from "./hub-reachable-live.check.ts";

const mode: DeploymentMode = {
  roles: ["agent"],
  label: "agent",
  decidedBy: "HUB_URL (.env:5)",
  generation1: [],
  generation2: [],
  isOpen: false,
};
const url: HubUrl = {
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

function evaluate(
  connection: Reading<HubConnection>,
  hub: Reading<HubUrl> = known(url),
  of: Partial<DeploymentMode> = {},
) {
  return agentHubReachableLive.evaluate({ mode: { ...mode, ...of } }, { hub, connection });
}

const open = known({ isOpen: true, address: "192.0.2.7", elapsedMs: 12.4 });
const cases: readonly [
  name: string,
  connection: Reading<HubConnection>,
  hub: Reading<HubUrl>,
  status: string,
][] = [
  ["open", open, known(url), "pass"],
  ["open, plain http", open, known({ ...url, scheme: "http", port: 80 }), "pass"],
  ["refused", known({ isOpen: false, error: "ECONNREFUSED" }), known(url), "warn"],
  ["timed out", known({ isOpen: false, error: "ETIMEDOUT" }), known(url), "warn"],
  ["not resolved", known({ isOpen: false, error: "ENOTFOUND" }), known(url), "warn"],
  ["failed without a code", known({ isOpen: false }), known(url), "warn"],
  ["offline", unknown("not-granted", "connect is switched off"), known(url), "unknown"],
  ["not recorded", unknown("not-recorded", "no net.json"), known(url), "unknown"],
  ["not tried", absent("no network"), known(url), "unknown"],
  ["a HUB_URL that is no URL", open, known({ ...url, isParsable: false, host: "" }), "skip"],
  ["no HUB_URL", absent("HUB_URL is not set"), absent("HUB_URL is not set"), "skip"],
  ["HUB_URL not read", open, unknown("denied", ".env"), "unknown"],
];

for (const [name, connection, hub, status] of cases) {
  test(`agent.hub-reachable/live: ${name} is ${status}`, () => {
    assert.equal(evaluate(connection, hub).status, status);
  });
}

test("agent.hub-reachable/live: another role skips, open roles are unknown", () => {
  assert.equal(evaluate(open, known(url), { roles: ["hub"], label: "hub" }).status, "skip");
  assert.equal(evaluate(open, known(url), { roles: [], isOpen: true }).status, "unknown");
});

test("agent.hub-reachable/live: the evidence has address, time, error and proxy", () => {
  const failed = known({ isOpen: false, error: "ETIMEDOUT", via: "proxy.example.test:3128" });
  assert.deepEqual(evaluate(failed), {
    status: "warn",
    summary:
      "hub.example.test:443 cannot be reached through the proxy proxy.example.test:3128: it times out (ETIMEDOUT)",
    findings: [
      {
        rule: "unreachable",
        status: "warn",
        message:
          "hub.example.test:443 cannot be reached through the proxy proxy.example.test:3128: it times out (ETIMEDOUT)",
        fix: "Run: curl -v telnet://hub.example.test:443; then open this machine's egress and the hub's firewall to port 443",
        evidence: [{ excerpt: "tcp hub.example.test:443, ETIMEDOUT, via proxy.example.test:3128" }],
      },
    ],
  });
  assert.deepEqual(evaluate(open), {
    status: "pass",
    summary: "hub.example.test:443 accepts connections",
    evidence: [{ excerpt: "tcp hub.example.test:443, address 192.0.2.7, 12 ms" }],
  });
});

const FIXES = [
  ["ECONNREFUSED", "start the hub's proxy on port 443, or correct the port in HUB_URL"],
  ["ENOTFOUND", "mend the DNS record of hub.example.test, or correct the name in HUB_URL"],
  ["EHOSTUNREACH", "open this machine's egress and the hub's firewall to port 443"],
] as const;

for (const [error, mending] of FIXES)
  test(`agent.hub-reachable/live: the fix for ${error}`, () => {
    const outcome = evaluate(known({ isOpen: false, error }));
    assert.equal(
      "findings" in outcome && outcome.findings[0].fix,
      `Run: curl -v telnet://hub.example.test:443; then ${mending}`,
    );
  });
