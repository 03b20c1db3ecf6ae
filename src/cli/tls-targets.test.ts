import assert from "node:assert/strict";
import { test } from "node:test";

import { parseTarget } from "./tls-targets.ts";

const good: readonly [text: string, host: string, port: number][] = [
  ["example.org", "example.org", 443],
  ["example.org:8443", "example.org", 8443],
  ["https://example.org/path?q", "example.org", 443],
  ["HTTPS://example.org:444/", "example.org", 444],
  ["127.0.0.1:1", "127.0.0.1", 1],
  ["[::1]:8443", "::1", 8443],
  ["[::1]", "::1", 443],
  ["2001:db8::1", "2001:db8::1", 443],
  ["a".repeat(253), "a".repeat(253), 443],
];
for (const [text, host, port] of good) {
  test(`parseTarget: ${text}`, () => assert.deepEqual(parseTarget(text), { host, port }));
}

for (const text of [
  "",
  "a b",
  "host:0",
  "host:65536",
  "host:port",
  "[::1",
  "host:1:2",
  "http://x",
  "host\0",
  "\u{fffd}",
  "a".repeat(254),
]) {
  test(`parseTarget refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseTarget(text), /is not a server/);
  });
}
