import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { holds } from "../../../test/fuzzing.ts";
import { normalisedName, PEP440, publicVersion } from "./pep440.ts";
import { SEMANTIC } from "./semantic-version.ts";
import { VERSION_CHARS_MAX, type VersionOrder } from "./version-order.ts";

/** Each list from the lowest to the highest; what stands in one place is equal. */
const LADDERS: readonly (readonly [string, VersionOrder, readonly (readonly string[])[]])[] = [
  [
    "PEP 440",
    PEP440,
    [
      ["0", "0.0", "v0"],
      ["0.9"],
      ["1.0.dev1", "1.dev1"],
      ["1.0a1.dev1"],
      ["1.0a1", "1.0-alpha.1", "1.0.ALPHA1", "1a1"],
      ["1.0a2.dev456"],
      ["1.0a12"],
      ["1.0b1.dev456"],
      ["1.0b2"],
      ["1.0b2.post345.dev456"],
      ["1.0b2.post345", "1.0b2-345"],
      ["1.0rc1.dev456"],
      ["1.0rc1", "1.0c1", "1.0.preview1", "1.0pre1"],
      ["1.0", "1", "1.0.0", "01.0", " 1.0 "],
      ["1.0+abc.5"],
      ["1.0+abc.7", "1.0+ABC-7"],
      ["1.0+5"],
      ["1.0.post0.dev1"],
      ["1.0.post0", "1.0.post", "1.0-0"],
      ["1.0.post456", "1.0.rev456", "1.0r456"],
      ["1.0.15"],
      ["1.1.dev1"],
      ["1.2"],
      ["1.10"],
      ["2024.10.9"],
      ["20241009123456789012345"],
      ["20241009123456789012346"],
      ["1!0.1"],
    ],
  ],
  [
    "semver",
    SEMANTIC,
    [
      ["0", "0.0.0"],
      ["0.9.10"],
      ["1.0.0-0"],
      ["1.0.0-alpha"],
      ["1.0.0-alpha.1"],
      ["1.0.0-alpha.beta"],
      ["1.0.0-beta.2"],
      ["1.0.0-beta.11"],
      ["1.0.0-rc.1"],
      ["1.0.0", "1", "v1.0.0", "1.0.0+build.5"],
      ["1.0.10"],
      ["1.2.0"],
      ["1.10.0"],
      ["10.0.0"],
      ["99999999999999999999.0.0"],
      ["99999999999999999999.0.1"],
    ],
  ],
];

for (const [name, order, ladder] of LADDERS) {
  test(`${name}: every pair of the ladder is in order`, () => {
    for (const [low, lower] of ladder.entries()) {
      for (const [high, higher] of ladder.entries()) {
        for (const a of lower) {
          for (const b of higher) {
            assert.equal(
              Math.sign(order.compare(a, b) ?? Number.NaN),
              Math.sign(low - high),
              `${a} ${b}`,
            );
          }
        }
      }
    }
  });
}

const NONE: readonly (readonly [VersionOrder, string])[] = [
  [PEP440, ""],
  [PEP440, "1.0-foo"],
  [PEP440, "1.0.x"],
  [PEP440, "1..0"],
  [PEP440, "2004d"],
  [PEP440, "1.0+"],
  [PEP440, "1.*"],
  [SEMANTIC, ""],
  [SEMANTIC, "1.2.3.4"],
  [SEMANTIC, "1.x"],
  [SEMANTIC, "latest"],
  [SEMANTIC, "^1.0.0"],
];
for (const [order, text] of NONE) {
  test(`"${text}" is no version`, () => {
    assert.equal(order.isVersion(text), false);
    assert.equal(order.compare(text, "1.0.0"), undefined);
    assert.equal(order.compare("1.0.0", text), undefined);
  });
}

test("a version has at most the characters of the limit", () => {
  for (const order of [PEP440, SEMANTIC]) {
    assert.equal(order.isVersion("1".repeat(VERSION_CHARS_MAX)), true);
    assert.equal(order.isVersion("1".repeat(VERSION_CHARS_MAX + 1)), false);
  }
});

test("names and public versions", () => {
  assert.equal(normalisedName("Zope.Interface__X-._Y"), "zope-interface-x-y");
  assert.equal(publicVersion("2.1.0+cu118"), "2.1.0");
});

const number = fc.nat({ max: 12 }).map(String);
const pep440 = fc
  .tuple(
    fc.constantFrom("", "1!"),
    fc.array(number, { minLength: 1, maxLength: 4 }),
    fc.constantFrom("", "a1", "b2", "rc1"),
    fc.constantFrom("", ".post1", "-2"),
    fc.constantFrom("", ".dev3"),
    fc.constantFrom("", "+abc", "+4.x"),
  )
  .map(([epoch, release, ...rest]) => `${epoch}${release.join(".")}${rest.join("")}`);
const semantic = fc
  .tuple(
    fc.tuple(number, number, number),
    fc.constantFrom("", "-alpha", "-alpha.1", "-1", "-rc.2.x", "+build"),
  )
  .map(([core, rest]) => `${core.join(".")}${rest}`);

for (const [name, order, version] of [
  ["PEP 440", PEP440, pep440],
  ["semver", SEMANTIC, semantic],
] as const) {
  test(`${name}: the order is total: reflexive, antisymmetric, transitive`, () => {
    const compare = (a: string, b: string) => Math.sign(order.compare(a, b) ?? Number.NaN);
    holds(
      fc.property(version, version, version, (a, b, c) => {
        assert.equal(compare(a, a), 0);
        assert.equal(compare(a, b) + compare(b, a), 0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) assert.ok(compare(a, c) <= 0);
      }),
      2_000,
    );
  });
}

test("text of any kind is compared without a throw", () => {
  holds(
    fc.property(fc.string(), fc.string(), (a, b) => {
      for (const order of [PEP440, SEMANTIC]) {
        const result = order.compare(a, b);
        assert.equal(result === undefined, !order.isVersion(a) || !order.isVersion(b));
      }
    }),
    2_000,
  );
});
