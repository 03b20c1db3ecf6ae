import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyTlsCiphersProxy,
  tlsCbcCiphers,
  tlsCiphersNotSet,
  tlsNoForwardSecrecy,
  tlsNoServerCipherPreference,
  tlsWeakCiphers,
} from "./tls-ciphers-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const list = (text: string): string =>
  `http {\nssl_ciphers ${text};\nserver {\nlisten 443 ssl;\n}\n}`;
const AEAD = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305";
const WEAK_FAIL = ["tls-weak-ciphers:2 fail"];
const WEAK_WARN = ["tls-weak-ciphers:2 warn"];

const weak: readonly Case[] = [
  ["AEAD only", list(AEAD), []],
  ["weak names only as exclusions", list("EECDH+AESGCM:!RC4:!3DES:!MD5:!aNULL:!EXPORT:!NULL"), []],
  ["HIGH without weak ones", list("HIGH:!aNULL:!MD5"), []],
  ["MEDIUM, no OpenSSL known", list("HIGH:MEDIUM:!aNULL:!MD5"), WEAK_WARN],
  ["RC4 and 3DES, no OpenSSL known", list("ALL:!aNULL:RC4+RSA:+HIGH:3DES"), WEAK_WARN],
  ["RC4 named, OpenSSL 3", list(`${AEAD}:RC4-SHA`), WEAK_WARN, { openssl: "3.0.17" }],
  ["RC4 named, OpenSSL 1.0.2", list(`${AEAD}:RC4-SHA`), WEAK_FAIL, { openssl: "1.0.2" }],
  ["anonymous at level 0", list('"HIGH:aNULL:@SECLEVEL=0"'), WEAK_FAIL],
  [
    "anonymous at level 0, OpenSSL 3",
    list('"HIGH:aNULL:@SECLEVEL=0"'),
    WEAK_FAIL,
    { openssl: "3.0.17" },
  ],
  ["anonymous, refused by the level", list("HIGH:aNULL"), WEAK_WARN, { openssl: "3.0.17" }],
  ["no encryption at level 0", list("eNULL:@SECLEVEL=0"), WEAK_FAIL],
  ["level 0 alone", list(`${AEAD}:@SECLEVEL=0`), WEAK_WARN],
  ["level 1", list(`${AEAD}:@SECLEVEL=1`), []],
  ["export, removed again", list(`${AEAD}:EXPORT:-EXPORT`), []],
  ["export", list(`${AEAD}:EXPORT`), WEAK_WARN],
  ["ssl_conf_command wins", list(`RC4-SHA; ssl_conf_command CipherString ${AEAD}`), []],
  [
    "ssl_conf_command is judged",
    list(`${AEAD};\nssl_conf_command CipherString RC4-SHA`),
    ["tls-weak-ciphers:3 warn"],
  ],
  ["the machine's policy", list("PROFILE=SYSTEM"), []],
  ["TLS 1.3 alone", list("RC4-SHA; ssl_protocols TLSv1.3"), []],
  ["no TLS", "server {\nlisten 80;\nssl_ciphers RC4-SHA;\n}", []],
  [
    "a server that rejects",
    "server {\nlisten 443 ssl;\nssl_reject_handshake on;\nssl_ciphers RC4-SHA;\n}",
    [],
  ],
  [
    "each server's own list",
    `http {\nssl_ciphers RC4-SHA;\nserver {\nlisten 443 ssl;\nssl_ciphers ${AEAD};\n}\n}`,
    [],
  ],
  [
    "a stream",
    "stream {\nserver {\nlisten 443 ssl;\nssl_ciphers RC4-SHA;\n}\n}",
    ["tls-weak-ciphers:4 warn"],
  ],
];
for (const [name, text, expected, build] of weak) {
  test(`tls-weak-ciphers: ${name}`, () =>
    assert.deepEqual(found([tlsWeakCiphers], text, build), expected));
}

const OTHERS = [tlsNoForwardSecrecy, tlsCbcCiphers, tlsCiphersNotSet, tlsNoServerCipherPreference];
const others: readonly Case[] = [
  ["AEAD only, the client's order", list(`${AEAD}; ssl_prefer_server_ciphers off`), []],
  [
    "the seed's own list",
    list("HIGH:!aNULL:!MD5; ssl_prefer_server_ciphers on"),
    ["tls-cbc-ciphers:2 warn", "tls-no-forward-secrecy:2 warn"],
  ],
  [
    "CBC with forward secrecy, the client's order",
    list(`${AEAD}:ECDHE-RSA-AES128-SHA;\nssl_prefer_server_ciphers off`),
    ["tls-cbc-ciphers:2 warn", "tls-no-server-cipher-preference:3 note"],
  ],
  [
    "RSA key exchange, no order told",
    list(`${AEAD}:AES128-GCM-SHA256`),
    ["tls-no-server-cipher-preference:1 note", "tls-no-forward-secrecy:2 warn"],
  ],
  [
    "no order told in a server's own list",
    `http {\nserver {\nlisten 443 ssl;\nssl_ciphers ${AEAD}:AES128-GCM-SHA256;\n}\n}`,
    ["tls-no-server-cipher-preference:2 note", "tls-no-forward-secrecy:4 warn"],
  ],
  ["nothing strong in it", list("AES128-SHA"), ["tls-no-forward-secrecy:2 warn"]],
  ["not set", "http {\nserver {\nlisten 443 ssl;\n}\n}", ["tls-ciphers-not-set:1 warn"]],
  [
    "not set, in two servers",
    "http {\nserver {\nlisten 443 ssl;\n}\nserver {\nlisten 443 ssl;\n}\n}",
    ["tls-ciphers-not-set:1 warn"],
  ],
  ["not set, where it rejects", "server {\nlisten 443 ssl;\nssl_reject_handshake on;\n}", []],
  ["not set, TLS 1.3 alone", "server {\nlisten 443 ssl;\nssl_protocols TLSv1.3;\n}", []],
];
for (const [name, text, expected, build] of others) {
  test(`proxy.tls-ciphers: ${name}`, () => assert.deepEqual(found(OTHERS, text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [list(AEAD), "pass"],
  [list("HIGH:!aNULL:!MD5"), "warn"],
  [list("eNULL:@SECLEVEL=0"), "fail"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.tls-ciphers/proxy: ${status}`, () =>
    assert.equal(proxyTlsCiphersProxy.evaluate({}, nginxWanted(text)).status, status));
}

test("proxy.tls-ciphers/proxy: the message names suites, and what the OpenSSL at hand makes of them", () => {
  const build = { version: "1.22.1", openssl: "3.0.17" };
  const outcome = proxyTlsCiphersProxy.evaluate({}, nginxWanted(list(`${AEAD}:RC4-SHA`), build));
  assert.equal(
    "findings" in outcome && outcome.findings[0].message,
    "The list allows RC4 (TLS_RSA_WITH_RC4_128_SHA); OpenSSL 3.0.17 does not offer them, another build would (*:443)",
  );
});
