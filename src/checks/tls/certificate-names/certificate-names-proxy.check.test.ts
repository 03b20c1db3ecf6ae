import assert from "node:assert/strict";
import { test } from "node:test";
import { known, type Reading, unknown } from "../../../core/reading.ts";
import type { TlsCertificate } from "../../../core/tls-scan.ts";
import {
  exampleCertificate,
  exampleScan,
  type ScanChange,
} from "../../../core/tls-scan-example.ts";
import type { CertificateFiles } from "../../../facts/certificate-files.fact.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import {
  CERTIFICATE,
  exampleFiles,
  exampleListener,
  exampleTls,
  NO_SCAN,
} from "../../tls-scan/example-configured.ts";
import { examplePlacements, UNPLACED } from "../../tls-scan/example-placing.ts";
import { tlsCertificateNamesProxy } from "./certificate-names-proxy.check.ts";

interface Scene {
  readonly listeners?: readonly TlsListener[];
  readonly certificate?: Partial<TlsCertificate>;
  readonly files?: Reading<CertificateFiles>;
  readonly scan?: ScanChange;
}

const evaluate = ({ listeners = [exampleListener()], certificate = {}, files, scan }: Scene) =>
  tlsCertificateNamesProxy.evaluate(
    { routes: exampleTls(listeners) },
    {
      ...UNPLACED,
      files: files ?? exampleFiles(certificate),
      scans: scan === undefined ? NO_SCAN : known([exampleScan(scan)]),
    },
  );
const named = (...names: readonly string[]): Scene => ({ listeners: [exampleListener({ names })] });

/** A second certificate file of the same listener. */
function two(proxy: TlsListener["proxy"], change: Partial<TlsListener> = {}): Scene {
  const at = { file: "n.conf", line: 1 };
  const both = [CERTIFICATE, "/b.pem"].map((file) => ({ file, at }));
  const files = exampleFiles();
  assert.ok(files.state === "known");
  const other = known(exampleCertificate({ keyType: "RSA", names: ["other.test"] }));
  return {
    listeners: [exampleListener({ proxy, certificates: both, ...change })],
    files: known({
      ...files.value,
      certificates: [
        ...files.value.certificates,
        { source: "/b.pem", path: "/b.pem", chain: other },
      ],
    }),
  };
}

const cases: readonly [name: string, scene: Scene, answer: string][] = [
  ["the server's name", {}, "pass"],
  ["a name more", named("shop.example.test", "www.example.test"), "fail name-uncovered"],
  ["a pattern, a bare word and an address", named("*.x.test", "shop", "~^a", "10.0.0.1"), "pass"],
  [
    "a wildcard covers one label",
    { ...named("a.w.test"), certificate: { names: ["*.w.test"] } },
    "pass",
  ],
  [
    "and not two",
    { ...named("a.b.w.test"), certificate: { names: ["*.w.test"] } },
    "fail name-uncovered",
  ],
  ["the audited host", { ...named(), scan: {} }, "pass"],
  [
    "an audited host that is not covered",
    { ...named(), scan: { host: "x.test" } },
    "fail name-uncovered",
  ],
  ["one of two certificates of nginx", two("nginx"), "fail name-uncovered"],
  ["one of two certificates of HAProxy", two("haproxy"), "pass"],
  ["none of two of HAProxy", two("haproxy", { names: ["x.test"] }), "fail name-uncovered"],
  [
    "none of two of HAProxy, and a list that was not read",
    two("haproxy", { names: ["x.test"], otherCertificates: "a crt-list" }),
    "unknown",
  ],
  ["a broken certificate", { certificate: { serial: "", names: [] } }, "unknown"],
  ["on another machine", { files: exampleFiles(unknown("not-recorded", "x")) }, "skip"],
  ["not readable", { files: exampleFiles(unknown("denied", "x")) }, "unknown"],
  ["no listener", { listeners: [] }, "skip"],
];
for (const [name, scene, answer] of cases) {
  test(`tls.certificate-names/proxy: ${name} is ${answer}`, () => {
    const outcome = evaluate(scene);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

for (const { name, routes, placing, judged } of examplePlacements(
  exampleListener({ names: ["other.test"] }),
)) {
  test(`tls.certificate-names/proxy: ${name}: judged ${judged}`, () => {
    const outcome = tlsCertificateNamesProxy.evaluate(
      { routes },
      { ...placing, files: exampleFiles() },
    );
    const answers = { yes: "fail", no: "skip", unknown: "unknown" } as const;
    assert.equal(outcome.status, answers[judged]);
  });
}

test("tls.certificate-names/proxy: the finding names the file and how to reissue it", () => {
  const outcome = evaluate(named("shop.example.test", "www.example.test"));
  assert.ok(outcome.status === "fail");
  const [{ message, fix, evidence }] = outcome.findings;
  assert.equal(message, "The certificate in /etc/ssl/shop.pem does not cover www.example.test");
  assert.equal(fix, "Run: certbot certonly -d 'shop.example.test' -d 'www.example.test'");
  assert.deepEqual(evidence[0], {
    file: "/etc/ssl/shop.pem",
    excerpt: "EC 256 certificate names: shop.example.test",
  });
});
