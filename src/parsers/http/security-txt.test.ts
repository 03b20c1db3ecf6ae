import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseSecurityTxt,
  SECURITY_TXT_FIELD_COUNT_MAX,
  SECURITY_TXT_LENGTH_MAX,
} from "./security-txt.ts";

const rules = (text: string) => parseSecurityTxt(text).problems.map(({ rule }) => rule);
const GOOD = "Contact: mailto:security@plimsoll.dev\nExpires: 2030-01-02T03:04:05Z\n";

test("RFC 9116 section 2.6, unsigned", () => {
  const result = parseSecurityTxt(
    "# Our security address\r\nContact: mailto:security@plimsoll.dev\r\n\r\n# Our OpenPGP key\r\nEncryption: https://plimsoll.dev/pgp-key.txt\r\nPreferred-Languages: en, es, fr\r\nExpires: 2021-12-31T18:37:07.000Z\r\nCanonical: https://plimsoll.dev/.well-known/security.txt\r\n",
  );
  assert.deepEqual(result.problems, []);
  assert.deepEqual(result.contacts, ["mailto:security@plimsoll.dev"]);
  assert.equal(result.expiresAt, 1640975827);
  assert.deepEqual(result.preferredLanguages, ["en", "es", "fr"]);
  assert.deepEqual(result.canonical, ["https://plimsoll.dev/.well-known/security.txt"]);
  assert.equal(result.isSigned, false);
  assert.deepEqual(
    result.fields.map(({ name, line }) => [name, line]),
    [
      ["contact", 2],
      ["encryption", 5],
      ["preferred-languages", 6],
      ["expires", 7],
      ["canonical", 8],
    ],
  );
});

test("RFC 9116 section 2.6, signed, with dash escapes", () => {
  const result = parseSecurityTxt(
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- # a comment\n${GOOD}-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\n`,
  );
  assert.deepEqual(result.problems, []);
  assert.equal(result.isSigned, true);
  assert.deepEqual(
    result.fields.map(({ name, line }) => [name, line]),
    [
      ["contact", 5],
      ["expires", 6],
    ],
  );
});

for (const [name, text, expected] of [
  ["good", GOOD, []],
  ["letter case", GOOD.replace("Contact", "CONTACT"), []],
  ["byte order mark", `\uFEFF${GOOD}`, ["byte-order-mark"]],
  ["CR alone", GOOD.replaceAll("\n", "\r"), []],
  ["empty", "", ["no-contact", "no-expires"]],
  ["no scheme", GOOD.replace("mailto:", ""), ["no-uri"]],
  ["http", `${GOOD}Policy: http://plimsoll.dev/policy`, ["http-uri"]],
  ["placeholder", GOOD.replace("plimsoll.dev", "example.com"), ["placeholder-contact"]],
  ["two Expires", `${GOOD}Expires: 2031-01-01T00:00:00Z`, ["repeated-field"]],
  ["bad date", GOOD.replace("2030-01-02T03:04:05Z", "2030-01-02"), ["bad-expires"]],
  ["no such day", GOOD.replace("2030-01-02", "2030-02-31"), ["bad-expires"]],
  ["offset", GOOD.replace("05Z", "05+02:00"), []],
  ["unknown", `${GOOD}Bounty: yes`, ["unknown-field"]],
  ["no field", `${GOOD}hello there`, ["malformed-line"]],
  [
    "HTML",
    "<!doctype html>\n<title>x</title>",
    ["malformed-line", "malformed-line", "no-contact", "no-expires"],
  ],
  ["unfinished", `-----BEGIN PGP SIGNED MESSAGE-----\n\n${GOOD}`, ["unfinished-signature"]],
] as const) {
  test(`security.txt ${name}`, () => assert.deepEqual(rules(text), expected));
}

test("a page that answers every path is not taken for the file", () => {
  assert.equal(parseSecurityTxt("<html><p style='color: red'>x</p>").looksLikeSecurityTxt, false);
  assert.equal(parseSecurityTxt(GOOD).looksLikeSecurityTxt, true);
});

test("two Expires leave no date", () => {
  assert.equal(parseSecurityTxt(`${GOOD}Expires: 2031-01-01T00:00:00Z`).expiresAt, undefined);
});

test("length and number of fields are bounded", () => {
  assert.ok(!rules(`${GOOD}#`.padEnd(SECURITY_TXT_LENGTH_MAX, "x")).includes("too-long"));
  assert.ok(rules(`${GOOD}#`.padEnd(SECURITY_TXT_LENGTH_MAX + 1, "x")).includes("too-long"));
  const many = parseSecurityTxt(
    "Policy: https://a.dev/\n".repeat(SECURITY_TXT_FIELD_COUNT_MAX + 1),
  );
  assert.equal(many.fields.length, SECURITY_TXT_FIELD_COUNT_MAX);
});
