import assert from "node:assert/strict";
import { test } from "node:test";

import type { TlsScan } from "../../../core/tls-scan.ts";
import { exampleScan } from "../../../core/tls-scan-example.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import { hubHttpsTerminationLive } from "./https-termination-live.check.ts";

function modeOf(...roles: DeploymentMode["roles"]): DeploymentMode {
  const label = roles.includes("hub") ? "hub" : "standalone";
  return { roles, label, decidedBy: "test", generation1: [], generation2: [], isOpen: false };
}
const scan = (change: Partial<TlsScan>): TlsScan => ({ ...exampleScan(), ...change });

const cases: readonly [
  name: string,
  mode: DeploymentMode,
  scans: readonly TlsScan[],
  status: string,
][] = [
  ["a handshake that succeeds", modeOf("hub"), [scan({ state: "tls" })], "pass"],
  ["plain HTTP on the port", modeOf("hub"), [scan({ state: "not-tls", why: "HTTP" })], "warn"],
  [
    "one of two addresses is plain",
    modeOf("hub"),
    [scan({}), scan({ state: "not-tls", why: "HTTP" })],
    "warn",
  ],
  ["nobody answers", modeOf("hub"), [scan({ state: "unreachable", why: "refused" })], "unknown"],
  ["silence", modeOf("hub"), [scan({ state: "unknown", why: "no answer in time" })], "unknown"],
  ["not a hub", modeOf(), [scan({ state: "tls" })], "skip"],
];
for (const [name, mode, scans, status] of cases) {
  test(`hub.https-termination/live: ${name} is ${status}`, () => {
    assert.equal(hubHttpsTerminationLive.evaluate({ mode, scans }, {}).status, status);
  });
}

test("hub.https-termination/live: a warning names the address", () => {
  const outcome = hubHttpsTerminationLive.evaluate(
    {
      mode: modeOf("hub"),
      scans: [scan({ host: "hub.test", port: 443, state: "not-tls", why: "HTTP" })],
    },
    {},
  );
  assert.equal(
    "findings" in outcome && outcome.findings[0].evidence[0].url,
    "https://hub.test:443/",
  );
});
