import assert from "node:assert/strict";
import { test } from "node:test";

import { found } from "../../nginx/example-model.ts";
import { nginxWanted } from "../../proxy-rules/example-wanted.ts";
import { behindOthers, proxyHttpsRedirectProxy } from "./https-redirect-proxy.check.ts";
import { tlsMissing } from "./redirect-rules.ts";

const APP = "location / { proxy_pass http://127.0.0.1:8000; }";

function beside(server: string): string {
  return `http { server { listen 443 ssl; server_name a.test www.a.test; ${APP} }\n${server} }`;
}

const statuses: readonly [name: string, text: string, status: string][] = [
  [
    "redirected",
    beside(
      `server { listen 80; server_name a.test www.a.test; return 301 https://$host$request_uri; }`,
    ),
    "pass",
  ],
  [
    "temporarily",
    beside("server { listen 80; server_name a.test; return 302 https://a.test; }"),
    "warn",
  ],
  ["in clear", beside(`server { listen 80; server_name a.test; ${APP} }`), "fail"],
  ["loopback alone", "http { server { listen 127.0.0.1:80; root /srv; } }", "skip"],
];

for (const [name, text, status] of statuses) {
  test(`proxy.https-redirect: ${name} is ${status}`, () => {
    assert.equal(proxyHttpsRedirectProxy.evaluate({}, nginxWanted(text)).status, status);
  });
}

test("behind another proxy that speaks TLS, what has none may have it there", () => {
  const text = "http { server {\nlisten 80; server_name a.test; root /srv; } }";
  const caddy = [{ proxy: "caddy", file: "Caddyfile" }] as const;
  const nginx = [{ proxy: "nginx", file: "nginx.conf" }] as const;
  assert.deepEqual(found([behindOthers(tlsMissing, caddy)], text), ["tls-missing:1 warn"]);
  assert.deepEqual(found([behindOthers(tlsMissing, nginx)], text), ["tls-missing:1 fail"]);
  assert.deepEqual(found([behindOthers(tlsMissing, [])], text), ["tls-missing:1 fail"]);
});
