import assert from "node:assert/strict";
import { test } from "node:test";

import {
  configured,
  HUB,
  listening,
  PLAIN,
  pathFacts,
  route,
  runBy,
  running,
  TLS,
  WEB,
} from "../../route/example-facts.ts";
import { hubHttpsTerminationProxy } from "./https-termination-proxy.check.ts";

type Given = Parameters<typeof pathFacts>[0];

const listeners = [listening("127.0.0.1")];
const nginx = running("nginx");
const tls = route("127.0.0.1:8000");
const CERTIFICATE =
  "ssl_certificate /etc/letsencrypt/live/monitor.example.test/fullchain.pem; ssl_certificate_key /etc/letsencrypt/live/monitor.example.test/privkey.pem;";
const RELOAD = "nginx -t && systemctl reload nginx";
const composed = runBy({ services: [WEB] });
const noTls = (because: string, port = 443) => [{ ...TLS, port, isTls: false, because }];
const FIXES: readonly (readonly [name: string, given: Given, fix: string])[] = [
  [
    "listen without ssl",
    { listeners, routes: configured([{ ...tls, listeners: noTls("listen 443 without ssl") }]) },
    `In nginx.conf line 8 write: listen 443 ssl; with ssl_certificate and ssl_certificate_key in the same server block; then run: ${RELOAD}`,
  ],
  [
    "ssl on",
    { listeners, routes: configured([{ ...tls, listeners: noTls("ssl on was removed") }]) },
    `In nginx.conf line 8 write: listen 443 ssl; remove ssl on; with ssl_certificate and ssl_certificate_key in the same server block; then run: ${RELOAD}`,
  ],
  [
    "ssl without a certificate",
    { listeners, routes: configured([{ ...tls, listeners: noTls("listen has ssl but no x") }]) },
    `In nginx.conf line 8, in that server block, add: ${CERTIFICATE} then run: ${RELOAD}`,
  ],
  [
    "nginx in a container",
    {
      services: composed,
      routes: configured([route("web:8000", { listeners: [PLAIN] })], { running: nginx }),
    },
    `In nginx.conf add to the server block: listen 443 ssl; ${CERTIFICATE} then run: docker compose restart`,
  ],
  [
    "a Traefik label",
    {
      services: composed,
      routes: configured(
        [
          route("web:8000", {
            proxy: "traefik",
            file: "docker-compose.yml",
            excerpt: "http.routers.web.rule=Host(`monitor.example.test`)",
            listeners: noTls("router has no tls"),
          }),
        ],
        { running: running("traefik") },
      ),
    },
    "In docker-compose.yml add the label traefik.http.routers.web.tls=true; then run: docker compose up -d",
  ],
  [
    "HAProxy",
    {
      listeners,
      routes: configured([{ ...tls, proxy: "haproxy", listeners: noTls("bind without ssl") }], {
        running: running("haproxy"),
      }),
    },
    "In nginx.conf line 8 write: bind :443 ssl crt /etc/haproxy/monitor.example.test.pem; then run: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
  ],
  [
    "Apache",
    {
      listeners,
      routes: configured([{ ...tls, proxy: "apache", listeners: noTls("SSLEngine off") }], {
        running: running("apache"),
      }),
    },
    "In the virtual host of nginx.conf line 8 write: SSLEngine on, SSLCertificateFile /etc/letsencrypt/live/monitor.example.test/fullchain.pem, SSLCertificateKeyFile /etc/letsencrypt/live/monitor.example.test/privkey.pem; then run: apachectl configtest && systemctl reload apache2",
  ],
  [
    "Caddy that leads elsewhere",
    {
      listeners,
      routes: configured([route("127.0.0.1:9999", { proxy: "caddy", file: "Caddyfile" })], {
        running: running("caddy"),
      }),
    },
    "In Caddyfile write: monitor.example.test { reverse_proxy 127.0.0.1:8000 }; then run: systemctl reload caddy",
  ],
  [
    "an application on the proxy's own port",
    { listeners: [listening("0.0.0.0", 443)], routes: configured([], { running: [] }) },
    "Run: certbot --nginx -d NAME, with server { listen 443 ssl; server_name NAME; ssl_certificate /etc/letsencrypt/live/NAME/fullchain.pem; ssl_certificate_key /etc/letsencrypt/live/NAME/privkey.pem; location / { proxy_pass http://127.0.0.1:8000; } }; or in a Caddyfile: NAME { reverse_proxy 127.0.0.1:8000 }",
  ],
];

for (const [name, given, fix] of FIXES)
  test(`hub.https-termination/proxy: the fix for ${name}`, () => {
    const outcome = hubHttpsTerminationProxy.evaluate({ mode: HUB }, pathFacts(given));
    assert.equal("findings" in outcome && outcome.findings[0].fix, fix);
  });
