import assert from "node:assert/strict";
import { test } from "node:test";
import { exemptionWidth, type Width } from "./width.ts";

const cases: readonly (readonly [string, Width | undefined])[] = [
  ["10.1.2.3", "narrow"],
  [" 10.1.2.0/24 ", "narrow"],
  ["10.1.2.0/23", "wide"],
  ["10.0.0.0/8", "wide"],
  ["0.0.0.0/0", "everybody"],
  ["::/0", "everybody"],
  ["*", "everybody"],
  ["all", "everybody"],
  ["0.0.0.0/1", "wide"],
  ["127.0.0.0/8", "narrow"],
  ["::1", "narrow"],
  ["2001:db8:1::/48", "narrow"],
  ["2001:db8::/47", "wide"],
  ["192.168.1.", "narrow"],
  ["192.168.", "wide"],
  ["10.*", "wide"],
  ["192.168.1.*", "narrow"],
  ["10.0.0.0-10.0.0.255", "narrow"],
  ["10.0.0.0-10.0.1.255", "wide"],
  ["10.0.0.9-10.0.0.1", undefined],
  ["localhost", undefined],
  ["/health", undefined],
  ["", undefined],
];
for (const [text, expected] of cases) {
  test(`exemptionWidth: ${text} is ${expected}`, () =>
    assert.equal(exemptionWidth(text), expected));
}
