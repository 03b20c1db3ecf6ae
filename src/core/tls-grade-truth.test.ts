import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { gradeTls } from "./tls-grade.ts";
import type { TlsCertificate, TlsProtocol, TlsScan, TlsVulnerability } from "./tls-scan.ts";
import { exampleCertificate, exampleScan } from "./tls-scan-example.ts";

/** A server of chance, and what an independent program of the same guide gives it. */
interface TruthRow {
  /** Names apart by blanks. */
  readonly suites: Readonly<Partial<Record<TlsProtocol, string>>>;
  /** Kinds of certificate apart by commas. */
  readonly cert: string;
  readonly dhBits?: number;
  readonly vuln?: string;
  readonly staple?: TlsScan["staple"];
  readonly hsts?: number;
  /** Grade, score, protocol, key exchange, cipher. */
  readonly answer: readonly [string, number, number, number, number];
}

const rows = JSON.parse(
  readFileSync(`${import.meta.dirname}/fixtures/grade-truth.json`, "utf8"),
) as readonly TruthRow[];

const KEYS: Readonly<Record<string, Partial<TlsCertificate>>> = {
  rsa1024: { keyType: "RSA", keyBits: 1024 },
  rsa4096: { keyType: "RSA", keyBits: 4096 },
  ecdsa: { keyType: "EC", keyBits: 256 },
  ecdsa384: { keyType: "EC", keyBits: 384 },
  ed25519: { keyType: "Ed25519", keyBits: 256 },
};
const PROBLEMS: Readonly<Record<string, string>> = {
  expired: "expired",
  notyet: "not-yet-valid",
  selfsigned: "self-signed",
  sha1: "weak-signature",
  wronghost: "name-mismatch",
  nosan: "no-san",
  incomplete: "incomplete-chain",
  revoked: "revoked",
};

function certificateOf(kind: string): TlsCertificate {
  const problem = PROBLEMS[kind];
  return exampleCertificate({
    ...(KEYS[kind] ?? { keyType: "RSA", keyBits: 2048 }),
    chain: [],
    problems: problem === undefined ? [] : [problem],
    ...(kind === "sha1" && { signature: "sha1WithRSAEncryption" }),
  });
}

function gradeOf({ suites, cert, dhBits, vuln = "", staple = "none", hsts = 0 }: TruthRow) {
  const vulnerable = vuln.split(" ").filter((name) => name !== "") as TlsVulnerability[];
  const offered = Object.entries(suites).map(([protocol, names]) => [protocol, names.split(" ")]);
  const scan = exampleScan({
    protocols: Object.keys(suites) as TlsProtocol[],
    suites: Object.fromEntries(offered),
    certificates: cert.split(",").map(certificateOf),
    vulnerable,
    secureRenegotiation: !vulnerable.includes("no-secure-renegotiation"),
    staple: cert === "revoked" ? "revoked" : staple,
    ...(dhBits !== undefined && { dhBits }),
  });
  return gradeTls(scan, { hsts: hsts === 0 ? null : { maxAgeSeconds: hsts } });
}

test(`gradeTls: the arithmetic of ${rows.length} servers of chance`, () => {
  assert.ok(rows.length >= 200);
  for (const row of rows) {
    const grade = gradeOf(row);
    assert.ok(grade !== undefined);
    const { protocolSupport, keyExchange, cipherStrength } = grade.parts;
    const found = [grade.grade, grade.score, protocolSupport, keyExchange, cipherStrength];
    assert.deepEqual(found, row.answer, JSON.stringify(row));
  }
});
