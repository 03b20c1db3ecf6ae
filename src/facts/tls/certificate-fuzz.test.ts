import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { edits, holds } from "../../../test/fuzzing.ts";
import { edited } from "../../wire/mutation-example.ts";
import { ca, crossSigned, HOST, leaf } from "../../wire/x509/cast-example.ts";
import { extensionDer, generalName, pemOf } from "../../wire/x509/certificate-example.ts";
import { readChain } from "./certificate-chain.ts";
import { CERTIFICATE_PROBLEMS } from "./certificate-problems.ts";

const { dns } = generalName;
const root = ca("Root");
const inter = ca("Inter", root, {
  more: [extensionDer.nameConstraints([dns("example.test")], [])],
});
const low = ca("Low", inter, { pathLength: 0 });
const end = leaf(low);
const members = [end, low, inter, root, crossSigned(low, root), leaf(inter), ca("Other")];
const ders = members.map(({ der }) => der);
const options = {
  hostNames: [HOST],
  nowMs: Date.now(),
  systemRootsPem: pemOf(root.der),
  caPem: undefined,
  staple: "none" as const,
};
const PROBLEMS: ReadonlySet<string> = new Set(CERTIFICATE_PROBLEMS);
const sound = readChain([end.der, low.der, inter.der], options).certificate;

test("lists of certificates in any order, some of them changed, have a verdict", () => {
  assert.deepEqual([sound.trusted, sound.problems], ["yes", []]);
  const member = fc.tuple(fc.constantFrom(...ders), fc.option(edits, { nil: undefined, freq: 2 }));
  const list = fc.array(
    member.map(([der, changes]) => (changes === undefined ? der : edited(der, changes))),
    { maxLength: 8 },
  );
  const tally = { yes: 0, runs: 0 };
  holds(
    fc.property(list, (chain) => {
      const { certificate } = readChain(chain, options);
      tally.runs += 1;
      if (certificate.trusted === "yes") tally.yes += 1;
      assert.ok(certificate.problems.every((problem) => PROBLEMS.has(problem)));
      assert.equal(certificate.chain.length, chain.length);
      // Only what is signed can be trusted: the first is one of ours, octet for octet.
      if (certificate.trusted === "yes") {
        assert.ok(ders.some((der) => Buffer.from(der).equals(chain[0] ?? new Uint8Array(0))));
      }
    }),
    400,
  );
  assert.ok(tally.yes > 0 && tally.yes < tally.runs, JSON.stringify(tally));
});

test("a changed leaf is never trusted", () => {
  holds(
    fc.property(edits, (changes) => {
      const changed = edited(end.der, changes);
      if (Buffer.from(changed).equals(end.der)) return;
      assert.equal(readChain([changed, low.der, inter.der], options).certificate.trusted, "no");
    }),
    400,
  );
});

test("any bytes as the store and as the staple", () => {
  holds(
    fc.property(fc.string(), fc.uint8Array(), (text, staple) => {
      const caPem = `-----BEGIN CERTIFICATE-----${text}-----END CERTIFICATE-----`;
      const read = readChain([end.der, low.der, inter.der], { ...options, caPem, staple });
      assert.deepEqual([read.certificate.trusted, read.staple], ["yes", "unknown"]);
    }),
    200,
  );
});
