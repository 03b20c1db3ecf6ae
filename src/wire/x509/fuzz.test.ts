import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { edits, holds } from "../../../test/fuzzing.ts";
import { edited } from "../mutation-example.ts";
import { ca, daysFromNow, keys, leaf } from "./cast-example.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { extensionDer, generalName, pemOf } from "./certificate-example.ts";
import { readTlv, readWhole, type Tlv } from "./der.ts";
import { der } from "./der-example.ts";
import { readNameConstraints } from "./name-constraints.ts";
import { exampleOcspDer } from "./ocsp-example.ts";
import { readOcspResponse } from "./ocsp-response.ts";
import { parsePemBundle } from "./pem.ts";

const { dns, address, email } = generalName;
const root = ca("Root");
const inter = ca("Inter", root, {
  pathLength: 1,
  more: [
    extensionDer.nameConstraints(
      [dns("test"), email("x.test")],
      [address(10, 0, 0, 0, 255, 0, 0, 0)],
    ),
  ],
});
const end = leaf(inter, {
  serial: 77n,
  names: [dns("a.test"), dns("*.b.test"), address(10, 0, 0, 1)],
});
const rsa = leaf(root, { key: keys.rsa(1024), says: [extensionDer.mustStaple()] });
const samples = [root, inter, end, rsa].map((member) => member.der);
const answer = exampleOcspDer({
  serial: 77n,
  issuerName: inter.name,
  issuerKey: inter.key,
  signer: inter.key,
  thisUpdate: daysFromNow(-1),
  nextUpdate: daysFromNow(3),
});

function certificateOf(bytes: Uint8Array): Certificate {
  const reading = parseCertificate(bytes);
  assert.ok(reading.ok);
  return reading.certificate;
}

function assertSound(bytes: Uint8Array): void {
  const reading = parseCertificate(bytes);
  if (!reading.ok) {
    assert.ok(reading.part.length > 0);
    return;
  }
  const { publicKey, subject, notAfterMs, serial, extensions } = reading.certificate;
  assert.ok(Number.isInteger(publicKey.bits) && publicKey.bits >= 0);
  assert.ok(Number.isSafeInteger(notAfterMs));
  assert.match(serial, /^-?[0-9A-F]+$/);
  assert.ok(subject.text.isWellFormed());
  assert.equal(extensions.addressOctets.length, extensions.ipAddresses.length);
}

test("mutated certificates are read or refused, never thrown at", () => {
  const tally = { runs: 0, read: 0 };
  holds(
    fc.property(fc.constantFrom(...samples), edits, (sample, changes) => {
      const bytes = edited(sample, changes);
      tally.runs += 1;
      if (parseCertificate(bytes).ok) tally.read += 1;
      assertSound(bytes);
    }),
    2_000,
  );
  assert.ok(tally.read > tally.runs / 20 && tally.read < tally.runs, JSON.stringify(tally));
});

test("mutated OCSP answers prove nothing that is not signed", () => {
  const [certificate, issuer] = [certificateOf(end.der), certificateOf(inter.der)];
  holds(
    fc.property(edits, (changes) => {
      const reading = readOcspResponse(edited(answer, changes), certificate, issuer);
      if (reading.ok && reading.isSigned) assert.equal(reading.status, "good");
      else if (!reading.ok) assert.ok(reading.why.length > 0);
    }),
    600,
  );
});

/** Every value read lies in the bytes, wherever DER is found in them. */
function assertTree(bytes: Uint8Array, { tag, body, whole }: Tlv, depth: number): void {
  assert.ok(whole.byteOffset >= bytes.byteOffset);
  assert.ok(body.byteOffset + body.length === whole.byteOffset + whole.length);
  assert.ok(whole.byteOffset + whole.length <= bytes.byteOffset + bytes.length);
  if ((tag & 0x20) === 0 || depth > 40) return;
  for (const child of readWhole(whole, tag) ?? []) assertTree(bytes, child, depth + 1);
}

test("bytes without any sense, and DER of any shape", () => {
  const { tree } = fc.letrec<{ tree: Uint8Array; branch: Uint8Array; twig: Uint8Array }>((tie) => ({
    tree: fc.oneof({ depthSize: "medium" }, tie("twig"), tie("branch")),
    twig: fc
      .tuple(
        fc.constantFrom(1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x82),
        fc.uint8Array(),
      )
      .map(([tag, body]) => der.wrap(tag, body)),
    branch: fc
      .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa1, 0xa3), fc.array(tie("tree"), { maxLength: 6 }))
      .map(([tag, parts]) => der.wrap(tag, ...parts)),
  }));
  holds(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), tree), (bytes) => {
      assertSound(bytes);
      readNameConstraints(bytes);
      readOcspResponse(bytes, certificateOf(end.der), undefined);
      const tlv = readTlv(bytes);
      if (tlv !== undefined) assertTree(bytes, tlv, 0);
    }),
    1_000,
  );
});

test("what is written as DER is read as it was", () => {
  holds(
    fc.property(fc.nat({ max: 30 }), fc.uint8Array({ maxLength: 70_000 }), (tag, body) => {
      const tlv = readTlv(der.wrap(tag, body));
      assert.deepEqual([tlv?.tag, tlv?.body], [tag, body]);
    }),
    100,
  );
});

test("PEM gives back its DER, whatever stands around it", () => {
  const around = fc.string({ maxLength: 40 }).filter((text) => !text.includes("-----"));
  const blocks = fc.array(
    fc.tuple(around, fc.uint8Array({ minLength: 1 }), fc.constantFrom("\n", "\r\n")),
    {
      maxLength: 5,
    },
  );
  holds(
    fc.property(blocks, around, (list, tail) => {
      const ders = list.map(([, body]) => der.wrap(0x30, body));
      const text = list.map(([before, , end], at) => {
        const pem = pemOf(ders[at] ?? new Uint8Array(0)).replaceAll("\n", end);
        return `${before}${end}${pem}`;
      });
      assert.deepEqual(parsePemBundle(`${text.join("")}${tail}`), ders);
    }),
    200,
  );
});
