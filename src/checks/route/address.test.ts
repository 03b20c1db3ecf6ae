import assert from "node:assert/strict";
import { test } from "node:test";

import { familyOf, isSameAddress, type Reach, reachOf, showEndpoint } from "./address.ts";

const reaches: readonly [address: string, reach: Reach][] = [
  ["", "wildcard"],
  ["*", "wildcard"],
  ["0", "wildcard"],
  ["0.0.0.0", "wildcard"],
  ["::", "wildcard"],
  ["[::]", "wildcard"],
  ["0:0:0:0:0:0:0:0", "wildcard"],
  ["::ffff:0.0.0.0", "wildcard"],
  ["::ffff:0:0", "wildcard"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["127.0.0.53%lo", "loopback"],
  ["::1", "loopback"],
  ["[::1]", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["::ffff:7f00:1", "loopback"],
  ["localhost", "loopback"],
  ["LOCALHOST.", "loopback"],
  ["app.localhost", "loopback"],
  ["10.255.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["172.15.0.1", "public"],
  ["172.32.0.1", "public"],
  ["192.168.1.1", "private"],
  ["192.169.1.1", "public"],
  ["100.64.0.1", "private"],
  ["100.127.255.255", "private"],
  ["100.63.0.1", "public"],
  ["100.128.0.1", "public"],
  ["fd00::1", "private"],
  ["fc00::1", "private"],
  ["fe00::1", "public"],
  ["fe80::1%eth0", "link-local"],
  ["febf::1", "link-local"],
  ["fec0::1", "public"],
  ["169.254.1.1", "link-local"],
  ["::ffff:10.0.0.1", "private"],
  ["::ffff:203.0.113.9", "public"],
  ["203.0.113.9", "public"],
  ["2001:db8::1", "public"],
  ["126.0.0.1", "public"],
  ["localhost.evil.test", "name"],
  ["127.0.0.1.nip.test", "name"],
  ["256.0.0.1", "name"],
  ["1::2::3", "name"],
  ["1:2:3:4:5:6:7:8:9", "name"],
  ["web", "name"],
];

for (const [address, reach] of reaches) {
  test(`reachOf: ${JSON.stringify(address)} is ${reach}`, () => {
    assert.equal(reachOf(address), reach);
  });
}

test("families: a mapped address is IPv4, a name is either", () => {
  assert.deepEqual(["127.0.0.1", "::ffff:127.0.0.1", "[::1]", "*", "localhost"].map(familyOf), [
    "v4",
    "v4",
    "v6",
    "any",
    "any",
  ]);
});

test("addresses are compared as addresses, endpoints shown as URLs have them", () => {
  assert.equal(isSameAddress("[::1]", "0:0:0:0:0:0:0:1"), true);
  assert.equal(isSameAddress("::ffff:10.0.0.1", "10.0.0.1"), true);
  assert.equal(isSameAddress("10.0.0.1", "10.0.0.2"), false);
  assert.equal(showEndpoint("::", 8000), "[::]:8000");
  assert.equal(showEndpoint("", "8000"), "*:8000");
  assert.equal(showEndpoint("127.0.0.1", 8000), "127.0.0.1:8000");
});
