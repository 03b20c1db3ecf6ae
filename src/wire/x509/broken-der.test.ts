import assert from "node:assert/strict";
import { test } from "node:test";

import { ca, leaf } from "./cast-example.ts";
import { CERTIFICATE_BYTES_MAX, parseCertificate, SERIAL_OCTETS_MAX } from "./certificate.ts";
import { extensionDer, generalName, nameDer, spkiOf } from "./certificate-example.ts";
import { DER_CHILDREN_MAX } from "./der.ts";
import { type Der, der, oid } from "./der-example.ts";

const root = ca("Root");
const sound = leaf(root).der;
const partOf = (bytes: Uint8Array) => {
  const reading = parseCertificate(bytes);
  return reading.ok ? "whole" : reading.part;
};
const made = (change: Parameters<typeof leaf>[1]) => partOf(leaf(root, change).der);
const without = (at: number) => Uint8Array.of(...sound.subarray(0, at), ...sound.subarray(at + 1));
const changed = (at: number, octet: number) =>
  Uint8Array.of(...sound.subarray(0, at), octet, ...sound.subarray(at + 1));

let nested: Der = der.nothing();
for (let depth = 0; depth < 1_000; depth += 1) nested = der.sequence(nested);

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => generalName.dns(`n${at}.test`));
const spki = spkiOf(root.key);
const rsaSpki = (...parts: readonly Der[]) =>
  der.sequence(
    der.sequence(oid("1.2.840.113549.1.1.1"), der.nothing()),
    der.bits(der.sequence(...parts)),
  );
const exactSize = (bytes: number) =>
  leaf(root, {
    says: [extensionDer.any("1.2.3", der.octets(new Uint8Array(bytes - sound.length)))],
  }).der;

const rows: readonly [name: string, part: string, expected: string][] = [
  ["a sound one", partOf(sound), "whole"],
  ["nothing", partOf(new Uint8Array(0)), "outer sequence"],
  ["one octet", partOf(Uint8Array.of(0x30)), "outer sequence"],
  ["cut in the middle", partOf(sound.subarray(0, sound.length >> 1)), "outer sequence"],
  ["the last octet missing", partOf(sound.subarray(0, -1)), "outer sequence"],
  ["an octet behind", partOf(Uint8Array.of(...sound, 0)), "outer sequence"],
  [
    "indefinite length",
    partOf(Uint8Array.of(0x30, 0x80, ...sound.subarray(4), 0, 0)),
    "outer sequence",
  ],
  [
    "a length of four gigabytes",
    partOf(Uint8Array.of(0x30, 0x84, 255, 255, 255, 255, 1)),
    "outer sequence",
  ],
  [
    "a length of eight octets",
    partOf(Uint8Array.of(0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1, 0)),
    "outer sequence",
  ],
  ["a padded length", partOf(Uint8Array.of(0x30, 0x83, 0, ...sound.subarray(2))), "outer sequence"],
  ["a set instead", partOf(changed(0, 0x31)), "outer sequence"],
  ["a high tag number", partOf(changed(0, 0x3f)), "outer sequence"],
  ["an octet less inside", partOf(without(20)), "outer sequence"],
  ["PEM", partOf(new TextEncoder().encode("-----BEGIN CERTIFICATE-----")), "outer sequence"],
  ["a thousand deep alone", partOf(nested), "outer sequence"],
  ["a thousand deep as the subject", made({ subject: nested }), "name"],
  ["a thousand deep as the key", made({ spki: nested }), "public key"],
  ["a thousand deep as an extension", made({ says: [nested] }), "extensions"],
  [
    "a thousand deep in an unknown extension",
    made({ says: [extensionDer.any("1.2.3", nested)] }),
    "whole",
  ],
  ["no subject at all", made({ subject: der.nothing() }), "name"],
  ["version 4", made({ version: 4 }), "version"],
  ["version 200", made({ version: 200 }), "version"],
  ["a serial number of text", made({ serial: der.text(0x0c, "1") }), "serial number"],
  ["an empty serial number", made({ serial: der.wrap(2) }), "serial number"],
  [
    "the longest serial number",
    made({ serial: der.wrap(2, new Uint8Array(SERIAL_OCTETS_MAX).fill(1)) }),
    "whole",
  ],
  [
    "a longer one",
    made({ serial: der.wrap(2, new Uint8Array(SERIAL_OCTETS_MAX + 1).fill(1)) }),
    "serial number",
  ],
  ["the 31st of June", made({ notAfter: der.text(0x17, "270631000000Z") }), "validity"],
  ["month 13", made({ notAfter: der.text(0x17, "271301000000Z") }), "validity"],
  ["the 29th of February 2028", made({ notAfter: der.text(0x17, "280229000000Z") }), "whole"],
  ["the 29th of February 2027", made({ notAfter: der.text(0x17, "270229000000Z") }), "validity"],
  ["a time of text", made({ notAfter: der.text(0x0c, "270601000000Z") }), "validity"],
  ["a fraction of a second", made({ notAfter: der.text(0x18, "20270601000000.5Z") }), "validity"],
  ["no time", made({ notAfter: der.nothing() }), "validity"],
  [
    "a key without an algorithm",
    made({ spki: der.sequence(der.bits(new Uint8Array(4))) }),
    "public key",
  ],
  [
    "a key of seven bits",
    made({ spki: der.sequence(der.sequence(oid("1.2.3")), der.wrap(3, Uint8Array.of(1, 0))) }),
    "public key",
  ],
  ["an RSA key of one number", made({ spki: rsaSpki(der.integer(5n)) }), "public key"],
  ["a negative modulus", made({ spki: rsaSpki(der.integer(-5n), der.integer(3n)) }), "public key"],
  ["a modulus of zero", made({ spki: rsaSpki(der.integer(0n), der.integer(3n)) }), "whole"],
  ["a key with an octet behind", made({ spki: Uint8Array.of(...spki, 0) }), "signed part"],
  [
    "an empty point",
    made({
      spki: der.sequence(der.sequence(oid("1.2.840.10045.2.1")), der.bits(new Uint8Array(0))),
    }),
    "whole",
  ],
  [
    "an extension of four fields",
    made({
      says: [der.sequence(oid("1.2.3"), der.boolean(true), der.boolean(true), der.octets(spki))],
    }),
    "extensions",
  ],
  ["an extension without a name", made({ says: [der.sequence(der.octets(spki))] }), "extensions"],
  [
    "a critical flag of two octets",
    made({
      says: [der.sequence(oid("1.2.3"), der.wrap(1, Uint8Array.of(1, 1)), der.octets(spki))],
    }),
    "extensions",
  ],
  [
    "an object identifier without an end",
    made({ says: [der.sequence(der.wrap(6, Uint8Array.of(0x2a, 0x86)), der.octets(spki))] }),
    "extensions",
  ],
  ["the largest", partOf(exactSize(CERTIFICATE_BYTES_MAX - 200)), "whole"],
  ["too large", partOf(exactSize(CERTIFICATE_BYTES_MAX + 200)), "size"],
];
for (const [name, part, expected] of rows) {
  test(`parseCertificate: ${name}`, () => assert.equal(part, expected));
}

/** Extensions that are read: the certificate is, and the extension is told as broken. */
const extensionRows: readonly [name: string, extension: Der, isBroken: boolean][] = [
  ["names that are no sequence", extensionDer.any("2.5.29.17", der.nothing()), true],
  ["an address of five octets", extensionDer.names(generalName.address(1, 2, 3, 4, 5)), true],
  ["an address of none", extensionDer.names(generalName.address()), true],
  ["no name", extensionDer.names(), false],
  [`${DER_CHILDREN_MAX} names`, extensionDer.names(...names(DER_CHILDREN_MAX)), false],
  [`${DER_CHILDREN_MAX + 1} names`, extensionDer.names(...names(DER_CHILDREN_MAX + 1)), true],
  [
    "a negative path length",
    extensionDer.any("2.5.29.19", der.sequence(der.boolean(true), der.integer(-1n))),
    true,
  ],
  ["a key usage of text", extensionDer.any("2.5.29.15", der.text(0x0c, "x")), true],
  ["no purpose", extensionDer.purposes(), true],
  ["empty name constraints", extensionDer.any("2.5.29.30", der.sequence()), true],
  [
    "name constraints of another kind",
    extensionDer.any("2.5.29.30", der.sequence(der.tagged(2))),
    true,
  ],
  ["no subtree", extensionDer.any("2.5.29.30", der.sequence(der.tagged(0))), true],
  [
    "an address range of six octets",
    extensionDer.nameConstraints([generalName.address(1, 2, 3, 4, 5, 6)], []),
    true,
  ],
  [
    "a directory that is none",
    extensionDer.nameConstraints([generalName.directory(der.integer(1n))], []),
    true,
  ],
  [
    "a directory",
    extensionDer.nameConstraints([generalName.directory(nameDer(["2.5.4.3", "x"]))], []),
    false,
  ],
  [
    "timestamps that do not add up",
    extensionDer.any("1.3.6.1.4.1.11129.2.4.2", der.octets(Uint8Array.of(0, 9, 0))),
    true,
  ],
];
for (const [name, extension, isBroken] of extensionRows) {
  test(`parseCertificate: an extension with ${name}`, () => {
    const reading = parseCertificate(leaf(root, { names: [], says: [extension] }).der);
    assert.ok(reading.ok);
    assert.equal(reading.certificate.extensions.broken.length, isBroken ? 1 : 0);
  });
}

test("parseCertificate: name constraints keep what they are about", () => {
  const { dns, address, email, directory } = generalName;
  const deep = der.sequence(dns("x.test"), der.primitive(0, Uint8Array.of(1)));
  const says = [
    extensionDer.any(
      "2.5.29.30",
      der.sequence(
        der.tagged(0, der.sequence(dns("A.test")), der.sequence(email("b.test")), deep),
        der.tagged(
          1,
          der.sequence(address(10, 0, 0, 0, 255, 0, 0, 0)),
          der.sequence(directory(nameDer(["2.5.4.3", "X"]))),
        ),
      ),
    ),
  ];
  const reading = parseCertificate(leaf(root, { says }).der);
  assert.ok(reading.ok);
  assert.deepEqual(reading.certificate.extensions.nameConstraints, {
    permitted: { dns: ["a.test"], addresses: [], directories: [], otherForms: [0x81, 0x82] },
    excluded: {
      dns: [],
      addresses: [{ network: Uint8Array.of(10, 0, 0, 0), mask: Uint8Array.of(255, 0, 0, 0) }],
      directories: ['2.5.4.3="x"'],
      otherForms: [],
    },
  });
});
