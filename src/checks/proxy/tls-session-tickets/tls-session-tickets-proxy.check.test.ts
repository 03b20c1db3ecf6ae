import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyTlsSessionTicketsProxy,
  tlsSessionTickets,
} from "./tls-session-tickets-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const tls = (text: string): string => `http {\n${text}\nserver {\nlisten 443 ssl;\n}\n}`;
const cases: readonly Case[] = [
  ["off", tls("ssl_session_tickets off;"), []],
  ["on by default", tls(""), ["tls-session-tickets:1 note"]],
  ["on", tls("ssl_session_tickets on;"), ["tls-session-tickets:2 note"]],
  ["on, renewed", tls("ssl_session_cache shared:S:1m;"), [], { version: "1.23.2" }],
  [
    "on, not yet renewed",
    tls("ssl_session_cache shared:S:1m;"),
    ["tls-session-tickets:1 note"],
    { version: "1.23.1" },
  ],
  [
    "renewed only with shared memory",
    tls("ssl_session_cache builtin;"),
    ["tls-session-tickets:1 note"],
    { version: "1.27.0" },
  ],
  ["keys from a file", tls("ssl_session_ticket_key k;"), []],
  ["no TLS", "server {\nlisten 80;\n}", []],
  ["a server that rejects", "server {\nlisten 443 ssl;\nssl_reject_handshake on;\n}", []],
  [
    "off in http, on in the server",
    "http {\nssl_session_tickets off;\nserver {\nlisten 443 ssl;\nssl_session_tickets on;\n}\n}",
    ["tls-session-tickets:5 note"],
  ],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.tls-session-tickets: ${name}`, () =>
    assert.deepEqual(found([tlsSessionTickets], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nlisten 443 ssl;\n}", "pass"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.tls-session-tickets/proxy: ${status}`, () =>
    assert.equal(proxyTlsSessionTicketsProxy.evaluate({}, nginxWanted(text)).status, status));
}
