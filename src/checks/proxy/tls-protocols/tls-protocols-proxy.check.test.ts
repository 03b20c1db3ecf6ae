import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  proxyTlsProtocolsProxy,
  tlsLegacyProtocol,
  tlsProtocolOverruled,
} from "./tls-protocols-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const ONE = (setting: string): string => `http {\n${setting}\nserver {\nlisten 443 ssl;\n}\n}`;
const OPENSSL_3 = { version: "1.22.1", openssl: "3.0.17" };
const OPENSSL_1 = { version: "1.22.1", openssl: "1.1.1" };

const set: readonly Case[] = [
  ["1.2 and 1.3", ONE("ssl_protocols TLSv1.2 TLSv1.3;"), []],
  ["1.0, nothing known", ONE("ssl_protocols TLSv1 TLSv1.2;"), ["tls-legacy-protocol:2 fail"]],
  ["SSLv3", ONE("ssl_protocols SSLv3 TLSv1.2;"), ["tls-legacy-protocol:2 fail"]],
  [
    "over lines with a comment",
    ONE("ssl_protocols\n# old\nTLSv1.1\nTLSv1.2;"),
    ["tls-legacy-protocol:2 fail"],
  ],
  ["a comment", ONE("ssl_protocols TLSv1.2; # TLSv1"), []],
  [
    "two directives add up",
    ONE("ssl_protocols TLSv1.2;\nssl_protocols TLSv1.1;"),
    ["tls-legacy-protocol:3 fail"],
  ],
  [
    "OpenSSL 3 refuses",
    ONE("ssl_protocols TLSv1 TLSv1.2;"),
    ["tls-legacy-protocol:2 warn"],
    OPENSSL_3,
  ],
  [
    "OpenSSL 3 at level 0",
    ONE("ssl_ciphers DEFAULT:@SECLEVEL=0; ssl_protocols TLSv1 TLSv1.2;"),
    ["tls-legacy-protocol:2 fail"],
    OPENSSL_3,
  ],
  [
    "OpenSSL 1.1 speaks 1.0",
    ONE("ssl_protocols TLSv1;"),
    ["tls-legacy-protocol:2 fail"],
    OPENSSL_1,
  ],
  [
    "OpenSSL 1.1 has no SSLv3",
    ONE("ssl_protocols SSLv3;"),
    ["tls-legacy-protocol:2 warn"],
    OPENSSL_1,
  ],
  ["MinProtocol refuses", ONE("ssl_conf_command MinProtocol TLSv1.2; ssl_protocols TLSv1;"), []],
  ["Protocol decides", ONE("ssl_conf_command Protocol TLSv1.2; ssl_protocols TLSv1;"), []],
  ["a server without TLS", "server {\nlisten 80;\nssl_protocols TLSv1;\n}", []],
  [
    "every server overrides http",
    "http {\nssl_protocols TLSv1;\nserver {\nlisten 443 ssl;\nssl_protocols TLSv1.2;\n}\n}",
    [],
  ],
  [
    "a stream",
    "stream {\nserver {\nlisten 443 ssl;\nssl_protocols TLSv1;\n}\n}",
    ["tls-legacy-protocol:4 fail"],
  ],
  [
    "ssl on",
    "server {\nlisten 443;\nssl on;\nssl_protocols TLSv1;\n}",
    ["tls-legacy-protocol:4 fail"],
  ],
  [
    "one directive, two sockets",
    "http {\nssl_protocols TLSv1;\nserver {\nlisten 443 ssl;\nlisten [::]:443 ssl;\n}\n}",
    ["tls-legacy-protocol:2 fail"],
  ],
];

const unset: readonly Case[] = [
  ["nothing known", ONE(""), ["tls-legacy-protocol:1 warn"]],
  ["1.27.3", ONE(""), [], { version: "1.27.3" }],
  ["1.27.2", ONE(""), ["tls-legacy-protocol:1 warn"], { version: "1.27.2" }],
  ["1.22.1 with OpenSSL 1.1", ONE(""), ["tls-legacy-protocol:1 fail"], OPENSSL_1],
  ["1.22.1 with OpenSSL 3", ONE(""), ["tls-legacy-protocol:1 warn"], OPENSSL_3],
  ["a snippet", "server {\nlisten 443 ssl;\n}", ["tls-legacy-protocol:1 warn"]],
];

const shared = (first: string, second: string): string =>
  `server {\nlisten 443 ssl;\n${first}\n}\nserver {\nlisten 443 ssl;\n${second}\n}`;
const MODERN = "ssl_protocols TLSv1.2;";
const OLD = "ssl_protocols TLSv1.1;";

const sockets: readonly Case[] = [
  ["the default server decides", shared(OLD, MODERN), ["tls-legacy-protocol:3 fail"]],
  ["another may be overruled", shared(MODERN, OLD), ["tls-legacy-protocol:7 warn"]],
  ["until 1.28", shared(MODERN, OLD), ["tls-protocol-overruled:7 note"], { version: "1.28.9" }],
  [
    "from 1.29 on each counts",
    shared(MODERN, OLD),
    ["tls-legacy-protocol:7 fail"],
    { version: "1.29.0" },
  ],
  [
    "a default that rejects and sets nothing",
    shared("ssl_reject_handshake on;", MODERN),
    ["tls-protocol-overruled:1 note"],
  ],
  [
    "the same where it is known to decide",
    shared("ssl_reject_handshake on;", MODERN),
    ["tls-legacy-protocol:1 fail"],
    OPENSSL_1,
  ],
  [
    "a default that rejects, others unset",
    shared("ssl_reject_handshake on;", ""),
    ["tls-legacy-protocol:1 warn"],
  ],
  [
    "default_server further down",
    shared(OLD, MODERN).replace(
      "ssl;\nssl_protocols TLSv1.2",
      "ssl default_server;\nssl_protocols TLSv1.2",
    ),
    ["tls-legacy-protocol:3 warn"],
  ],
];

for (const [name, text, expected, build] of [...set, ...unset, ...sockets]) {
  test(`proxy.tls-protocols: ${name}`, () =>
    assert.deepEqual(found([tlsLegacyProtocol, tlsProtocolOverruled], text, build), expected));
}

const statuses: readonly [name: string, text: string, status: string][] = [
  ["good", ONE(MODERN), "pass"],
  ["old", ONE(OLD), "fail"],
  ["not set", ONE(""), "warn"],
  ["no TLS", "server {\nlisten 80;\n}", "skip"],
];
for (const [name, text, status] of statuses) {
  test(`proxy.tls-protocols/proxy: ${name} is ${status}`, () =>
    assert.equal(proxyTlsProtocolsProxy.evaluate({}, nginxWanted(text)).status, status));
}

test("proxy.tls-protocols/proxy: the finding says where, for whom, and what to write", () => {
  const text = `http {\n  ssl_protocols TLSv1 TLSv1.2;\n  server { listen 443 ssl; server_name a.test; }\n}`;
  const outcome = proxyTlsProtocolsProxy.evaluate({}, nginxWanted(text, OPENSSL_3));
  assert.deepEqual("findings" in outcome && outcome.findings, [
    {
      rule: "tls-legacy-protocol",
      status: "warn",
      subject: "a.test",
      message:
        "nginx is told to speak TLSv1; OpenSSL 3.0.17 refuses it as it is built, another build would not (a.test)",
      fix: "Write: ssl_protocols TLSv1.2 TLSv1.3;",
      evidence: [
        { file: "nginx.conf", line: 2, column: 3, excerpt: "ssl_protocols TLSv1 TLSv1.2;" },
      ],
      edits: [
        {
          file: "nginx.conf",
          line: 2,
          column: 3,
          action: "replace",
          text: "ssl_protocols TLSv1.2;",
        },
      ],
    },
  ]);
});
