import assert from "node:assert/strict";
import { test } from "node:test";

import { type Attestation, attestationText, signedText } from "../core/attestation.ts";
import {
  DETAIL_CHARACTERS_MAX,
  DETAILS_MAX,
  EVIDENCE_MAX,
  SCOPE_MAX,
  WORD_CHARACTERS_MAX,
} from "../core/attested-words.ts";
import { parseAttestation } from "./attestation.ts";

const GOOD: Attestation = {
  statement: {
    item: "pentest",
    deployment: "shop",
    release: "v1.2",
    catalog: "2026-01-31.abc",
    scope: ["xss", "csrf"],
    who: "Alice Example",
    performed: "2026-11-20",
    madeAt: "2026-11-21T09:00:00Z",
    expires: "2027-11-20",
    details: { tester: "Bob", tools: "zap" },
    evidence: [
      { name: "report.pdf", sha256: "a".repeat(64), sizeBytes: 9, path: "docs/report.pdf" },
      { url: "https://example.org/report" },
    ],
    key: "AAAA",
  },
  signature: "BBBB",
};
const TEXT = attestationText(GOOD);

test("what is written is read again, with CRLF and without its last line break too", () => {
  for (const text of [TEXT, TEXT.replaceAll("\n", "\r\n"), TEXT.trimEnd()])
    assert.deepEqual(parseAttestation(text), { ok: true, attestation: GOOD });
});

test("what is signed has one form, whatever the order of the fields", () => {
  const { key, item, ...others } = GOOD.statement;
  const turned = { key, ...others, item, details: { tools: "zap", tester: "Bob" } };
  assert.equal(signedText(turned), signedText(GOOD.statement));
  assert.ok(signedText(GOOD.statement).startsWith('plimsoll.attestation/1\n{"item":"pentest",'));
});

function withStatement(changes: Readonly<Record<string, unknown>>): string {
  // Built as a forger would: whatever the type says.
  return attestationText({ ...GOOD, statement: { ...GOOD.statement, ...changes } as never });
}

const words = (count: number) => Array.from({ length: count }, (_, at) => `w${at}`);
const detailsOf = (count: number) => Object.fromEntries(words(count).map((name) => [name, "x"]));
const documents = (count: number) =>
  words(count).map((name) => ({ name, sha256: "a".repeat(64), sizeBytes: 1 }));

const WRONG: readonly [name: string, text: string, why: RegExp][] = [
  ["nothing", "", /no JSON/],
  ["half a file", TEXT.slice(0, 300), /no JSON/],
  ["a list", "[]", /no JSON object/],
  ["deep nesting", "[".repeat(200_000), /no JSON/],
  ["another schema", TEXT.replace("attestation/1", "attestation/2"), /"schema"/],
  ["no statement", '{"schema":"plimsoll.attestation/1"}', /"statement"/],
  ["no signature", TEXT.replace('"BBBB"', "7"), /"signature"/],
  [
    "a field more",
    TEXT.replace('"who"', '"why": "because",\n    "who"'),
    /not as plimsoll writes it/,
  ],
  [
    "a field twice",
    TEXT.replace('    "who"', '    "expires": "2027-11-20",\n    "who"'),
    /not as plimsoll/,
  ],
  ["an escaped letter", TEXT.replace("Alice", "\\u0041lice"), /not as plimsoll writes it/],
  ["written on one line", JSON.stringify(JSON.parse(TEXT)), /not as plimsoll writes it/],
  ["a byte order mark", `\ufeff${TEXT}`, /no JSON/],
  ["something behind it", `${TEXT}{}`, /no JSON/],
  ["no item", withStatement({ item: undefined }), /"item"/],
  ["an item with a slash", withStatement({ item: "a/../b" }), /"item"/],
  ["no deployment", withStatement({ deployment: " " }), /"deployment"/],
  ["a name that moves the cursor", withStatement({ who: "\u001b[2JAlice" }), /"who"/],
  ["a name written backwards", withStatement({ who: "\u202eecilA" }), /"who"/],
  ["a name of two lines", withStatement({ who: "Alice\nBob" }), /"who"/],
  ["a name that is too long", withStatement({ who: "a".repeat(WORD_CHARACTERS_MAX + 1) }), /"who"/],
  ["a day that is none", withStatement({ expires: "2027-02-29" }), /"expires"/],
  ["a time for a day", withStatement({ expires: "2027-11-20T00:00:00Z" }), /"expires"/],
  ["a number for a day", withStatement({ performed: 20_261_120 }), /"performed"/],
  ["a time with a zone", withStatement({ madeAt: "2026-11-21T09:00:00+01:00" }), /"madeAt"/],
  ["a policy that is no hash", withStatement({ policy: "A".repeat(64) }), /"policy"/],
  ["too large a scope", withStatement({ scope: words(SCOPE_MAX + 1) }), /"scope"/],
  ["too many particulars", withStatement({ details: detailsOf(DETAILS_MAX + 1) }), /"details"/],
  [
    "too long a particular",
    withStatement({ details: { a: "x".repeat(DETAIL_CHARACTERS_MAX + 1) } }),
    /"details"/,
  ],
  [
    "a particular with a name of the language",
    TEXT.replace('"tester"', '"__proto__"'),
    /"details"/,
  ],
  ["too many documents", withStatement({ evidence: documents(EVIDENCE_MAX + 1) }), /"evidence"/],
  [
    "a document above",
    withStatement({ evidence: [{ ...documents(1)[0], path: "../x" }] }),
    /"evidence"/,
  ],
  [
    "a document anywhere",
    withStatement({ evidence: [{ ...documents(1)[0], path: "/etc/passwd" }] }),
    /"evidence"/,
  ],
  [
    "an address with a password",
    withStatement({ evidence: [{ url: "https://a:b@example.org/" }] }),
    /"evidence"/,
  ],
  [
    "an address that runs",
    withStatement({ evidence: [{ url: "javascript:alert(1)" }] }),
    /"evidence"/,
  ],
];

for (const [name, text, why] of WRONG) {
  test(`${name} is no attestation`, () => {
    const parsed = parseAttestation(text);
    assert.ok(!parsed.ok);
    assert.match(parsed.message, why);
  });
}

const LIMITS: readonly Readonly<Record<string, unknown>>[] = [
  { who: "a".repeat(WORD_CHARACTERS_MAX) },
  { scope: words(SCOPE_MAX) },
  { details: detailsOf(DETAILS_MAX) },
  { details: { a: "x".repeat(DETAIL_CHARACTERS_MAX) } },
  { evidence: documents(EVIDENCE_MAX) },
];

for (const changes of LIMITS) {
  test(`${Object.keys(changes)} as large as it may be is read`, () => {
    assert.ok(parseAttestation(withStatement(changes)).ok);
  });
}
