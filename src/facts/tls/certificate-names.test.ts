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
];

for (const [name, host, isCovered] of cases) {
  test(`${JSON.stringify(name)} ${isCovered ? "covers" : "does not cover"} ${host}`, () => {
    assert.equal(isNamed({ dnsNames: [name], ipAddresses: [] }, host), isCovered);
  });
}

test("addresses match addresses in any spelling", () => {
  const names = { dnsNames: [], ipAddresses: ["127.0.0.1", "::1", "2001:db8::5"] };
  for (const host of ["127.0.0.1", "::1", "[::1]", "0:0:0:0:0:0:0:1", "2001:0DB8::0005"]) {
    assert.equal(isNamed(names, host), true, host);
  }
  for (const host of ["127.0.0.2", "::2", "::127.0.0.1", "999.0.0.1", "::zz"]) {
    assert.equal(isNamed(names, host), false, host);
  }
});
