import assert from "node:assert/strict";
import { test } from "node:test";
import { INTEGRITY_TOKEN_COUNT_MAX, parseIntegrity } from "./integrity.ts";

const S256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const S384 = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";

for (const [name, text, strongest, rules] of [
  ["one", S384, ["sha384"], []],
  ["strongest counts", `${S256} ${S384}`, ["sha384"], []],
  ["two of one strength", `${S384}\n${S384}`, ["sha384", "sha384"], []],
  ["options", `${S256}?ct=x`, ["sha256"], []],
  ["no padding", S256.slice(0, -1), ["sha256"], []],
  ["url alphabet", S256.replaceAll("+", "-").replaceAll("/", "_"), ["sha256"], []],
  ["upper case", S256.replace("sha", "SHA"), ["sha256"], []],
  ["sha1", "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", [], ["unknown-algorithm"]],
  ["md5 beside", `md5-1B2M2Y8AsgTpgAmY7PhCfg== ${S256}`, ["sha256"], ["unknown-algorithm"]],
  ["cut off", S384.slice(0, 40), [], ["malformed-digest"]],
  ["wrong length", S256.replace("sha256", "sha384"), [], ["malformed-digest"]],
  ["empty", "", [], []],
  ["nonsense", "- ? x", [], ["unknown-algorithm", "unknown-algorithm", "unknown-algorithm"]],
] as const) {
  test(`integrity ${name}`, () => {
    const result = parseIntegrity(text);
    assert.deepEqual(
      [result.strongest.map(({ algorithm }) => algorithm), result.problems.map(({ rule }) => rule)],
      [strongest, rules],
    );
  });
}

test("a digest is given padded in standard base64", () => {
  const text = S256.replaceAll("+", "-").replaceAll("/", "_").slice(0, -1);
  assert.equal(`sha256-${parseIntegrity(text).digests[0]?.digest}`, S256);
});

test("tokens are bounded", () => {
  const many = (count: number) => parseIntegrity(Array(count).fill(S256).join(" "));
  assert.deepEqual(many(INTEGRITY_TOKEN_COUNT_MAX).problems, []);
  assert.equal(many(INTEGRITY_TOKEN_COUNT_MAX + 1).problems[0]?.rule, "too-many");
});

test("a malformed digest of the strongest algorithm blocks, an unknown algorithm lets everything through", () => {
  assert.equal(parseIntegrity("sha384-abc").matchesNothing, true);
  assert.equal(parseIntegrity(`${S256} sha512-abc`).matchesNothing, true);
  assert.equal(parseIntegrity(S256).matchesNothing, false);
  assert.equal(parseIntegrity("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=").matchesNothing, false);
});
