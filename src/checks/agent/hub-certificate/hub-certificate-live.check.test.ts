import assert from "node:assert/strict";
import { test } from "node:test";

import { absent, known, type Reading, unknown } from "../../../core/reading.ts";
import type { DeploymentMode } from "../../../facts/deployment-mode.fact.ts";
import type { HubCertificate } from "../../../facts/hub-certificate.fact.ts";
import type { HubUrl } from "../../../facts/hub-url.fact.ts";
import type { WebhookDrivers } from "../../../facts/webhook-drivers.fact.ts";
import { agentHubCertificateLive } from "./hub-certificate-live.check.ts";

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
const good: HubCertificate = { verified: true, names: ["hub.example.test"], daysLeft: 60 };
const noDrivers: WebhookDrivers = {
  drivers: [],
  routes: [],
  pushers: [],
  generation1: [],
  generation2: [],
  isResolvable: true,
  unverifiedCalls: [],
};

function evaluate(
  certificate: Reading<HubCertificate>,
  hub: Reading<HubUrl> = known(url),
  drivers: Reading<WebhookDrivers> = known(noDrivers),
) {
  return agentHubCertificateLive.evaluate({ mode }, { hub, certificate, drivers });
}

const cases: readonly [name: string, certificate: Partial<HubCertificate>, answer: string][] = [
  ["verified, 60 days left", {}, "pass"],
  ["22 days left", { daysLeft: 22 }, "pass"],
  ["21 days left", { daysLeft: 21 }, "expires-soon"],
  ["expires today", { daysLeft: 0 }, "expires-soon"],
  [
    "expired by the verifier",
    { verified: false, error: "CERT_HAS_EXPIRED", daysLeft: -3 },
    "expired",
  ],
  ["expired by the audit's clock", { daysLeft: -1 }, "expired"],
  ["not yet valid", { verified: false, error: "CERT_NOT_YET_VALID" }, "not-yet-valid"],
  [
    "other names",
    { verified: false, error: "ERR_TLS_CERT_ALTNAME_INVALID", names: ["other.test"] },
    "name-mismatch",
  ],
  ["verified, yet other names", { names: ["www.example.test"] }, "name-mismatch"],
  ["a wildcard", { names: ["DNS:*.EXAMPLE.test"] }, "pass"],
  ["a wildcard of two labels", { names: ["*.test"] }, "name-mismatch"],
  ["no names told", { names: [] }, "pass"],
  ["self-signed", { verified: false, error: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "self-signed"],
  [
    "unknown issuer",
    { verified: false, error: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
    "unknown-issuer",
  ],
  ["a code nobody knows", { verified: false, error: "CERT_SIGNATURE_FAILURE" }, "unverified"],
  ["unverified without a code", { verified: false }, "unverified"],
  [
    "expired, dates not told",
    { verified: false, error: "CERT_HAS_EXPIRED", daysLeft: undefined },
    "expired",
  ],
  ["verified, dates not told", { daysLeft: undefined }, "unknown"],
  ["RSA 1024", { keyType: "rsa", keyBits: 1024 }, "weak-key"],
  ["RSA 2048", { keyType: "RSA", keyBits: 2048 }, "pass"],
  ["EC 224", { keyType: "ec", keyBits: 224 }, "weak-key"],
  ["Ed25519", { keyType: "ed25519" }, "pass"],
  ["EC 256", { keyType: "ec", keyBits: 256 }, "pass"],
  ["SHA-1", { signature: "sha1WithRSAEncryption" }, "weak-signature"],
  ["SHA-256", { signature: "sha256WithRSAEncryption" }, "pass"],
  ["a reset during the handshake", { verified: false, error: "ECONNRESET" }, "unknown"],
  ["no common protocol", { verified: false, error: "ERR_SSL_WRONG_VERSION_NUMBER" }, "unknown"],
];

for (const [name, certificate, answer] of cases) {
  test(`agent.hub-certificate/live: ${name} is ${answer}`, () => {
    const outcome = evaluate(known({ ...good, ...certificate }));
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule).join(", ") : "";
    assert.equal(rules || outcome.status, answer);
    if (rules !== "") assert.equal(outcome.status, "warn");
  });
}

test("agent.hub-certificate/live: no handshake is unknown, no https skips", () => {
  assert.equal(evaluate(unknown("unreachable", "ECONNREFUSED")).status, "unknown");
  assert.equal(evaluate(absent("not tried")).status, "unknown");
  assert.equal(evaluate(known(good), known({ ...url, scheme: "http" })).status, "skip");
  assert.equal(evaluate(known(good), absent("HUB_URL is not set")).status, "skip");
});

test("agent.hub-certificate/live: verification turned off warns even without a handshake", () => {
  const unverifiedCalls = [
    { file: "apps/push.py", line: 31, text: "requests.post(url, verify=False)" },
  ];
  const drivers = known({ ...noDrivers, unverifiedCalls });
  for (const certificate of [known(good), unknown("not-granted", "offline")]) {
    const outcome = evaluate(certificate, known(url), drivers);
    assert.deepEqual("findings" in outcome && outcome.findings[0].evidence, [
      { file: "apps/push.py", line: 31, excerpt: "requests.post(url, verify=False)" },
    ]);
  }
});

test("agent.hub-certificate/live: the evidence is what the certificate says", () => {
  const expired = { ...good, verified: false, error: "CERT_HAS_EXPIRED", daysLeft: -3 };
  assert.deepEqual(evaluate(known(expired)), {
    status: "warn",
    summary: "The hub's certificate has expired (CERT_HAS_EXPIRED)",
    findings: [
      {
        rule: "expired",
        status: "warn",
        message: "The hub's certificate has expired (CERT_HAS_EXPIRED)",
        fix: "Run: openssl s_client -connect hub.example.test:443 -servername hub.example.test -verify_return_error </dev/null; then renew the hub's certificate for hub.example.test",
        evidence: [
          {
            excerpt:
              "hub.example.test:443, names hub.example.test, days left -3, error CERT_HAS_EXPIRED",
          },
        ],
      },
    ],
  });
});

test("agent.hub-certificate/live: a certificate for other names is to be issued anew, or the name is another", () => {
  const outcome = evaluate(known({ ...good, names: ["$(reboot)", "other.example.test"] }));
  assert.equal(
    "findings" in outcome && outcome.findings[0].fix,
    "Run: openssl s_client -connect hub.example.test:443 -servername hub.example.test -verify_return_error </dev/null; then issue the hub a certificate that names hub.example.test, or use other.example.test in HUB_URL if that is the hub",
  );
});
