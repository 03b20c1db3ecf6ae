import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { parseTarget, readTargets } from "./tls-targets.ts";

const directory = mkdtempSync(join(tmpdir(), "plimsoll-targets-"));
after(() => rmSync(directory, { recursive: true, force: true }));

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
  ["  example.org\t", "example.org", 443],
  ["host:1", "host", 1],
  ["host:65535", "host", 65535],
  ["m\u00fcnchen.example:444", "xn--mnchen-3ya.example", 444],
  ["https://example.org?q", "example.org", 443],
];
for (const [text, host, port] of good) {
  test(`parseTarget: ${text}`, () => assert.deepEqual(parseTarget(text), { host, port }));
}

const bad: readonly [text: string, says: RegExp][] = [
  ["", /"" is not a server; it is empty/],
  ["   ", /it is empty/],
  ["a b", /write HOST, HOST:PORT or \[IPV6\]:PORT$/],
  ["host:0", /a port is a number from 1 to 65535/],
  ["host:65536", /a port is a number from 1 to 65535/],
  ["host:port", /write HOST, HOST:PORT/],
  ["[::1", /write HOST, HOST:PORT/],
  ["host:1:2", /it has two ports; write HOST:PORT, for IPv6 \[ADDRESS\]:PORT/],
  ["http://x", /http:\/\/ is without TLS/],
  ["smtp://x", /write HOST:PORT --starttls smtp/],
  ["postgresql://x/db", /write HOST:PORT --starttls postgres/],
  ["imaps://x", /write HOST:993/],
  ["https://user:secret@x/", /"https:\/\/\*\*\*@x\/" is not a server/],
  ["user:secret@x", /"\*\*\*@x" is not a server/],
  ["host\0", /is not a server/],
  ["\u{fffd}", /is not a server/],
  ["a".repeat(254), /"a{80}" is not a server/],
  ["\u202e.example", /is not a server/],
];
for (const [text, says] of bad) {
  test(`parseTarget refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseTarget(text), says);
  });
}

function read(text: string) {
  const path = join(directory, "targets.txt");
  writeFileSync(path, text);
  return readTargets(path);
}

test("readTargets: comments, blank lines, settings, a line twice is two targets", () => {
  const text =
    "\ufeff# mine\r\n\nmail.test:587 starttls=smtp sni=mx.test # port 587\nweb.test\nweb.test sni=a.test\nWEB.test:443\n";
  assert.deepEqual(read(text), [
    { host: "mail.test", port: 587, starttls: "smtp", sni: "mx.test" },
    { host: "web.test", port: 443 },
    { host: "web.test", port: 443, sni: "a.test" },
    { host: "WEB.test", port: 443 },
  ]);
});

const badFiles: readonly [text: string, says: RegExp][] = [
  ["", /targets\.txt: no targets in it/],
  ["# none\n", /no targets in it/],
  ["a.test\nb c\n", /targets\.txt:2: "c" is not known here/],
  ["a.test starttls=ftp\n", /:1: "starttls=ftp" is not known here/],
  ["a.test:x\n", /:1: "a\.test:x" is not a server/],
];
for (const [text, says] of badFiles) {
  test(`readTargets refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => read(text), says);
  });
}
