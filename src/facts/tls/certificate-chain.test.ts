import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { parsePemBundle } from "../../wire/x509/pem.ts";
import { CHAIN_MAX, type ChainOptions, readChain } from "./certificate-chain.ts";

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "plimsoll-x509-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) =>
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
const der = (name: string) => parsePemBundle(readFileSync(join(folder, `${name}.crt`), "utf8"));

/** A certificate `name`; signed by itself where `issuer` is `name`. */
function issue(
  name: string,
  issuer: string,
  extensions: readonly string[],
  {
    days = 90,
    subject = `/CN=${name}`,
    key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    md = "sha256",
  }: { days?: number; subject?: string; key?: readonly string[]; md?: string } = {},
): void {
  run("genpkey", ...key, "-out", `${name}.key`);
  run("req", "-new", "-key", `${name}.key`, "-subj", subject, "-out", `${name}.csr`);
  writeFileSync(join(folder, `${name}.ext`), `${extensions.join("\n")}\n`);
  const by =
    name === issuer
      ? ["-signkey", `${name}.key`]
      : ["-CA", `${issuer}.crt`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
  run(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    ...by,
    `-${md}`,
    "-days",
    String(days),
    "-extfile",
    `${name}.ext`,
    "-out",
    `${name}.crt`,
  );
}

const CA = [
  "basicConstraints=critical,CA:TRUE",
  "keyUsage=critical,keyCertSign",
  "subjectKeyIdentifier=hash",
];
const SAN = "subjectAltName=DNS:Shop.example.test,DNS:*.wild.example.test,IP:127.0.0.1,IP:::1";
const LEAF = ["basicConstraints=CA:FALSE", "extendedKeyUsage=serverAuth", SAN];

issue("root", "root", CA, { days: 3650, subject: "/O=Test Org/CN=Root" });
issue("inter", "root", CA, { days: 1800, subject: "/O=Test Org/CN=Inter" });
issue("leaf", "inter", LEAF);
issue("other", "inter", LEAF);
issue("long", "inter", LEAF, { days: 825 });
issue("nosan", "inter", ["extendedKeyUsage=serverAuth"], { subject: "/CN=shop.example.test" });
issue("client", "inter", ["extendedKeyUsage=clientAuth", SAN]);
issue("staple", "inter", [...LEAF, "tlsfeature=status_request"]);
issue("sha1", "inter", LEAF, { md: "sha1" });
issue("small", "inter", LEAF, { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] });
issue("alone", "alone", LEAF);
issue("lonely-ca", "lonely-ca", CA, { subject: "/O=Elsewhere/CN=Lonely" });
issue("stray", "lonely-ca", LEAF);
// Not a CA, yet it signs: whoever believes it believes everybody with a certificate.
issue("forged", "other", LEAF);

const pem = (name: string) => readFileSync(join(folder, `${name}.crt`), "utf8");
const options: ChainOptions = {
  hostNames: ["shop.example.test"],
  nowMs: Date.now() + 60_000,
  systemRootsPem: pem("root"),
  caPem: undefined,
  staple: "none",
};
const garbage = Uint8Array.of(0x30, 0x82, 0xff, 0xff, 1, 2, 3);
const withLeaf = (...rest: readonly string[]) => ["leaf", ...rest];
const later = (days: number) => ({ nowMs: Date.now() + days * DAY_MS });

const cases: readonly [
  name: string,
  sent: readonly string[],
  change: Partial<ChainOptions>,
  trusted: string,
  problems: string,
][] = [
  ["leaf and intermediate", withLeaf("inter"), {}, "yes", ""],
  [
    "by the operator's CA alone",
    withLeaf("inter"),
    { systemRootsPem: pem("alone"), caPem: pem("root") },
    "by-your-ca",
    "",
  ],
  ["in both stores", withLeaf("inter"), { caPem: pem("root") }, "yes", ""],
  ["no store at all", withLeaf("inter"), { systemRootsPem: undefined }, "unknown", ""],
  ["the intermediate itself is an anchor", ["leaf"], { caPem: pem("inter") }, "by-your-ca", ""],
  ["the leaf itself is an anchor", ["alone"], { caPem: pem("alone") }, "by-your-ca", ""],
  ["root sent", withLeaf("inter", "root"), {}, "yes", "root-sent"],
  ["misordered", withLeaf("root", "inter"), {}, "yes", "wrong-order root-sent"],
  ["a stranger in the list", withLeaf("inter", "other"), {}, "yes", "extra-certificate"],
  ["the leaf twice", withLeaf("leaf", "inter"), {}, "yes", "extra-certificate"],
  ["intermediate missing, organization known", ["leaf"], {}, "no", "incomplete-chain"],
  [
    "alone, its issuer of an unknown organization",
    ["stray"],
    {},
    "no",
    "untrusted incomplete-chain",
  ],
  [
    "alone, and the operator named a CA",
    ["stray"],
    { caPem: pem("root") },
    "no",
    "incomplete-chain",
  ],
  ["up to an unknown root", ["stray", "lonely-ca"], {}, "no", "untrusted root-sent"],
  ["self-signed", ["alone"], {}, "no", "self-signed"],
  ["issued by what is no CA", ["forged", "other", "inter"], {}, "no", "invalid-issuer"],
  ["expired", withLeaf("inter"), later(91), "no", "expired"],
  ["expired intermediate", withLeaf("inter"), later(1801), "no", "expired"],
  [
    "expired CA of the operator",
    withLeaf("inter"),
    { ...later(3651), systemRootsPem: pem("alone"), caPem: pem("root") },
    "no",
    "expired",
  ],
  ["not yet valid", withLeaf("inter"), later(-2), "no", "not-yet-valid"],
  ["29 days left", withLeaf("inter"), later(61), "yes", "expires-soon"],
  ["31 days left", withLeaf("inter"), later(58.9), "yes", ""],
  ["too long", ["long", "inter"], {}, "yes", "too-long"],
  ["another name", withLeaf("inter"), { hostNames: ["www.example.test"] }, "yes", "name-mismatch"],
  [
    "one of two names",
    withLeaf("inter"),
    { hostNames: ["shop.example.test", "x.test"] },
    "yes",
    "name-mismatch",
  ],
  ["an address", withLeaf("inter"), { hostNames: ["[0:0::1]"] }, "yes", ""],
  ["no names asked", withLeaf("inter"), { hostNames: [] }, "yes", ""],
  ["the common name does not count", ["nosan", "inter"], {}, "yes", "name-mismatch no-san"],
  ["for clients", ["client", "inter"], {}, "no", "wrong-eku"],
  ["staple demanded", ["staple", "inter"], {}, "yes", "must-staple-missing"],
  ["staple demanded, not asked for", ["staple", "inter"], { staple: "unknown" }, "yes", ""],
  ["SHA-1", ["sha1", "inter"], {}, "no", "weak-signature"],
  ["RSA 1024", ["small", "inter"], {}, "yes", "weak-key"],
];

for (const [name, sent, change, trusted, problems] of cases) {
  test(`readChain: ${name}`, () => {
    const { certificate } = readChain(sent.flatMap(der), { ...options, ...change });
    assert.equal(certificate.problems.join(" "), problems);
    assert.equal(certificate.trusted, trusted);
  });
}

test("readChain: what the certificate says", () => {
  const { certificate } = readChain([...der("leaf"), ...der("inter")], options);
  assert.equal(certificate.subject, "CN=leaf");
  assert.equal(certificate.issuer, "O=Test Org, CN=Inter");
  assert.deepEqual(
    [certificate.keyType, certificate.keyBits, certificate.curve],
    ["EC", 256, "secp256r1"],
  );
  assert.deepEqual(certificate.names, [
    "shop.example.test",
    "*.wild.example.test",
    "127.0.0.1",
    "::1",
  ]);
  assert.equal(certificate.signature, "ecdsa-with-SHA256");
  assert.deepEqual(
    certificate.chain.map(({ subject }) => subject),
    ["CN=leaf", "O=Test Org, CN=Inter"],
  );
  assert.match(certificate.notAfter, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("readChain: broken DER is a certificate with a problem, wherever it stands", () => {
  for (const chain of [[], [garbage], [garbage, ...der("inter")]]) {
    const { certificate } = readChain(chain, options);
    assert.deepEqual([certificate.trusted, certificate.problems], ["no", ["broken-der"]]);
  }
  const behind = readChain([...der("leaf"), garbage, ...der("inter")], options).certificate;
  assert.deepEqual([behind.trusted, behind.problems], ["yes", ["broken-der"]]);
  assert.equal(behind.chain[1]?.subject, "broken DER (outer sequence)");
});

test("readChain: a changed signature is no path", () => {
  const [leaf = garbage] = der("leaf");
  const changed = Uint8Array.from(leaf);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const { certificate } = readChain([changed, ...der("inter")], options);
  assert.equal(certificate.trusted, "no");
});

test(`readChain: ${CHAIN_MAX} certificates are looked at, one more is extra, both are quick`, () => {
  const [leaf = garbage] = der("leaf");
  const [inter = garbage] = der("inter");
  const startedMs = performance.now();
  const many = Array.from({ length: 400 }, () => inter);
  const { certificate } = readChain([leaf, ...many], options);
  assert.equal(certificate.chain.length, CHAIN_MAX);
  assert.deepEqual(certificate.problems, ["extra-certificate"]);
  assert.ok(performance.now() - startedMs < 2_000);
});

function ocsp(name: string, status: string, ...extra: readonly string[]): Uint8Array {
  const serial = run("x509", "-in", `${name}.crt`, "-noout", "-serial")
    .toString()
    .trim()
    .slice("serial=".length);
  const row =
    status === "R"
      ? `R\t331231235959Z\t250101000000Z\t${serial}\tunknown\t/CN=${name}\n`
      : `V\t331231235959Z\t\t${serial}\tunknown\t/CN=${name}\n`;
  writeFileSync(join(folder, "index.txt"), row);
  run("ocsp", "-issuer", "inter.crt", "-cert", `${name}.crt`, "-reqout", "req.der");
  run(
    "ocsp",
    "-index",
    "index.txt",
    "-CA",
    "inter.crt",
    "-rsigner",
    "inter.crt",
    "-rkey",
    "inter.key",
    "-reqin",
    "req.der",
    "-respout",
    "resp.der",
    ...extra,
  );
  return readFileSync(join(folder, "resp.der"));
}

test("the staple: good, revoked, stale, forged, about another certificate, garbage", () => {
  const good = ocsp("leaf", "V", "-ndays", "5");
  const revoked = ocsp("leaf", "R", "-ndays", "5");
  const forged = Uint8Array.from(good);
  // The last digit of producedAt, the first GeneralizedTime: still DER, no longer what was signed.
  const time = forged.findIndex((octet, at) => octet === 0x18 && forged[at + 1] === 0x0f);
  forged[time + 15] = (forged[time + 15] ?? 0) ^ 1;
  const state = (staple: Uint8Array, change: Partial<ChainOptions> = {}, leaf = "leaf") =>
    readChain([...der(leaf), ...der("inter")], { ...options, staple, ...change }).staple;
  assert.equal(state(good), "good");
  assert.equal(state(forged), "unknown");
  assert.equal(state(revoked), "revoked");
  assert.equal(state(good, later(6)), "stale");
  assert.equal(state(good, later(-1)), "unknown");
  assert.equal(state(good, {}, "other"), "unknown");
  assert.equal(state(garbage), "unknown");
  for (let at = 0; at < good.length; at += 7) {
    assert.doesNotThrow(() => state(good.subarray(0, at)));
  }
});
