import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleCertificate, exampleScan, type ScanChange } from "../core/tls-scan-example.ts";
import { CLIENT_PROFILES } from "./client-profiles.ts";
import { simulateClients } from "./client-simulation.ts";

function say(change: ScanChange, client: string): string {
  const outcome = simulateClients(exampleScan(change)).find((one) => one.client === client);
  assert.ok(outcome !== undefined);
  if (outcome.state !== "connects") return `${outcome.state}: ${outcome.because}`;
  const again = outcome.needsRetry === true ? " (asked again)" : "";
  return [outcome.protocol, outcome.suite, `${outcome.group ?? "-"}${again}`].join(" ");
}

const RSA = [
  exampleCertificate({ keyType: "RSA", keyBits: 2048, seenWith: ["RSA", "TLSv1.3 RSA"] }),
];
const SMALL = [exampleCertificate({ keyType: "RSA", keyBits: 1024, seenWith: ["RSA"] })];
const DHE = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256";
const ECDHE_RSA = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
const OLD_ECDHE = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";
const OLD_RSA = "TLS_RSA_WITH_AES_128_CBC_SHA";
const PYTHON = "Python 3.10+ (OpenSSL 3.0)";

/** A server of TLS 1.2 alone. */
function only12(suites: readonly string[], change: ScanChange = {}): ScanChange {
  return { protocols: ["TLSv1.2"], suites: { "TLSv1.2": suites }, ...change };
}

const rows: readonly [name: string, change: ScanChange, client: string, says: string][] = [
  ["hybrid group", {}, "Chrome 156", "TLSv1.3 TLS_AES_128_GCM_SHA256 X25519MLKEM768"],
  [
    "server's order",
    { serverOrder: true },
    "Chrome 156",
    "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519MLKEM768",
  ],
  [
    "nobody knows whose order",
    { serverOrder: null },
    "Chrome 156",
    "unknown: whose order of suites counts got no answer",
  ],
  [
    "one suite, so that no order counts",
    { serverOrder: null, suites: { "TLSv1.3": ["TLS_AES_128_GCM_SHA256"] } },
    "Chrome 156",
    "TLSv1.3 TLS_AES_128_GCM_SHA256 X25519MLKEM768",
  ],
  [
    "the server's order of groups may count",
    { serverOrder: true, groups: ["x25519", "secp256r1"] },
    "wget 1.21 (GnuTLS 3.7)",
    "TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 or secp256r1",
  ],
  [
    "no share fits, asked again",
    { groups: ["secp384r1"] },
    "Chrome 156",
    "TLSv1.3 TLS_AES_128_GCM_SHA256 secp384r1 (asked again)",
  ],
  [
    "no TLS 1.3 in the client",
    {},
    "Android 8 and 9",
    "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 x25519",
  ],
  ["TLS 1.3 alone", { protocols: ["TLSv1.3"] }, "Java 8u161", "fails: no protocol in common"],
  ["post-quantum alone", { groups: ["X25519MLKEM768"] }, "Java 17", "fails: no group in common"],
  ["groups unknown", { groups: null }, "Java 17", "unknown: the server's groups are not known"],
  [
    "no group in common",
    { protocols: ["TLSv1.2"], groups: ["x25519"] },
    "Android 7.0",
    "fails: no group in common",
  ],
  [
    "no suite in common",
    only12(["TLS_RSA_WITH_SEED_CBC_SHA"]),
    "Firefox 153",
    "fails: no TLSv1.2 suite in common",
  ],
  [
    "suites not all known",
    only12([], { suitesIncomplete: { "TLSv1.2": "silence" } }),
    "Firefox 153",
    "unknown: suites of TLSv1.2 are not all known",
  ],
  [
    "a higher version is open",
    { protocols: ["TLSv1.2"], protocolsUnknown: ["TLSv1.3"] },
    "Firefox 153",
    "unknown: TLSv1.3 got no answer",
  ],
  [
    "an open version the client lacks",
    { protocols: ["TLSv1.2"], protocolsUnknown: ["TLSv1"] },
    "Firefox 153",
    "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 x25519",
  ],
  [
    "DH of 2047 bits",
    only12([DHE], { dhBits: 2047, certificates: RSA }),
    PYTHON,
    "fails: refuses DH parameters of 2047 bits",
  ],
  [
    "DH of 2048 bits",
    only12([DHE], { dhBits: 2048, certificates: RSA }),
    PYTHON,
    `TLSv1.2 ${DHE} -`,
  ],
  [
    "DH of 4097 bits",
    only12([DHE], { dhBits: 4097, certificates: RSA }),
    "IE 11 (Windows 10)",
    "fails: refuses DH parameters of 4097 bits",
  ],
  [
    "DH of 4096 bits",
    only12([DHE], { dhBits: 4096, certificates: RSA }),
    "IE 11 (Windows 10)",
    `TLSv1.2 ${DHE} -`,
  ],
  [
    "small RSA key",
    only12([ECDHE_RSA], { certificates: SMALL }),
    PYTHON,
    "fails: refuses an RSA key of 1024 bits",
  ],
  [
    "small RSA key that is accepted",
    only12([ECDHE_RSA], { certificates: SMALL }),
    "OpenSSL 1.0.2",
    `TLSv1.2 ${ECDHE_RSA} secp256r1`,
  ],
  [
    "SHA-1 certificate",
    { certificates: [exampleCertificate({ signature: "ecdsa-with-SHA1" })] },
    "Chrome 156",
    "fails: refuses a certificate signed with SHA-1",
  ],
  [
    "SHA-1 certificate that is accepted",
    { certificates: [exampleCertificate({ signature: "ecdsa-with-SHA1" })] },
    "Java 17",
    "TLSv1.3 TLS_AES_256_GCM_SHA384 x25519",
  ],
  [
    "one of two certificates is refused",
    {
      certificates: [
        exampleCertificate({ seenWith: ["TLSv1.3 ECDSA"] }),
        exampleCertificate({
          keyType: "RSA",
          keyBits: 1024,
          seenWith: ["TLSv1.3 RSA"],
        }),
      ],
    },
    PYTHON,
    "unknown: depends on the certificate it is shown: refuses an RSA key of 1024 bits",
  ],
  [
    "curve of the certificate, TLS 1.3",
    { certificates: [exampleCertificate({ curve: "secp521r1", keyBits: 521 })] },
    "Chrome 156",
    "fails: no certificate whose key it can verify",
  ],
  [
    "curve of the certificate, TLS 1.2",
    {
      protocols: ["TLSv1.2"],
      certificates: [exampleCertificate({ curve: "secp521r1", keyBits: 521 })],
    },
    "Chrome 156",
    "fails: no certificate whose key it can verify for ECDSA",
  ],
  [
    "Ed25519",
    { certificates: [exampleCertificate({ keyType: "Ed25519" })] },
    "Firefox 153",
    "fails: no certificate whose key it can verify",
  ],
  [
    "no certificate was seen",
    { certificates: null },
    "Firefox 153",
    "unknown: no certificate was seen",
  ],
  [
    "a signed key exchange of TLS 1.1 is SHA-1",
    { protocols: ["TLSv1.1"], suites: { "TLSv1.1": [OLD_ECDHE] }, certificates: RSA },
    "curl 7.88 (Debian 12)",
    "fails: refuses the SHA-1 signature of TLSv1.1",
  ],
  [
    "an unsigned one is not",
    { protocols: ["TLSv1.1"], suites: { "TLSv1.1": [OLD_RSA] }, certificates: RSA },
    "curl 7.88 (Debian 12)",
    `TLSv1.1 ${OLD_RSA} -`,
  ],
  [
    "SNI is asked for",
    { sni: { withoutName: "refused", wrongName: "same" } },
    "OpenSSL 1.0.2, no SNI",
    "fails: sends no SNI, which the server asks for",
  ],
  [
    "another server without SNI",
    { sni: { withoutName: "other-certificate", wrongName: "same" } },
    "OpenSSL 1.0.2, no SNI",
    "unknown: sends no SNI and so gets another server, which was not scanned",
  ],
  [
    "the same server without SNI",
    {},
    "OpenSSL 1.0.2, no SNI",
    "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 secp256r1",
  ],
  [
    "no TLS",
    { state: "unknown", protocols: null },
    "Chrome 156",
    "unknown: the server's protocols are not known",
  ],
];
for (const [name, change, client, says] of rows) {
  test(`simulateClients: ${name}, ${client}`, () => assert.equal(say(change, client), says));
}

test("the table: names are unique, each has its source, its lists hold nothing twice", () => {
  const names = CLIENT_PROFILES.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  for (const { name, source, protocols, suites, groups, keyShares } of CLIENT_PROFILES) {
    assert.match(source, /20\d\d-\d\d/, name);
    for (const list of [suites, groups, keyShares]) assert.equal(new Set(list).size, list.length);
    const hasModern = suites.some((suite) => !suite.includes("_WITH_"));
    assert.equal(hasModern, protocols.includes("TLSv1.3"), name);
    assert.equal(keyShares.length > 0, hasModern, name);
    assert.ok(
      keyShares.every((share) => groups.includes(share)),
      name,
    );
  }
});
