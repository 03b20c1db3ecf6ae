import assert from "node:assert/strict";
import { test } from "node:test";

import { ca, daysFromNow, HOST, keys, leaf } from "../../wire/x509/cast-example.ts";
import { extensionDer, pemOf } from "../../wire/x509/certificate-example.ts";
import { exampleOcspDer, type OcspRecipe, ocspErrorDer } from "../../wire/x509/ocsp-example.ts";
import { readChain } from "./certificate-chain.ts";

/** One moment for every row: under load the tests run minutes after the staples are made. */
const NOW_MS = Date.now();
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
const root = ca("Root");
const inter = ca("Inter", root);
const end = leaf(inter, { serial: 77n });
const must = leaf(inter, { serial: 77n, says: [extensionDer.mustStaple()] });
const responder = (by = inter, purpose: readonly string[] = [OCSP_SIGNING], change = {}) =>
  leaf(by, {
    names: [],
    says: purpose.length > 0 ? [extensionDer.purposes(...purpose)] : [],
    ...change,
  });
const delegated = responder();
const unasked = responder(inter, []);
const forClients = responder(inter, ["1.3.6.1.5.5.7.3.2"]);
const foreign = responder(root);
const late = responder(inter, [OCSP_SIGNING], { notAfter: daysFromNow(-5) });

/** Two timestamps of no log, 3 and 2 octets long. */
const TWO_SCTS = Uint8Array.of(0, 9, 0, 3, 1, 2, 3, 0, 2, 4, 5);

const usual: OcspRecipe = {
  serial: 77n,
  issuerName: inter.name,
  issuerKey: inter.key,
  signer: inter.key,
  thisUpdate: daysFromNow(-1),
  nextUpdate: daysFromNow(3),
};
const answer = (change: Partial<OcspRecipe> = {}) => exampleOcspDer({ ...usual, ...change });
const by = ({ key, der }: typeof delegated) => answer({ signer: key, certificates: [der] });
const undated = (days: number) => {
  const { nextUpdate, ...rest } = usual;
  assert.ok(nextUpdate !== undefined);
  return exampleOcspDer({ ...rest, thisUpdate: daysFromNow(days) });
};

function read(staple: Uint8Array | "none" | "unknown", member = end, scts?: Uint8Array) {
  return readChain([member.der, inter.der], {
    hostNames: [HOST],
    nowMs: NOW_MS,
    systemRootsPem: pemOf(root.der),
    caPem: undefined,
    staple,
    scts,
  });
}

const rows: readonly [name: string, staple: Uint8Array | "none" | "unknown", state: string][] = [
  ["good", answer(), "good"],
  ["by SHA-256", answer({ hash: "sha256" }), "good"],
  ["revoked", answer({ status: "revoked" }), "revoked"],
  ["revoked, long ago", answer({ status: "revoked", nextUpdate: daysFromNow(-0.5) }), "revoked"],
  ["unknown to the responder", answer({ status: "unknown" }), "unknown"],
  ["out of date", answer({ nextUpdate: daysFromNow(-0.5) }), "stale"],
  ["from the future", answer({ thisUpdate: daysFromNow(0.5) }), "unknown"],
  ["four minutes early", answer({ thisUpdate: daysFromNow(4 / 1440) }), "good"],
  ["six minutes early", answer({ thisUpdate: daysFromNow(6 / 1440) }), "unknown"],
  ["without an end, 9 days old", undated(-9), "good"],
  ["without an end, 11 days old", undated(-11), "stale"],
  ["tryLater", ocspErrorDer(3), "unknown"],
  ["malformedRequest", ocspErrorDer(1), "unknown"],
  ["about another certificate", answer({ serial: 78n }), "unknown"],
  ["about another issuer's", answer({ issuerKey: root.key }), "unknown"],
  ["signed by somebody", answer({ signer: keys.ec() }), "unknown"],
  ["signed by the root", answer({ signer: root.key }), "unknown"],
  ["by a responder of the issuer", by(delegated), "good"],
  ["by a responder for no purpose", by(unasked), "unknown"],
  ["by a responder for clients", by(forClients), "unknown"],
  ["by a responder of another CA", by(foreign), "unknown"],
  ["by a responder that had expired", by(late), "unknown"],
  ["by a responder that is not there", answer({ signer: delegated.key }), "unknown"],
  ["empty", new Uint8Array(0), "unknown"],
  ["not asked for", "unknown", "unknown"],
  ["none", "none", "none"],
];
for (const [name, staple, state] of rows) {
  test(`the staple: ${name} is ${state}`, () => {
    assert.equal(read(staple).staple, state);
    const isRevoked = state === "revoked";
    const { trusted, problems } = read(staple).certificate;
    assert.deepEqual([trusted, problems], isRevoked ? ["no", ["revoked"]] : ["yes", []]);
  });
}

test("the staple: a changed octet anywhere is no proof, and nothing is thrown", () => {
  const whole = answer();
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Uint8Array.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 0x20;
    assert.notEqual(read(changed).staple, "revoked", `octet ${at}`);
    assert.equal(read(whole.subarray(0, at)).staple, "unknown", `cut at ${at}`);
  }
});

test("the staple that a certificate demands: only one that says something is one", () => {
  const problems = (staple: Uint8Array | "none" | "unknown") =>
    read(staple, must).certificate.problems;
  assert.deepEqual(problems(answer()), []);
  assert.deepEqual(problems("unknown"), []);
  assert.deepEqual(problems("none"), ["must-staple-missing"]);
  assert.deepEqual(problems(ocspErrorDer(3)), ["must-staple-missing"]);
  assert.deepEqual(problems(answer({ nextUpdate: daysFromNow(-0.5) })), ["must-staple-missing"]);
});

test("timestamps are counted in the certificate, the handshake and the staple", () => {
  const inside = leaf(inter, {
    serial: 77n,
    says: [
      extensionDer.any("1.3.6.1.4.1.11129.2.4.2", Uint8Array.of(4, TWO_SCTS.length, ...TWO_SCTS)),
    ],
  });
  const count = (...args: Parameters<typeof read>) => read(...args).certificate.scts;
  assert.equal(count("none"), 0);
  assert.equal(count("none", inside), 2);
  assert.equal(count("none", end, TWO_SCTS), 2);
  assert.equal(count(answer({ scts: TWO_SCTS })), 2);
  assert.equal(count(answer({ scts: TWO_SCTS }), inside, TWO_SCTS), 6);
  // Lengths that do not add up, and an answer nobody signed.
  assert.equal(count("none", end, TWO_SCTS.subarray(1)), 0);
  assert.equal(count(answer({ scts: TWO_SCTS, signer: keys.ec() })), 0);
});
