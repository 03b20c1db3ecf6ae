import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, unknown } from "../../../core/reading.ts";
import type { TlsCertificate } from "../../../core/tls-scan.ts";
import type { CertificateFiles, KeyFile } from "../../../facts/certificate-files.fact.ts";
import type { TlsListener } from "../../../facts/proxy-tls.ts";
import {
  exampleAccess,
  exampleFiles,
  exampleListener,
  exampleTls,
} from "../../tls-scan/example-configured.ts";
import { examplePlacements, UNPLACED } from "../../tls-scan/example-placing.ts";
import { tlsCertificateTrustedProxy } from "./certificate-trusted-proxy.check.ts";

type Chain = CertificateFiles["certificates"][number]["chain"];

interface Scene {
  readonly listeners?: readonly TlsListener[];
  readonly certificate?: Partial<TlsCertificate> | Chain;
  readonly key?: Partial<KeyFile>;
}

const evaluate = ({ listeners = [exampleListener()], certificate = {}, key }: Scene) =>
  tlsCertificateTrustedProxy.evaluate(
    { routes: exampleTls(listeners) },
    { files: exampleFiles(certificate, key), ...UNPLACED },
  );
const problems = (...list: readonly string[]): Scene => ({ certificate: { problems: list } });
const mode = (bits: number, directory?: number): Scene => ({
  key: { access: exampleAccess(bits, directory) },
});
const CATCH_ALL = [
  exampleListener({ names: [] }),
  exampleListener({ names: ["b.test"], isDefaultServer: false, certificates: [] }),
];
const NO_MODES: KeyFile["access"] = (() => {
  const access = exampleAccess(0o777);
  return access.state === "known" ? known({ ...access.value, hasNoModes: true }) : access;
})();

const cases: readonly [name: string, scene: Scene, answer: string][] = [
  ["a good chain and a closed key", {}, "pass"],
  ["cert.pem instead of fullchain.pem", problems("incomplete-chain"), "warn incomplete-chain"],
  ["self-signed", problems("self-signed"), "fail self-signed"],
  ["weak key", problems("weak-key"), "fail weak-key"],
  ["wrong purpose", problems("wrong-eku"), "fail wrong-eku"],
  ["expired alone is another control's", problems("expired"), "pass"],
  ["your CA", { certificate: { trusted: "by-your-ca" } }, "warn private-ca"],
  ["RSA 8192", { certificate: { keyType: "RSA", keyBits: 8192 } }, "warn oversized-key"],
  ["no store", { certificate: { trusted: "unknown" } }, "unknown"],
  [
    "no store, weak key",
    { certificate: { trusted: "unknown", problems: ["weak-key"] } },
    "fail weak-key",
  ],
  ["key 0640", mode(0o640), "pass"],
  ["key 0644", mode(0o644), "fail key-world-readable"],
  ["key 0602", mode(0o602), "fail key-world-readable"],
  ["key 0601", mode(0o601), "pass"],
  ["key 0644 in a directory nobody else may enter", mode(0o644, 0o700), "pass"],
  [
    "key 0644 in a directory others may enter and not list",
    mode(0o644, 0o711),
    "fail key-world-readable",
  ],
  ["key on a file system without modes", { key: { access: NO_MODES } }, "unknown"],
  ["key that may not be looked at", { key: { access: unknown("denied", "EACCES") } }, "unknown"],
  ["key on another machine", { key: { access: unknown("not-recorded", "x") } }, "pass"],
  ["key of another certificate", { key: { isMatch: false } }, "warn key-mismatch"],
  ["certificate that may not be read", { certificate: unknown("denied", "EACCES") }, "unknown"],
  ["certificate on another machine", { certificate: unknown("not-recorded", "x") }, "skip"],
  [
    "certificate on another machine, open key",
    { certificate: unknown("not-recorded", "x"), ...mode(0o644) },
    "fail key-world-readable",
  ],
  ["certificate that is not there", { certificate: absent("ENOENT") }, "warn certificate-missing"],
  ["a catch-all's own certificate", { ...problems("self-signed"), listeners: CATCH_ALL }, "skip"],
  ["a catch-all's key", { ...mode(0o644), listeners: CATCH_ALL }, "fail key-world-readable"],
  [
    "a server without names that is alone",
    { ...problems("self-signed"), listeners: [exampleListener({ names: [] })] },
    "fail self-signed",
  ],
];
for (const [name, scene, answer] of cases) {
  test(`tls.certificate-trusted/proxy: ${name} is ${answer}`, () => {
    const outcome = evaluate(scene);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

for (const { name, routes, placing, judged } of examplePlacements(exampleListener())) {
  test(`tls.certificate-trusted/proxy: ${name}: judged ${judged}`, () => {
    const files = exampleFiles({}, { access: exampleAccess(0o644) });
    const outcome = tlsCertificateTrustedProxy.evaluate({ routes }, { ...placing, files });
    const answers = { yes: "fail", no: "skip", unknown: "unknown" } as const;
    assert.equal(outcome.status, answers[judged]);
  });
}

test("tls.certificate-trusted/proxy: without listener or file it does not apply, and says why", () => {
  const summary = (listeners: readonly TlsListener[]) => {
    const files = absent("no certificate file is configured");
    const outcome = tlsCertificateTrustedProxy.evaluate(
      { routes: exampleTls(listeners) },
      { files, ...UNPLACED },
    );
    return outcome.status === "skip" ? outcome.summary : outcome.status;
  };
  assert.equal(summary([]), "No TLS listener is configured in a proxy");
  const managed = { certificates: [], otherCertificates: "certificates Caddy gets by itself" };
  assert.equal(
    summary([exampleListener(managed)]),
    "No certificate file is configured: certificates Caddy gets by itself",
  );
});

test("tls.certificate-trusted/proxy: files that could not be gathered are unknown", () => {
  const outcome = tlsCertificateTrustedProxy.evaluate(
    { routes: exampleTls([exampleListener()]) },
    { files: unknown("timed-out", "15 s"), ...UNPLACED },
  );
  assert.equal(outcome.status, "unknown");
});

test("tls.certificate-trusted/proxy: the findings name file, mode and line", () => {
  const open = evaluate({ ...problems("incomplete-chain"), ...mode(0o644) });
  assert.ok(open.status === "fail");
  const [key, chain] = open.findings;
  assert.equal(
    key.message,
    "The private key /etc/ssl/shop.key has mode 0644: every account can read it",
  );
  assert.match(key.fix, /^Run: chmod o-rwx \/etc\/ssl\/shop\.key;/);
  assert.equal(key.evidence[0].excerpt, "mode 0644, root:root");
  assert.equal(
    chain?.message,
    "The certificate in /etc/ssl/shop.pem comes without its intermediate",
  );
  assert.deepEqual(chain?.evidence[1], {
    file: "/etc/nginx/nginx.conf",
    line: 33,
    excerpt: "certificate /etc/ssl/shop.pem",
  });
});
