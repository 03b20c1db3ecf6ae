import assert from "node:assert/strict";
import { test } from "node:test";

import { ca, crossSigned, HOST, leaf } from "../../wire/x509/cast-example.ts";
import { pemOf } from "../../wire/x509/certificate-example.ts";
import { readChain } from "./certificate-chain.ts";

/** Ten CAs of one name that all certify each other: 90 certificates, and 90 candidates above each. */
const cas = Array.from({ length: 10 }, () => ca("Mesh"));
const mesh = cas.flatMap((one) =>
  cas.filter((other) => other !== one).map((other) => crossSigned(one, other)),
);
const [first] = cas;
assert.ok(first !== undefined);
const end = leaf(first);
const sent = [end, ...mesh].map(({ der }) => der);
const options = {
  hostNames: [HOST],
  nowMs: Date.now(),
  caPem: undefined,
  staple: "none" as const,
};

test("readChain: CAs that all certify each other are not gone through to the end, and that is said", () => {
  const startedMs = performance.now();
  const { certificate } = readChain(sent, { ...options, systemRootsPem: pemOf(ca("Root").der) });
  // More signatures than are verified: that none of a known root was among them proves nothing.
  assert.equal(certificate.trusted, "unknown");
  assert.ok(!certificate.problems.includes("untrusted"));
  assert.ok(performance.now() - startedMs < 5_000);
});

test("readChain: the root right above is found in the thickest mesh", () => {
  const { certificate } = readChain(sent, { ...options, systemRootsPem: pemOf(first.der) });
  assert.equal(certificate.trusted, "yes");
});
