import assert from "node:assert/strict";
import { test } from "node:test";
import { known, unknown } from "../../../core/reading.ts";
import type { TlsCertificate } from "../../../core/tls-scan.ts";
import {
  exampleCertificate,
  exampleScan,
  type ScanChange,
} from "../../../core/tls-scan-example.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import {
  exampleFiles,
  exampleListener,
  exampleTls,
  NO_SCAN,
} from "../../tls-scan/example-configured.ts";
import { examplePlacements, UNPLACED } from "../../tls-scan/example-placing.ts";
import { tlsCertificateExpiryProxy } from "./certificate-expiry-proxy.check.ts";

interface Scene {
  readonly now?: string;
  readonly certificate?: Parameters<typeof exampleFiles>[0];
  readonly served?: Partial<TlsCertificate>;
  readonly scan?: ScanChange;
  readonly listeners?: readonly TlsListener[];
}

/** The example's certificate is of 2026-11-01 to 2027-01-30. */
function factsOf({ now = "2026-11-20", certificate = {}, served, scan, listeners }: Scene) {
  const certificates = [exampleCertificate(served)];
  const isScanned = served !== undefined || scan !== undefined;
  return [
    {
      routes: exampleTls(listeners ?? [exampleListener()]),
      clock: { nowMs: Date.parse(`${now}T00:00:00Z`) },
    },
    {
      ...UNPLACED,
      files: exampleFiles(certificate),
      scans: isScanned ? known([exampleScan({ certificates, ...scan })]) : NO_SCAN,
    },
  ] as const;
}

const OLD = {
  serial: "02",
  fingerprint256: "02",
  notBefore: "2026-09-01T00:00:00Z",
  notAfter: "2026-11-30T00:00:00Z",
};
const NEW = { serial: "03", fingerprint256: "03", notBefore: "2026-11-10T00:00:00Z" };

const cases: readonly [name: string, scene: Scene, answer: string][] = [
  ["22 days left", { now: "2027-01-08" }, "pass"],
  ["21 days left", { now: "2027-01-09" }, "warn expires-soon"],
  ["a day over", { now: "2027-01-31" }, "fail expired"],
  ["a day early", { now: "2026-10-31" }, "fail not-yet-valid"],
  ["an expired issuer", { certificate: { problems: ["expired"] } }, "fail chain-expired"],
  ["the one that is served", { served: {} }, "pass"],
  ["newer than the one that is served", { served: OLD }, "warn reload-forgotten"],
  ["older than the one that is served", { served: NEW }, "pass"],
  ["another of the same day", { served: { serial: "04", fingerprint256: "04" } }, "pass"],
  ["newer than one with another kind of key", { served: { ...OLD, keyType: "RSA" } }, "pass"],
  ["newer than a broken one", { served: { ...OLD, serial: "" } }, "pass"],
  [
    "newer than what another server shows",
    { served: OLD, scan: { host: "x.test", port: 8443 } },
    "pass",
  ],
  ["broken", { certificate: { serial: "", notAfter: "" } }, "unknown"],
  ["not readable", { certificate: unknown("denied", "EACCES") }, "unknown"],
  ["on another machine", { certificate: unknown("not-recorded", "x") }, "skip"],
  ["no listener", { listeners: [] }, "skip"],
];
for (const [name, scene, answer] of cases) {
  test(`tls.certificate-expiry/proxy: ${name} is ${answer}`, () => {
    const outcome = tlsCertificateExpiryProxy.evaluate(...factsOf(scene));
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

const AFTER = { nowMs: Date.parse("2027-01-31T00:00:00Z") };
for (const { name, routes, placing, judged } of examplePlacements(exampleListener())) {
  test(`tls.certificate-expiry/proxy: ${name}: judged ${judged}`, () => {
    const outcome = tlsCertificateExpiryProxy.evaluate(
      { routes, clock: AFTER },
      { ...placing, files: exampleFiles() },
    );
    const answers = { yes: "fail", no: "skip", unknown: "unknown" } as const;
    assert.equal(outcome.status, answers[judged]);
  });
}

test("tls.certificate-expiry/proxy: both serial numbers are told, in the finding and in the trace", () => {
  const facts = factsOf({ served: OLD });
  const outcome = tlsCertificateExpiryProxy.evaluate(...facts);
  assert.ok(outcome.status === "warn");
  const [{ message, fix }] = outcome.findings;
  assert.equal(
    message,
    "The certificate in /etc/ssl/shop.pem (serial 01, from 2026-11-01T00:00:00Z) is newer than the one shop.example.test:443 (192.0.2.1) shows (serial 02, from 2026-09-01T00:00:00Z)",
  );
  assert.match(fix, /^Run: nginx -t && systemctl reload nginx;/);
  assert.deepEqual(
    tlsCertificateExpiryProxy.states?.(...facts).map(({ layer, value }) => [layer, value]),
    [
      ["proxy", "serial 01"],
      ["live", "serial 02"],
    ],
  );
  assert.deepEqual(tlsCertificateExpiryProxy.states?.(...factsOf({})), [
    { layer: "proxy", says: "sets", value: "serial 01", where: "/etc/ssl/shop.pem" },
  ]);
});
