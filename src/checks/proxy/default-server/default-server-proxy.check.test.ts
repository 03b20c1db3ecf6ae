import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import type { NginxBuild } from "../../nginx/model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import {
  noDefaultServer,
  proxyDefaultServerProxy,
  tlsNoDefaultServer,
} from "./default-server-proxy.check.ts";

type Case = readonly [name: string, text: string, expected: readonly string[], build?: NginxBuild];

const cases: readonly Case[] = [
  [
    "one TLS server",
    "server {\nlisten 443 ssl;\nserver_name a.test;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["tls-no-default-server:2 warn"],
  ],
  [
    "one plain server",
    "server {\nlisten 80;\nserver_name a.test;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["no-default-server:2 warn"],
  ],
  [
    "listen implied",
    "server {\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["no-default-server:1 warn"],
  ],
  [
    "both sockets of TLS, once",
    "server {\nlisten 443 ssl;\nlisten [::]:443 ssl;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["tls-no-default-server:2 warn"],
  ],
  [
    "a rejecting one",
    "server {\nlisten 443 ssl default_server;\nssl_reject_handshake on;\n}\nserver {\nlisten 443 ssl;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  [
    "a rejecting one, of IPv4 alone",
    "server {\nlisten 443 ssl default_server;\nssl_reject_handshake on;\n}\nserver {\nlisten 443 ssl;\nlisten [::]:443 ssl;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["tls-no-default-server:7 warn"],
  ],
  [
    "a rejecting one that is not the default",
    "server {\nlisten 443 ssl;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}\nserver {\nlisten 443 ssl;\nssl_reject_handshake on;\n}",
    ["tls-no-default-server:2 warn"],
  ],
  [
    "one that returns 444",
    "server {\nlisten 80;\nreturn 444;\n}\nserver {\nlisten 80;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  ["one that redirects", "server {\nlisten 80;\nreturn 301 https://$host$request_uri;\n}", []],
  [
    "the application, marked default_server",
    "server {\nlisten 443 ssl default_server;\nserver_name _;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    ["tls-no-default-server:2 warn"],
  ],
  [
    "turning away other names",
    "server {\nlisten 443 ssl;\nserver_name a.test;\nif ($host != a.test) { return 444; }\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  [
    "only this machine gets there",
    "server {\nlisten 127.0.0.1:80;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  [
    "a unix socket",
    "server {\nlisten unix:/run/n.sock;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}",
    [],
  ],
  ["files", "server {\nlisten 80;\nroot /srv;\n}", ["no-default-server:2 warn"]],
  [
    "a redirect beside the files of an ACME client",
    "server {\nlisten 80;\nlocation /.well-known/acme-challenge/ {\nroot /srv;\n}\nlocation / {\nreturn 301 https://a.test;\n}\n}",
    [],
  ],
  [
    "a redirect of all that is not TLS",
    "server {\nlisten 80;\nif ($scheme = http) { return 301 https://a.test; }\nroot /srv;\n}",
    [],
  ],
  [
    "the same on a TLS socket",
    "server {\nlisten 443 ssl;\nif ($scheme = http) { return 301 https://a.test; }\nroot /srv;\n}",
    ["tls-no-default-server:2 warn"],
  ],
  ["what could not be read", "http {\ninclude gone;\nserver {\nlisten 80;\nroot /srv;\n}\n}", []],
];
for (const [name, text, expected, build] of cases) {
  test(`proxy.default-server: ${name}`, () =>
    assert.deepEqual(found([tlsNoDefaultServer, noDefaultServer], text, build), expected));
}

const statuses: readonly [text: string, status: string][] = [
  ["server {\nlisten 443 ssl;\nlocation / {\nproxy_pass http://127.0.0.1;\n}\n}", "warn"],
  ["server {\nlisten 443 ssl;\nssl_reject_handshake on;\n}", "pass"],
];
for (const [text, status] of statuses) {
  test(`proxy.default-server/proxy: ${status}`, () =>
    assert.equal(proxyDefaultServerProxy.evaluate({}, nginxWanted(text)).status, status));
}

const suggested = (text: string, version?: string) => {
  const outcome = proxyDefaultServerProxy.evaluate(
    {},
    nginxWanted(text, version === undefined ? {} : { version }),
  );
  return "findings" in outcome ? outcome.findings[0].edits : undefined;
};

test("a server is suggested that refuses on the same sockets, in front", () => {
  const text =
    "server {\n listen 443 ssl default_server http2;\n listen [::]:443 ssl;\n ssl_protocols TLSv1.2;\n server_name a.test;\n root /srv;\n}";
  assert.deepEqual(suggested(text), [
    {
      file: "nginx.conf",
      line: 1,
      column: 1,
      action: "insert-before",
      text: "server { listen 443 ssl default_server; listen [::]:443 ssl default_server; ssl_protocols TLSv1.2; server_name _; ssl_reject_handshake on; return 444; }",
    },
    { file: "nginx.conf", line: 2, column: 2, action: "replace", text: "listen 443 ssl http2;" },
  ]);
});

test("versions without ssl_reject_handshake need a certificate for it: nothing is suggested", () => {
  const text = "server {\n listen 443 ssl;\n server_name a.test;\n root /srv;\n}";
  assert.equal(suggested(text, "1.19.3"), undefined);
  assert.equal(suggested(text, "1.19.4")?.length, 1);
});

// Behind another default server nginx gives it no request that has a Host.
for (const name of ["", " server_name _;\n", ' server_name "";\n']) {
  test(`no diff takes away what a server serves by having no name:${name.trimEnd()}`, () =>
    assert.equal(suggested(`server {\n listen 80;\n${name} root /srv;\n}`), undefined));
}
