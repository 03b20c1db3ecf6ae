import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopbackHost, isSameHost, parseIp, showIp } from "./address.ts";

const SHOWN: readonly (readonly [string, string | undefined])[] = [
  ["127.0.0.1", "127.0.0.1"],
  ["[::1]", "::1"],
  ["::", "::"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["2001:db8:0:0:1:0:0:0", "2001:db8:0:0:1::"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["::ffff:10.0.0.1", "10.0.0.1"],
  ["::ffff:0a00:0001", "10.0.0.1"],
  ["fe80::1%eth0", "fe80::1"],
  ["256.0.0.1", undefined],
  ["1.2.3", undefined],
  ["1:2:3:4:5:6:7", undefined],
  ["1::2::3", undefined],
  ["1:2:3:4:5:6:7::8", undefined],
  ["12345::", undefined],
  ["::1.2.3.4:5", undefined],
  [":".repeat(60), undefined],
  ["", undefined],
  ["hub.test", undefined],
];
for (const [text, shown] of SHOWN) {
  test(`address ${text}`, () => {
    const ip = parseIp(text);
    assert.equal(ip === undefined ? undefined : showIp(ip), shown);
  });
}

const LOOPBACK: readonly (readonly [string, boolean])[] = [
  ["localhost", true],
  ["LOCALHOST.", true],
  ["a.localhost", true],
  ["127.255.0.3", true],
  ["[::1]", true],
  ["::ffff:127.0.0.1", true],
  ["localhost.evil.test", false],
  ["127.0.0.1.nip.test", false],
  ["128.0.0.1", false],
  ["0.0.0.0", false],
  ["::", false],
  ["notlocalhost", false],
];
for (const [host, expected] of LOOPBACK) {
  test(`loopback ${host}`, () => assert.equal(isLoopbackHost(host), expected));
}

test("hosts are the same by value", () => {
  assert.ok(isSameHost("Hub.Test.", "hub.test"));
  assert.ok(isSameHost("[fd00::2]", "fd00:0:0::2"));
  assert.ok(!isSameHost("hub.test", "test"));
});
