import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryHost } from "../../host/memory-host.ts";
import type { StarttlsProtocol } from "./scan-target.ts";
import { speakStarttls } from "./starttls.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

interface Row {
  readonly name: string;
  readonly protocol: StarttlsProtocol;
  readonly greeting?: readonly string[];
  /** Regular expression of what is said, and what it is answered with, in turn. */
  readonly talk: readonly (readonly [said: RegExp, answers: readonly string[]])[];
  readonly result: string | undefined;
}

const LDAP_REQUEST = /^0\x1d\x02\x01\x01w\x18\x80\x161\.3\.6\.1\.4\.1\.1466\.20037$/;
const XMPP_OPENING = /^<\?xml.* to='mail\.test' /;

const ROWS: readonly Row[] = [
  {
    name: "SMTP with a greeting in pieces",
    protocol: "smtp",
    greeting: ["220-one\r\n22", "0 two\r\n"],
    talk: [
      [/^EHLO mail\.test\r\n$/, ["250-mail\r\n250-STARTTLS\r\n", "250 SIZE\r\n"]],
      [/^STARTTLS\r\n$/, ["220 go\r\n"]],
    ],
    result: undefined,
  },
  {
    name: "SMTP that throttles",
    protocol: "smtp",
    greeting: ["421 too many connections\r\n"],
    talk: [],
    result: "no SMTP greeting",
  },
  {
    name: "SMTP whose STARTTLS is refused",
    protocol: "smtp",
    greeting: ["220 mail\r\n"],
    talk: [
      [/^EHLO/, ["250 STARTTLS\r\n"]],
      [/^STARTTLS/, ["454 not now\r\n"]],
    ],
    result: "STARTTLS is refused",
  },
  {
    name: "IMAP with an untagged line before",
    protocol: "imap",
    greeting: ["* OK ready\r\n"],
    talk: [[/^a1 STARTTLS\r\n$/, ["* CAPABILITY x\r\na1 OK begin\r\n"]]],
    result: undefined,
  },
  {
    name: "IMAP that refuses",
    protocol: "imap",
    greeting: ["* OK ready\r\n"],
    talk: [[/^a1/, ["a1 BAD unknown\r\n"]]],
    result: "STARTTLS is refused",
  },
  {
    name: "POP3",
    protocol: "pop3",
    greeting: ["+OK ready\r\n"],
    talk: [[/^STLS\r\n$/, ["+OK begin\r\n"]]],
    result: undefined,
  },
  {
    name: "POP3 that refuses",
    protocol: "pop3",
    greeting: ["+OK ready\r\n"],
    talk: [[/^STLS/, ["-ERR no\r\n"]]],
    result: "STLS is refused",
  },
  { name: "PostgreSQL", protocol: "postgres", talk: [[/^\0\0\0\x08/, ["S"]]], result: undefined },
  {
    name: "PostgreSQL without TLS",
    protocol: "postgres",
    talk: [[/^\0\0\0\x08/, ["N"]]],
    result: "the server does without TLS",
  },
  {
    name: "LDAP, short lengths",
    protocol: "ldap",
    talk: [[LDAP_REQUEST, ["0\x0c\x02\x01\x01x\x07\n\x01\x00\x04\x00\x04\x00"]]],
    result: undefined,
  },
  {
    name: "LDAP, long lengths in pieces",
    protocol: "ldap",
    talk: [
      [LDAP_REQUEST, ["0\x84\0\0\0\x10\x02\x01\x01x\x84", "\0\0\0\x07\n\x01\x00\x04\x00\x04\x00"]],
    ],
    result: undefined,
  },
  {
    name: "LDAP that refuses",
    protocol: "ldap",
    talk: [[LDAP_REQUEST, ["0\x0c\x02\x01\x01x\x07\n\x01\x02\x04\x00\x04\x00"]]],
    result: "StartTLS is refused",
  },
  {
    name: "XMPP",
    protocol: "xmpp",
    talk: [
      [XMPP_OPENING, ["<stream:stream><stream:features><starttls/>", "</stream:features>"]],
      [/^<starttls /, ["<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"]],
    ],
    result: undefined,
  },
  {
    name: "XMPP without it",
    protocol: "xmpp",
    talk: [[XMPP_OPENING, ["<stream:features></stream:features>"]]],
    result: "starttls is not offered",
  },
];

for (const { name, protocol, greeting = [], talk, result } of ROWS) {
  test(`speaks the preamble: ${name}`, async () => {
    const left = [...talk];
    const host = createMemoryHost({
      stream: () => ({
        greeting: greeting.map(bytes),
        answer: (received) => {
          const [said, answers] = left.shift() ?? [/^$/, []];
          assert.match(Buffer.from(received).toString("latin1"), said);
          return answers.map(bytes);
        },
      }),
    });
    const { signal } = new AbortController();
    const stream = await host.openStream("mail.test", 25, { timeoutMs: 1000, signal });
    assert.equal(await speakStarttls(stream, protocol, "mail.test", 1000), result);
    assert.deepEqual(left, []);
  });
}

test("keeps no endless answer", async () => {
  const flood = Array.from({ length: 3 }, () => Buffer.alloc(40_000, "x"));
  const host = createMemoryHost({ stream: () => ({ greeting: flood }) });
  const { signal } = new AbortController();
  const stream = await host.openStream("mail.test", 25, { timeoutMs: 1000, signal });
  assert.equal(await speakStarttls(stream, "smtp", "mail.test", 1000), "no SMTP greeting");
  assert.notEqual(await stream.read(10), "silence");
});

test("says no name that is none", async () => {
  const said: string[] = [];
  const host = createMemoryHost({
    stream: () => ({
      greeting: [bytes("220 x\r\n")],
      answer: (received) => {
        said.push(Buffer.from(received).toString());
        return [bytes("250 x\r\n")];
      },
    }),
  });
  const { signal } = new AbortController();
  const stream = await host.openStream("mail.test", 25, { timeoutMs: 1000, signal });
  await speakStarttls(stream, "smtp", "a\r\nRCPT TO:<b>", 1000);
  assert.deepEqual(said, ["EHLO localhost\r\n"]);
});
