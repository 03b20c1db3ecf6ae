import assert from "node:assert/strict";
import { test } from "node:test";
import { parseApache } from "../parsers/apache.ts";
import { parseCaddyfile } from "../parsers/caddyfile/parse.ts";
import { parseHaproxy } from "../parsers/haproxy.ts";
import { parseNginx } from "../parsers/nginx/parse.ts";
import { parseTraefikYaml } from "../parsers/traefik.ts";
import type { TlsListener, TlsSetting } from "./proxy-tls.ts";
import { apacheTls, protocolsOfWords } from "./proxy-tls-apache.ts";
import { caddyTls } from "./proxy-tls-caddy.ts";
import { haproxyTls } from "./proxy-tls-haproxy.ts";
import { nginxTls } from "./proxy-tls-nginx.ts";
import { traefikTls } from "./proxy-tls-traefik.ts";

function setting(one: TlsSetting<unknown>): string {
  if (one.state === "unset") return "-";
  if (one.state === "unknown") return `?(${one.why})`;
  const value = Array.isArray(one.value) ? one.value.join("+") : String(one.value);
  return `${value}@${one.at.file}:${one.at.line}`;
}

/** `names @ socket[*] protocols | ciphers | certificates`; `*` for the default server. */
function shown(one: TlsListener): string {
  const files = one.certificates.map(
    ({ file, keyFile, chainFile }) =>
      `${file}/${keyFile ?? "-"}${chainFile === undefined ? "" : `/${chainFile}`}`,
  );
  const own = one.overruled === undefined ? "" : ` (not ${setting(one.overruled.own)})`;
  return [
    `${one.names.join(",")} @ ${one.address}:${one.port}${one.isDefaultServer ? "*" : ""}`,
    `${setting(one.protocols)}${own}`,
    setting(one.ciphers),
    `${files.join(" ")}${one.otherCertificates === undefined ? "" : ` +${one.otherCertificates}`}`,
  ].join(" | ");
}

const places = { configurationDirectory: "/etc/nginx", prefixDirectory: "/usr/share/nginx" };
const nginx = (text: string) => nginxTls(parseNginx(text, "n.conf"), places);
const PAIR = "ssl_certificate c.pem;\nssl_certificate_key /k.pem;";

const NGINX: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "protocols of http reach the server",
    `http {\nssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers HIGH;\nserver { listen 443 ssl; server_name a.test;\n${PAIR} } }`,
    ["a.test @ *:443* | TLSv1.2+TLSv1.3@n.conf:2 | HIGH@n.conf:3 | /etc/nginx/c.pem//k.pem"],
  ],
  [
    "the server's own replace those of http",
    `http {\nssl_protocols TLSv1 TLSv1.2;\nserver { listen 443 ssl;\nssl_protocols TLSv1.3; } }`,
    [" @ *:443* | TLSv1.3@n.conf:4 | - | "],
  ],
  [
    "several in one block add up",
    "server { listen 443 ssl;\nssl_protocols TLSv1.3;\nssl_protocols TLSv1; }",
    [" @ *:443* | TLSv1+TLSv1.3@n.conf:2 | - | "],
  ],
  [
    "the default server of the socket decides for all",
    "server { listen 443 ssl; server_name a.test;\nssl_protocols TLSv1.2;\n}\nserver { listen 443 ssl default_server; server_name b.test;\nssl_protocols TLSv1.1; }",
    [
      "a.test @ *:443 | TLSv1.1@n.conf:5 (not TLSv1.2@n.conf:2) | - | ",
      "b.test @ *:443* | TLSv1.1@n.conf:5 | - | ",
    ],
  ],
  ["nothing set", "server { listen [::]:8443 ssl; server_name _; }", [" @ :::8443* | - | - | "]],
  ["no ssl", "server { listen 443; ssl_protocols TLSv1; }", []],
  [
    "a rejecting default server still decides",
    "server { listen 443 ssl default_server; ssl_reject_handshake on;\nssl_protocols TLSv1.2; }\nserver { listen 443 ssl; server_name a.test; }",
    [" @ *:443* | TLSv1.2@n.conf:2 | - | ", "a.test @ *:443 | TLSv1.2@n.conf:2 (not -) | - | "],
  ],
  [
    "two certificates, a variable, commands of OpenSSL",
    'server { listen 443 ssl; ssl_protocols TLSv1 TLSv1.2;\nssl_certificate a.pem; ssl_certificate b.pem; ssl_certificate "$x.pem"; ssl_certificate_key a.key; ssl_certificate_key /b.key;\nssl_conf_command MinProtocol TLSv1.2; ssl_conf_command CipherString AES128-SHA; ssl_ciphers HIGH; }',
    [
      ' @ *:443* | TLSv1.2@n.conf:1 | AES128-SHA@n.conf:3 | /etc/nginx/a.pem//etc/nginx/a.key /etc/nginx/b.pem//b.key +ssl_certificate "$x.pem"; at n.conf:2 is no plain file',
    ],
  ],
  [
    "the system's policy",
    "server { listen 443 ssl; ssl_ciphers PROFILE=SYSTEM; ssl_conf_command Protocol -TLSv1; }",
    [
      " @ *:443* | ?(ssl_conf_command Protocol at n.conf:1) | ?(PROFILE=SYSTEM at n.conf:1: the system's crypto policy decides) | ",
    ],
  ],
  [
    "stream",
    "stream { ssl_protocols TLSv1.2; server { listen 853 ssl; proxy_pass x:53; } }",
    [" @ *:853* | TLSv1.2@n.conf:1 | - | "],
  ],
];
for (const [name, text, expected] of NGINX) {
  test(`TLS of nginx: ${name}`, () => assert.deepEqual(nginx(text).map(shown), expected));
}

test("TLS of nginx: what an include that was not read may hold is not known", () => {
  const problem = { kind: "missing-include" as const, message: "", column: 1, file: "n.conf" };
  const text = (own: string) => `server { listen 443 ssl;\ninclude x.conf;\n${own}\n}`;
  const read = (own: string) =>
    nginxTls({ ...parseNginx(text(own), "n.conf"), problems: [{ ...problem, line: 2 }] }, places);
  const hole = "?(the file included at n.conf:2 was not read)";
  assert.deepEqual(read("").map(shown), [
    ` @ *:443* | ${hole} | ${hole} |  +the file included at n.conf:2 was not read`,
  ]);
  // Another ssl_protocols would add up with the server's own; another ssl_ciphers is an error.
  assert.deepEqual(read("ssl_protocols TLSv1.2; ssl_ciphers HIGH; ssl_certificate c;").map(shown), [
    ` @ *:443* | ${hole} | HIGH@n.conf:3 | /etc/nginx/c/-`,
  ]);
});

const CADDY: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "defaults",
    "a.test, b.test {\n respond x\n}",
    [
      "a.test @ *:443 | - | - |  +certificates Caddy gets by itself",
      "b.test @ *:443 | - | - |  +certificates Caddy gets by itself",
    ],
  ],
  ["plain", "http://a.test {\n respond x\n}", []],
  [
    "settings",
    "a.test {\n tls /c.pem /k.pem {\n  protocols tls1.3\n  ciphers TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\n }\n}",
    ["a.test @ *:443 | TLSv1.3@C:3 | TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA@C:4 | /c.pem//k.pem"],
  ],
  [
    "snippet and range",
    "(t) {\n tls internal {\n  protocols tls1.2 tls1.2\n }\n}\na.test {\n import t\n}",
    ["a.test @ *:443 | TLSv1.2@C:3 | - |  +certificates of Caddy's own authority"],
  ],
  [
    "no version, and a placeholder",
    "a.test {\n tls {\n  protocols tls1.0\n  ciphers {$CIPHERS}\n }\n}",
    [
      "a.test @ *:443 | ?(protocols tls1.0 at C:3 is no version of TLS) | ?({$CIPHERS} at C:4 has no value that is known here) |  +certificates Caddy gets by itself",
    ],
  ],
];
for (const [name, text, expected] of CADDY) {
  test(`TLS of Caddy: ${name}`, async () => {
    const surroundings = { environment: () => undefined, readImport: async () => [] };
    const caddyfile = await parseCaddyfile({ file: "C", text }, surroundings);
    assert.deepEqual(caddyTls(caddyfile, "/etc/caddy/Caddyfile").map(shown), expected);
  });
}

const HOST = (own: string) =>
  `<VirtualHost *:443>\nServerName a.test\nSSLEngine on\nSSLCertificateFile /c.pem\n${own}\n</VirtualHost>`;
const ALWAYS = ":!aNULL:!eNULL:!EXP";
const APACHE: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ["nothing set", HOST(""), ["a.test @ *:443* | - | - | /c.pem//c.pem"]],
  [
    "the main server's settings",
    `SSLProtocol all -SSLv3\nSSLCipherSuite HIGH\n${HOST("SSLCertificateKeyFile k.pem\nSSLCertificateChainFile chain.pem")}`,
    [
      `a.test @ *:443* | TLSv1+TLSv1.1+TLSv1.2+TLSv1.3@A:1 | HIGH${ALWAYS}@A:2 | /c.pem//etc/apache2/k.pem//etc/apache2/chain.pem`,
    ],
  ],
  [
    "the virtual host's own, and suites of TLS 1.3 apart",
    `SSLProtocol all\n${HOST("SSLProtocol -all +TLSv1.2\nSSLCipherSuite SSL AES128-SHA\nSSLCipherSuite TLSv1.3 TLS_AES_128_GCM_SHA256")}`,
    [`a.test @ *:443* | TLSv1.2@A:6 | AES128-SHA${ALWAYS}@A:7 | /c.pem//c.pem`],
  ],
  [
    "the first host of a socket is its default",
    `${HOST("")}\n${HOST("").replace("a.test", "b.test")}`,
    ["a.test @ *:443* | - | - | /c.pem//c.pem", "b.test @ *:443 | - | - | /c.pem//c.pem"],
  ],
  [
    "a variable, and commands of OpenSSL",
    HOST("SSLCipherSuite ${SUITES}\nSSLOpenSSLConfCmd Protocol ALL"),
    [
      "a.test @ *:443* | ?(SSLOpenSSLConfCmd sets the protocols at A:6) | ?(${SUITES} at A:5 is not known here) | /c.pem//c.pem",
    ],
  ],
];
for (const [name, text, expected] of APACHE) {
  test(`TLS of Apache: ${name}`, async () => {
    const surroundings = { defines: new Map<string, string>(), readInclude: async () => [] };
    const configuration = await parseApache({ file: "A", text }, surroundings);
    assert.deepEqual(apacheTls(configuration, "/etc/apache2").map(shown), expected);
  });
}

test("SSLProtocol: signs add and take away, a word without sign replaces", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["all -SSLv3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"],
    ["-all +TLSv1.2 +TLSv1.3", "TLSv1.2 TLSv1.3"],
    ["TLSv1.2 TLSv1.3", "TLSv1.3"],
    ["+TLSv1.2", "TLSv1.2"],
    ["ALL -sslv3 -TLSv1 -TLSv1.1", "TLSv1.2 TLSv1.3"],
    ["all", "SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"],
    ["toString", ""],
  ];
  for (const [words, protocols] of cases)
    assert.equal(protocolsOfWords(words.split(" ")).join(" "), protocols, words);
});

const HAPROXY: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "nothing set",
    "frontend f\n bind :443 ssl crt /c.pem\n bind :80",
    [" @ *:443* | - | - | /c.pem//c.pem"],
  ],
  [
    "defaults of global",
    "global\n ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n ssl-default-bind-ciphers HIGH\n crt-base /etc/crt\nfrontend f\n bind :443 ssl crt a.pem crt /d/",
    [" @ *:443* | TLSv1.2+TLSv1.3@H:2 | HIGH@H:3 | /etc/crt/a.pem//etc/crt/a.pem /d//d"],
  ],
  [
    "the bind's own before those of global",
    "global\n ssl-default-bind-options ssl-min-ver TLSv1.2\nfrontend f\n bind :443 ssl crt /c.pem ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.2 ciphers AES128-SHA",
    [" @ *:443* | TLSv1+TLSv1.1+TLSv1.2@H:4 | AES128-SHA@H:4 | /c.pem//c.pem"],
  ],
  [
    "refusals add up, force is one",
    "global\n ssl-default-bind-options no-sslv3 no-tlsv10\nfrontend f\n bind :443 ssl crt /c.pem no-tlsv11\n bind :444 ssl crt /c.pem force-tlsv12",
    [
      " @ *:443* | TLSv1.2+TLSv1.3@H:4 | - | /c.pem//c.pem",
      " @ *:444* | TLSv1.2@H:5 | - | /c.pem//c.pem",
    ],
  ],
  [
    "a list, and what is switched off",
    "frontend f\n bind :443 ssl crt-list /l.txt\nfrontend g\n disabled\n bind :444 ssl crt /c.pem",
    [" @ *:443* | - | - |  +a crt-list"],
  ],
];
for (const [name, text, expected] of HAPROXY) {
  test(`TLS of HAProxy: ${name}`, () => {
    const configuration = parseHaproxy([{ file: "H", text }], () => undefined);
    assert.deepEqual(haproxyTls(configuration).map(shown), expected);
  });
}

const ROUTER =
  'http:\n  routers:\n    a:\n      rule: "Host(`a.test`)"\n      entryPoints: websecure\n      tls: ';
const TRAEFIK: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ["nothing set", `${ROUTER}{}`, ["a.test @ *:443 | - | - |  +Traefik's own certificate"]],
  [
    "default options and a certificate",
    `${ROUTER}{}\ntls:\n  options:\n    default:\n      minVersion: VersionTLS12\n      cipherSuites:\n        - TLS_A\n        - TLS_B\n  certificates:\n    - certFile: /c.pem\n      keyFile: /k.pem`,
    ["a.test @ *:443 | TLSv1.2+TLSv1.3@T:10 | TLS_A,TLS_B@T:12 | /c.pem//k.pem"],
  ],
  [
    "options by name",
    `${ROUTER}\n        options: old@file\ntls:\n  options:\n    old:\n      minVersion: VersionTLS10\n      maxVersion: VersionTLS12`,
    ["a.test @ *:443 | TLSv1+TLSv1.1+TLSv1.2@T:11 | - |  +Traefik's own certificate"],
  ],
  [
    "options that are not there",
    `${ROUTER}\n        options: other@file\n        certResolver: le`,
    [
      'a.test @ *:443 | ?(the TLS options "other" are in no file that was read) | ?(the TLS options "other" are in no file that was read) |  +certificates of an ACME resolver',
    ],
  ],
];
for (const [name, text, expected] of TRAEFIK) {
  test(`TLS of Traefik: ${name}`, () => {
    const parsed = parseTraefikYaml("T", text);
    assert.ok(parsed.ok);
    const { settings } = parsed;
    assert.deepEqual(traefikTls(settings, settings, settings).map(shown), expected);
  });
}
