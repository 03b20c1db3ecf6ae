import assert from "node:assert/strict";
import { test } from "node:test";
import { absent, known, unknown } from "../../../core/reading.ts";
import { exampleScan, type ScanChange } from "../../../core/tls-scan-example.ts";
import type { CertificateFiles } from "../../../facts/certificate-files.fact.ts";
import { setTo, type TlsListener, untold } from "../../../facts/proxy-tls.ts";
import {
  exampleCiphers,
  exampleListener,
  exampleProtocols,
  exampleTls,
  exampleVersions,
  NO_SCAN,
  NO_VERSION,
} from "../../tls-scan/example-configured.ts";
import { examplePlacements, UNPLACED } from "../../tls-scan/example-placing.ts";
import { tlsCiphersProxy } from "./ciphers-proxy.check.ts";

interface Scene {
  readonly listeners?: readonly TlsListener[];
  readonly scan?: ScanChange;
  readonly openssl?: string;
  readonly dhBits?: CertificateFiles["dhParameters"][number]["bits"];
}

const DH = "/etc/ssl/dh.pem";

function evaluate({ listeners = [exampleListener()], scan, openssl, dhBits }: Scene) {
  const dhParameters = dhBits === undefined ? [] : [{ path: DH, bits: dhBits }];
  return tlsCiphersProxy.evaluate(
    { routes: exampleTls(listeners) },
    {
      ...UNPLACED,
      scans: scan === undefined ? NO_SCAN : known([exampleScan(scan)]),
      versions: openssl === undefined ? NO_VERSION : exampleVersions("1.22.1", openssl),
      files: known({ certificates: [], keys: [], dhParameters, isTruncated: false }),
    },
  );
}

const list = (text: string, change: Partial<TlsListener> = {}): Scene => ({
  listeners: [exampleListener({ ciphers: exampleCiphers(text), ...change })],
});
const iana = (...names: readonly string[]) =>
  list(names.join(" "), { proxy: "caddy", notation: "iana" });
const unset = (proxy: TlsListener["proxy"]): Scene => {
  const notation = proxy === "caddy" || proxy === "traefik" ? "iana" : "openssl";
  return { listeners: [exampleListener({ proxy, notation, ciphers: { state: "unset" } })] };
};
const withDh = (bits: Scene["dhBits"], text = "DHE-RSA-AES128-GCM-SHA256"): Scene => {
  const place = { file: "n.conf", line: 7 };
  const dhParameters = setTo(DH, `ssl_dhparam ${DH};`, place);
  return { ...list(text, { dhParameters }), ...(bits !== undefined && { dhBits: bits }) };
};
const ON = setTo(true, "ssl_prefer_server_ciphers on;", { file: "n.conf", line: 8 });

const INTERMEDIATE =
  "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256";

const cases: readonly [name: string, scene: Scene, answer: string][] = [
  ["Mozilla's intermediate list", list(INTERMEDIATE), "pass"],
  ["HIGH:!aNULL:!MD5", list("HIGH:!aNULL:!MD5"), "warn no-forward-secrecy cbc client-order"],
  [
    "HIGH:!aNULL:!MD5 in the server's order",
    list("HIGH:!aNULL:!MD5", { preferServer: ON }),
    "warn no-forward-secrecy cbc",
  ],
  ["CBC alone", list("ECDHE-RSA-AES128-SHA"), "warn cbc"],
  ["RSA key exchange", list("AES128-GCM-SHA256"), "warn no-forward-secrecy"],
  [
    "suites with a pre-shared key or DSS, which no server here has",
    list("PSK:DHE-DSS-AES128-SHA"),
    "pass",
  ],
  ["DHE without parameters of nginx", list("DHE-RSA-AES128-SHA"), "pass"],
  ["DHE of HAProxy", list("DHE-RSA-AES128-SHA", { proxy: "haproxy" }), "warn cbc"],
  ["NULL", list("ECDHE-RSA-NULL-SHA"), "fail null"],
  ["anonymous", list("AECDH-AES128-SHA"), "fail anonymous"],
  ["3DES", list("DES-CBC3-SHA"), "fail small-block"],
  ["RC4", list("RC4-SHA"), "fail rc4"],
  ["export", list("EXP-RC4-MD5"), "fail export"],
  ["MEDIUM brings 3DES and RC4", list("MEDIUM:!aNULL:!DHE:!kRSA"), "fail rc4 small-block"],
  ["ALL brings anonymous suites", list("ALL:!kRSA:!ECDHE:!DHE"), "fail anonymous"],
  [
    "3DES, which OpenSSL 3 does not have",
    { ...list("DES-CBC3-SHA"), openssl: "3.0.19" },
    "warn small-block",
  ],
  [
    "3DES, which OpenSSL 1.0.2 has",
    { ...list("DES-CBC3-SHA"), openssl: "1.0.2" },
    "fail small-block",
  ],
  ["anonymous at level 1", { ...list("AECDH-AES128-SHA"), openssl: "3.0.19" }, "warn anonymous"],
  [
    "anonymous at level 0",
    { ...list("AECDH-AES128-SHA:@SECLEVEL=0"), openssl: "3.0.19" },
    "fail anonymous",
  ],
  ["TLS 1.3 alone", list("RC4-SHA", { protocols: exampleProtocols("TLSv1.3") }), "skip"],
  ["names of Caddy", iana("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), "pass"],
  ["CBC of Caddy", iana("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"), "warn cbc"],
  ["RC4 of Traefik", iana("TLS_RSA_WITH_RC4_128_SHA"), "fail rc4"],
  ["nginx's default", unset("nginx"), "warn no-forward-secrecy cbc client-order"],
  ["nginx's default, seen from outside", { ...unset("nginx"), scan: {} }, "pass"],
  ["Caddy's default", unset("caddy"), "pass"],
  ["Traefik's default", unset("traefik"), "warn cbc"],
  ["HAProxy's default", unset("haproxy"), "warn no-forward-secrecy cbc"],
  ["a default that is not known", unset("envoy"), "unknown"],
  ["not to be told", { listeners: [exampleListener({ ciphers: untold("x") })] }, "unknown"],
  ["DH of 2048 bits", withDh(known(2048)), "pass"],
  ["DH of 2047 bits", withDh(known(2047)), "fail small-dh"],
  [
    "DH of 1024 bits that no suite uses",
    withDh(known(1024), INTERMEDIATE.replace(/:DHE.*/, "")),
    "pass",
  ],
  ["DH that may not be read", withDh(unknown("denied", "EACCES")), "unknown"],
  ["DH that is not there", withDh(absent("ENOENT")), "unknown"],
  [
    "DH that may not be read, seen from outside",
    { ...withDh(unknown("denied", "")), scan: {} },
    "pass",
  ],
  ["no listener", { listeners: [] }, "skip"],
];
for (const [name, scene, answer] of cases) {
  test(`tls.ciphers/proxy: ${name} is ${answer}`, () => {
    const outcome = evaluate(scene);
    const rules = "findings" in outcome ? outcome.findings.map(({ rule }) => rule) : [];
    assert.equal([outcome.status, ...rules].join(" "), answer);
  });
}

for (const { name, routes, placing, judged } of examplePlacements(
  exampleListener({ ciphers: exampleCiphers("DES-CBC3-SHA") }),
)) {
  test(`tls.ciphers/proxy: ${name}: judged ${judged}`, () => {
    const files = absent("no certificate file is configured");
    const outcome = tlsCiphersProxy.evaluate(
      { routes },
      { ...placing, versions: NO_VERSION, files },
    );
    const answers = { yes: "fail", no: "skip", unknown: "unknown" } as const;
    assert.equal(outcome.status, answers[judged]);
  });
}

test("tls.ciphers/proxy: the finding names list, suites and line", () => {
  const outcome = evaluate(list("ECDHE-RSA-AES128-SHA:DES-CBC3-SHA"));
  assert.ok(outcome.status === "fail");
  const [{ message, evidence, fix }] = outcome.findings;
  assert.equal(
    message,
    "nginx allows DES, 3DES or another 64-bit block (TLS_RSA_WITH_3DES_EDE_CBC_SHA) for shop.example.test",
  );
  assert.deepEqual(evidence[0], {
    file: "/etc/nginx/nginx.conf",
    line: 32,
    excerpt: "ssl_ciphers ECDHE-RSA-AES128-SHA:DES-CBC3-SHA;",
  });
  assert.match(fix, /^In \/etc\/nginx\/nginx\.conf line 32 write: ssl_ciphers ECDHE-ECDSA-/);
});
