import {
  TLS_VULNERABILITIES,
  type TlsCertificate,
  type TlsScan,
  type TlsVerdict,
  type TlsVulnerability,
} from "./tls-scan.ts";

/** A scan as tests change it; weaknesses are named, all others are "not-vulnerable". */
export type ScanChange = Partial<Omit<TlsScan, "vulnerabilities">> & {
  readonly vulnerable?: readonly TlsVulnerability[];
};

/** A server with nothing to say against it, for tests: TLS 1.2 and 1.3, ECDSA P-256, 90 days. */
export function exampleScan({ vulnerable = [], ...change }: ScanChange = {}): TlsScan {
  const verdict = (name: TlsVulnerability): TlsVerdict =>
    vulnerable.includes(name) ? "vulnerable" : "not-vulnerable";
  const entries = TLS_VULNERABILITIES.map((name) => [name, verdict(name)]);
  return {
    host: "shop.example.test",
    port: 443,
    address: "192.0.2.1",
    state: "tls",
    protocols: ["TLSv1.2", "TLSv1.3"],
    protocolsUnknown: [],
    suites: {
      "TLSv1.2": [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      ],
      "TLSv1.3": [
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_128_GCM_SHA256",
      ],
    },
    suitesIncomplete: {},
    serverOrder: false,
    groups: ["X25519MLKEM768", "x25519", "secp256r1", "secp384r1"],
    certificates: [exampleCertificate()],
    staple: "none",
    alpn: ["h2", "http/1.1"],
    sni: { withoutName: "same", wrongName: "same" },
    clientCertificate: "none",
    secureRenegotiation: true,
    clientRenegotiation: "refused",
    fallbackScsv: "not-applicable",
    tickets: { isOffered: false },
    earlyData: 0,
    vulnerabilities: Object.fromEntries(entries),
    notes: [],
    connections: 50,
    durationMs: 400,
    ...change,
  };
}

/** A good certificate, for tests. */
export function exampleCertificate(change: Partial<TlsCertificate> = {}): TlsCertificate {
  return {
    keyType: "EC",
    keyBits: 256,
    curve: "secp256r1",
    signature: "ecdsa-with-SHA256",
    subject: "CN=shop.example.test",
    issuer: "O=Test Org, CN=Inter",
    serial: "01",
    fingerprint256: "00",
    names: ["shop.example.test"],
    notBefore: "2026-11-01T00:00:00Z",
    notAfter: "2027-01-30T00:00:00Z",
    trusted: "yes",
    mustStaple: false,
    scts: 2,
    problems: [],
    chain: [
      {
        subject: "CN=shop.example.test",
        issuer: "O=Test Org, CN=Inter",
        notAfter: "2027-01-30T00:00:00Z",
        keyType: "EC",
        keyBits: 256,
        signature: "ecdsa-with-SHA256",
      },
      {
        subject: "O=Test Org, CN=Inter",
        issuer: "O=Test Org, CN=Root",
        notAfter: "2030-01-01T00:00:00Z",
        keyType: "EC",
        keyBits: 384,
        signature: "ecdsa-with-SHA384",
      },
    ],
    seenWith: ["ECDSA"],
    ...change,
  };
}
