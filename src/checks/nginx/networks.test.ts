import assert from "node:assert/strict";
import { test } from "node:test";

import { covers, parseNetwork } from "./networks.ts";

const shown = (text: string): string | undefined => {
  const range = parseNetwork(text);
  return range && `${range.family} ${range.first.toString(16)}-${range.last.toString(16)}`;
};

const networks: readonly [text: string, expected: string | undefined][] = [
  ["0.0.0.0/0", "ipv4 0-ffffffff"],
  ["10.1.2.3/8", "ipv4 a000000-affffff"],
  ["192.0.2.1", "ipv4 c0000201-c0000201"],
  ["::/0", `ipv6 0-${"f".repeat(32)}`],
  ["2001:db8::1/127", "ipv6 20010db8000000000000000000000000-20010db8000000000000000000000001"],
  ["::ffff:192.0.2.1", "ipv6 ffffc0000201-ffffc0000201"],
  ["192.0.2.1/33", undefined],
  ["::/129", undefined],
  ["256.0.0.1", undefined],
  ["lb.test", undefined],
  ["unix:", undefined],
  ["10.0.0.0/", undefined],
  ["", undefined],
];
for (const [text, expected] of networks) {
  test(`network: ${text}`, () => assert.equal(shown(text), expected));
}

const unions: readonly [parts: string, whole: string, expected: boolean][] = [
  ["0.0.0.0/1 128.0.0.0/1", "0.0.0.0/0", true],
  ["128.0.0.0/1 0.0.0.0/1", "0.0.0.0/0", true],
  ["0.0.0.0/1 128.0.0.0/2", "0.0.0.0/0", false],
  ["0.0.0.0/1 129.0.0.0/1", "0.0.0.0/0", true],
  ["0.0.0.0/2 128.0.0.0/1", "0.0.0.0/0", false],
  ["::/1 128.0.0.0/1", "0.0.0.0/0", false],
  ["10.0.0.0/8", "10.1.0.0/16", true],
  ["10.1.0.0/16", "10.0.0.0/8", false],
];
for (const [parts, whole, expected] of unions) {
  test(`${parts} covers ${whole}: ${expected}`, () => {
    const range = parseNetwork(whole);
    assert.ok(range);
    assert.equal(
      covers(
        parts.split(" ").flatMap((text) => parseNetwork(text) ?? []),
        range,
      ),
      expected,
    );
  });
}
