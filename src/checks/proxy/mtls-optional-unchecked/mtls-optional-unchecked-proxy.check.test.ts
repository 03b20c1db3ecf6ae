import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  mtlsOptionalUnchecked,
  proxyMtlsOptionalUncheckedProxy,
} from "./mtls-optional-unchecked-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const app = (server: string, location = ""): string =>
  `server {\nlisten 443 ssl;\n${server}\nlocation / {\nproxy_pass http://127.0.0.1:8000;\n${location}\n}\n}`;
const cases: readonly Case[] = [
  ["on", app("ssl_verify_client on;"), []],
  ["off", app("ssl_verify_client off;"), []],
  [
    "optional, not looked at",
    app("ssl_verify_client optional;"),
    ["mtls-optional-unchecked:3 fail"],
  ],
  ["optional_no_ca", app("ssl_verify_client optional_no_ca;"), ["mtls-optional-unchecked:3 fail"]],
  [
    "a condition in the server",
    app("ssl_verify_client optional; if ($ssl_client_verify != SUCCESS) { return 403; }"),
    [],
  ],
  [
    "a condition in the location",
    app("ssl_verify_client optional;", "if ($ssl_client_verify != SUCCESS) { return 403; }"),
    [],
  ],
  [
    "handed to the application",
    app("ssl_verify_client optional;", "proxy_set_header X-Verified $ssl_client_verify;"),
    [],
  ],
  [
    "its name handed on",
    app("ssl_verify_client optional;", "proxy_set_header X-DN $ssl_client_s_dn;"),
    [],
  ],
  [
    "a name nobody verified",
    app("ssl_verify_client optional_no_ca;", "proxy_set_header X-DN $ssl_client_s_dn;"),
    ["mtls-optional-unchecked:3 fail"],
  ],
  [
    "the certificate itself handed on",
    app("ssl_verify_client optional_no_ca;", "proxy_set_header X-Cert $ssl_client_escaped_cert;"),
    [],
  ],
  [
    "a field sent back decides nothing",
    app("ssl_verify_client optional;", "add_header X-Verified $ssl_client_verify;"),
    ["mtls-optional-unchecked:3 fail"],
  ],
  [
    "a log decides nothing",
    "http {\nlog_format a $ssl_client_verify;\nserver {\nlisten 443 ssl;\nssl_verify_client optional;\naccess_log /l a;\n}\n}",
    ["mtls-optional-unchecked:5 fail"],
  ],
  [
    "a map that is used",
    "http {\nmap $ssl_client_verify $no {\ndefault 1;\nSUCCESS 0;\n}\nserver {\nlisten 443 ssl;\nssl_verify_client optional;\nif ($no) { return 403; }\n}\n}",
    [],
  ],
  [
    "a map that is not used",
    "http {\nmap $ssl_client_verify $no {\ndefault 1;\nSUCCESS 0;\n}\nserver {\nlisten 443 ssl;\nssl_verify_client optional;\n}\n}",
    ["mtls-optional-unchecked:8 fail"],
  ],
  [
    "a field of http",
    "http {\nproxy_set_header X-Verified $ssl_client_verify;\nserver {\nlisten 443 ssl;\nssl_verify_client optional;\n}\n}",
    [],
  ],
  [
    "a script",
    'server {\nlisten 443 ssl;\nssl_verify_client optional;\naccess_by_lua_block {\nif ngx.var.ssl_client_verify ~= "SUCCESS" then ngx.exit(403) end\n}\n}',
    [],
  ],
  [
    "of one server, not of the other",
    "http {\nssl_verify_client optional;\nserver {\nlisten 443 ssl;\nif ($ssl_client_verify != SUCCESS) { return 403; }\n}\nserver {\nlisten 443 ssl;\n}\n}",
    ["mtls-optional-unchecked:2 fail"],
  ],
  ["a server that redirects", app("ssl_verify_client optional; return 301 https://a.test;"), []],
  ["no TLS", "server {\nlisten 80;\nssl_verify_client optional;\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.mtls-optional-unchecked: ${name}`, () =>
    assert.deepEqual(found([mtlsOptionalUnchecked], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  [app("ssl_verify_client on;"), "pass"],
  [app("ssl_verify_client optional;"), "fail"],
  ["server {\nlisten 80;\n}", "skip"],
];
for (const [text, status] of statuses) {
  test(`proxy.mtls-optional-unchecked/proxy: ${status}`, () =>
    assert.equal(proxyMtlsOptionalUncheckedProxy.evaluate({}, nginxWanted(text)).status, status));
}
