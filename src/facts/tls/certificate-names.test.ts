import assert from "node:assert/strict";
import { test } from "node:test";

import { isNamed } from "./certificate-names.ts";

const cases: readonly [name: string, host: string, isCovered: boolean][] = [
  ["shop.test", "shop.test", true],
  ["shop.test", "SHOP.test.", true],
  ["shop.test", "www.shop.test", false],
  ["*.shop.test", "www.shop.test", true],
  ["*.shop.test", "shop.test", false],
  ["*.shop.test", "a.b.shop.test", false],
  ["w*.shop.test", "www.shop.test", false],
  ["*.*.test", "a.b.test", false],
  ["*", "test", false],
  ["*.", "test.", false],
  ["xn--bcher-kva.test", "bücher.test", true],
  ["127.0.0.1", "127.0.0.1", false],
  ["*.0.0.1", "127.0.0.1", false],
  ["shop.test\0.evil.test", "shop.test", false],
  ["SHOP.Test", "shop.test", true],
  ["shop.test.", "shop.test", true],
  ["*.shop.test", ".shop.test", false],
  ["*.test", "shop.test", false],
  ["*shop.test", "shop.test", false],
  ["*.shop.test", "w*.shop.test", true],
  ["www.*.test", "www.shop.test", false],
  ["*.shop.test", "xn--bcher-kva.shop.test", true],
  ["*.xn--bcher-kva.test", "www.bücher.test", true],
  ["xn--*.test", "xn--bcher-kva.test", false],
  // The octets of Latin-1 and of UTF-8, as a certificate may hold them.
  ["bücher.test", "bücher.test", false],
  ["bÃ¼cher.test", "bücher.test", false],
  ["bücher.test", "xn--bcher-kva.test", false],
  ["_dmarc.shop.test", "_dmarc.shop.test", true],
  ["shop.test ", "shop.test", false],
  [" shop.test", "shop.test", false],
  ["shop.test\n", "shop.test", false],
  ["shop..test", "shop..test", false],
  ["", "", false],
  [".", ".", false],
  ["shop.test", "", false],
  ["::1", "::1", false],
  ["010.0.0.1", "10.0.0.1", false],
];

for (const [name, host, isCovered] of cases) {
  test(`${JSON.stringify(name)} ${isCovered ? "covers" : "does not cover"} ${host}`, () => {
    assert.equal(isNamed({ dnsNames: [name], ipAddresses: [] }, host), isCovered);
  });
}

test("addresses match addresses in any spelling", () => {
  const names = { dnsNames: [], ipAddresses: ["127.0.0.1", "::1", "2001:db8::5"] };
  for (const host of [
    "127.0.0.1",
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "2001:0DB8::0005",
    "2001:db8::0:0.0.0.5",
    "::1%lo",
  ]) {
    assert.equal(isNamed(names, host), true, host);
  }
  for (const host of [
    "127.0.0.2",
    "::2",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "999.0.0.1",
    "127.000.000.001",
    "0x7f.0.0.1",
    "127.1",
    "2130706433",
    "::zz",
    "*",
    "*.0.0.1",
  ]) {
    assert.equal(isNamed(names, host), false, host);
  }
});

test("a thousand names are gone through, the last one too", () => {
  const dnsNames = Array.from({ length: 1_000 }, (_, at) => `n${at}.shop.test`);
  assert.equal(isNamed({ dnsNames, ipAddresses: [] }, "n999.shop.test"), true);
  assert.equal(isNamed({ dnsNames, ipAddresses: [] }, "n1000.shop.test"), false);
});
