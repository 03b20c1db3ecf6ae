import assert from "node:assert/strict";
import { test } from "node:test";

import { isPrivateAddress } from "./access.ts";

const addresses: readonly [text: string, isPrivate: boolean][] = [
  ["10.0.0.0/8", true],
  ["172.16.0.1", true],
  ["172.31.255.255", true],
  ["172.32.0.1", false],
  ["192.168.1.0/24", true],
  ["100.64.0.1", true],
  ["100.128.0.1", false],
  ["169.254.1.1", true],
  ["127.0.0.1", true],
  ["::1", true],
  ["fd00::/8", true],
  ["fe80::1", true],
  ["2001:db8::1", false],
  ["203.0.113.7", false],
  ["110.0.0.1", false],
  ["unix:", true],
  ["all", false],
];

for (const [text, isPrivate] of addresses) {
  test(`${text} is ${isPrivate ? "" : "not "}private`, () => {
    assert.equal(isPrivateAddress(text), isPrivate);
  });
}
