import assert from "node:assert/strict";
import { describe, test } from "node:test";

import type { AnyCheck } from "../../core/check.ts";
import { headersDisclosureProxy } from "../headers/disclosure/disclosure-proxy.check.ts";
import { hstsConfiguredProxy } from "../hsts/configured/configured-proxy.check.ts";
import { hstsMaxAgeProxy } from "../hsts/max-age/max-age-proxy.check.ts";
import { proxyAccessLogOffProxy } from "../proxy/access-log-off/access-log-off-proxy.check.ts";
import { proxyAutoindexProxy } from "../proxy/autoindex/autoindex-proxy.check.ts";
import { proxyBodySizeProxy } from "../proxy/body-size/body-size-proxy.check.ts";
import { proxyDefaultServerProxy } from "../proxy/default-server/default-server-proxy.check.ts";
import { proxyDotfilesNotDeniedProxy } from "../proxy/dotfiles-not-denied/dotfiles-not-denied-proxy.check.ts";
import { proxyForwardedHeadersProxy } from "../proxy/forwarded-headers/forwarded-headers-proxy.check.ts";
import { proxyHttp2Proxy } from "../proxy/http2/http2-proxy.check.ts";
import { proxyHttpsRedirectProxy } from "../proxy/https-redirect/https-redirect-proxy.check.ts";
import { proxyMetricsExposedProxy } from "../proxy/metrics-exposed/metrics-exposed-proxy.check.ts";
import { proxyRateLimitProxy } from "../proxy/rate-limit/rate-limit-proxy.check.ts";
import { proxyRealipTrustAnyProxy } from "../proxy/realip-trust-any/realip-trust-any-proxy.check.ts";
import { proxyStatusPageExposedProxy } from "../proxy/status-page-exposed/status-page-exposed-proxy.check.ts";
import { proxyTlsCiphersProxy } from "../proxy/tls-ciphers/tls-ciphers-proxy.check.ts";
import { proxyTlsProtocolsProxy } from "../proxy/tls-protocols/tls-protocols-proxy.check.ts";
import { proxyUpstreamPlaintextRemoteProxy } from "../proxy/upstream-plaintext-remote/upstream-plaintext-remote-proxy.check.ts";
import { proxyUpstreamTlsUnverifiedProxy } from "../proxy/upstream-tls-unverified/upstream-tls-unverified-proxy.check.ts";
import { proxyWebsocketProxy } from "../proxy/websocket/websocket-proxy.check.ts";
import type { ProxyWanted } from "../proxy-rules/wanted.ts";
import { apacheWanted, caddyWanted, haproxyWanted, traefikWanted } from "./example-sites.ts";

/** Every control that all proxies share passes on this one, or has no subject there. */
interface Product {
  readonly good: string;
  readonly read: (text: string) => ProxyWanted | Promise<ProxyWanted>;
  readonly skips: readonly AnyCheck[];
  /** A control, what of the good text is changed into what, and what is found then. */
  readonly bad: readonly (readonly [
    check: AnyCheck,
    from: string,
    to: string,
    expected: readonly string[],
  ])[];
}

const CONTROLS: readonly AnyCheck[] = [
  headersDisclosureProxy,
  hstsConfiguredProxy,
  hstsMaxAgeProxy,
  proxyAccessLogOffProxy,
  proxyAutoindexProxy,
  proxyBodySizeProxy,
  proxyDefaultServerProxy,
  proxyDotfilesNotDeniedProxy,
  proxyForwardedHeadersProxy,
  proxyHttp2Proxy,
  proxyHttpsRedirectProxy,
  proxyMetricsExposedProxy,
  proxyRateLimitProxy,
  proxyRealipTrustAnyProxy,
  proxyStatusPageExposedProxy,
  proxyTlsCiphersProxy,
  proxyTlsProtocolsProxy,
  proxyUpstreamPlaintextRemoteProxy,
  proxyUpstreamTlsUnverifiedProxy,
  proxyWebsocketProxy,
];

function verdict(check: AnyCheck, wanted: ProxyWanted): readonly string[] {
  const others = Object.keys(check.wants).map((name) => [
    name,
    { state: "absent", because: "not looked at" },
  ]);
  const outcome = check.evaluate({}, { ...Object.fromEntries(others), ...wanted });
  switch (outcome.status) {
    case "unknown":
      return [`unknown ${outcome.problem.code}`];
    case "warn":
    case "fail":
      return outcome.findings.map(
        ({ rule, status, evidence: [{ line }] }) => `${status} ${rule}:${line}`,
      );
    case "pass":
      return [
        "pass",
        ...(outcome.notes ?? []).map(({ rule, evidence: [{ line }] }) => `note ${rule}:${line}`),
      ];
    case "skip":
      return ["skip"];
  }
}

const CADDY = `{
	servers {
		trusted_proxies static 10.0.0.1/32
	}
}
a.test {
	log
	header Strict-Transport-Security max-age=31536000
	rate_limit {
		zone app {
			key {remote_host}
			events 10
			window 1s
		}
	}
	request_body {
		max_size 10MB
	}
	handle /ws/* {
		reverse_proxy 127.0.0.1:8001
	}
	handle_path /files/* {
		root * /srv
		file_server {
			hide .*
		}
	}
	handle {
		reverse_proxy 127.0.0.1:8000 {
			header_up X-Real-IP {remote_host}
		}
	}
}
`;

const APACHE = `ServerTokens Prod
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 10.0.0.1
LimitRequestBody 10485760
QS_SrvMaxConnPerIP 50
QS_ClientEventPerSecLimit 10
Protocols h2 http/1.1
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256
<VirtualHost *:443>
ServerName default.invalid
SSLEngine on
SSLCertificateFile /c.pem
CustomLog l c
Redirect 404 /
</VirtualHost>
<VirtualHost *:443>
ServerName a.test
SSLEngine on
SSLCertificateFile /c.pem
CustomLog l c
Header always set Strict-Transport-Security max-age=31536000
ProxyPreserveHost On
RequestHeader unset X-Forwarded-For early
RequestHeader set X-Forwarded-Proto https
DocumentRoot /srv
RedirectMatch 404 "/\\."
<Location /server-status>
SetHandler server-status
Require local
</Location>
ProxyPass /ws/ http://127.0.0.1:8000/ws/ upgrade=websocket
ProxyPass /app http://127.0.0.1:8000/
</VirtualHost>
<VirtualHost *:80>
ServerName a.test
CustomLog l c
Redirect permanent / https://a.test/
</VirtualHost>
`;

const HAPROXY = `global
 log /dev/log local0
 ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256
 ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
 mode http
 log global
 option httplog
 option forwardfor
frontend web
 bind :80
 bind :443 ssl crt /c.pem alpn h2,http/1.1
 http-request redirect scheme https code 301 unless { ssl_fc }
 http-request deny unless { hdr(host) -i a.test }
 http-request del-header X-Forwarded-For
 http-request set-header X-Forwarded-Proto https if { ssl_fc }
 http-request set-header X-Forwarded-Proto http unless { ssl_fc }
 http-request deny deny_status 413 if { req.hdr_val(content-length) gt 10485760 }
 stick-table type ip size 100k expire 30s store http_req_rate(10s)
 http-request track-sc0 src
 http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100 }
 http-response set-header Strict-Transport-Security max-age=31536000
 use_backend ws if { path_beg /ws }
 default_backend app
backend ws
 server one 127.0.0.1:8001
backend app
 server one 127.0.0.1:8000
frontend figures
 bind 127.0.0.1:8404
 stats enable
 stats uri /stats
 http-request use-service prometheus-exporter if { path /metrics }
`;

const TRAEFIK = `entryPoints:
  web:
    address: ":80"
    http:
      redirections:
        entryPoint:
          to: websecure
          scheme: https
          permanent: true
  websecure:
    address: ":443"
    forwardedHeaders:
      trustedIPs: ["10.0.0.1/32"]
  inside:
    address: "127.0.0.1:8082"
  open:
    address: ":8000"
metrics:
  prometheus:
    entryPoint: inside
accessLog: {}
http:
  routers:
    app:
      rule: Host(\`a.test\`)
      service: app
      entryPoints: [websecure]
      middlewares: [hsts, limit, body]
      tls: {}
    ws:
      rule: Host(\`a.test\`) && PathPrefix(\`/ws\`)
      service: app
      entryPoints: [websecure]
      middlewares: [hsts, limit, body]
      tls: {}
  middlewares:
    hsts:
      headers:
        stsSeconds: 31536000
    limit:
      rateLimit:
        average: 10
        burst: 20
    body:
      buffering:
        maxRequestBodyBytes: 10485760
  services:
    app:
      loadBalancer:
        servers:
          - url: http://127.0.0.1:8000
tls:
  options:
    default:
      minVersion: VersionTLS12
      cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
`;

const caddyBad: Product["bad"] = [
  [
    hstsConfiguredProxy,
    "\theader Strict-Transport-Security max-age=31536000\n",
    "",
    ["fail hsts-missing:6"],
  ],
  [hstsMaxAgeProxy, "max-age=31536000", "max-age=300", ["fail hsts-short-max-age:8"]],
  [proxyAccessLogOffProxy, "\tlog\n", "", ["pass", "note access-log-off:6"]],
  [proxyAutoindexProxy, "file_server {", "file_server browse {", ["warn autoindex:24"]],
  [proxyBodySizeProxy, "10MB", "11MiB", ["warn body-size-large:17"]],
  [proxyDotfilesNotDeniedProxy, "hide .*", "hide secret", ["warn dotfiles-not-denied:24"]],
  [
    proxyForwardedHeadersProxy,
    "header_up X-Real-IP {remote_host}",
    "header_up -X-Forwarded-For",
    ["warn forwarded-for-missing:29"],
  ],
  [proxyHttp2Proxy, "trusted_proxies static 10.0.0.1/32", "protocols h1", ["warn http2-missing:3"]],
  [proxyHttpsRedirectProxy, "\na.test {", "\na.test http://a.test {", ["fail http-no-redirect:24"]],
  [proxyHttpsRedirectProxy, "\na.test {", "\nhttp://a.test {", ["fail tls-missing:6"]],
  [
    proxyMetricsExposedProxy,
    "\thandle /ws/* {\n\t\treverse_proxy 127.0.0.1:8001\n",
    "\thandle /metrics {\n\t\tmetrics\n",
    ["fail metrics-exposed:20"],
  ],
  [
    proxyRateLimitProxy,
    "\trate_limit {\n\t\tzone app {\n\t\t\tkey {remote_host}\n\t\t\tevents 10\n\t\t\twindow 1s\n\t\t}\n\t}\n",
    "",
    ["warn rate-limit-missing:6"],
  ],
  [proxyRealipTrustAnyProxy, "10.0.0.1/32", "0.0.0.0/0", ["fail realip-trust-any:3"]],
  [
    proxyTlsCiphersProxy,
    "\tlog\n",
    "\tlog\n\ttls {\n\t\tciphers TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\n\t}\n",
    ["warn tls-cbc-ciphers:9"],
  ],
  [
    proxyTlsProtocolsProxy,
    "\tlog\n",
    "\tlog\n\ttls {\n\t\tprotocols tls1.0\n\t}\n",
    ["unknown unsupported"],
  ],
  [
    proxyTlsProtocolsProxy,
    "\tlog\n",
    "\tlog\n\ttls {\n\t\tprotocols {$LEAST}\n\t}\n",
    ["unknown unsupported"],
  ],
  [
    proxyUpstreamPlaintextRemoteProxy,
    "127.0.0.1:8001",
    "app.example.com:80",
    ["warn upstream-plaintext-remote:20"],
  ],
  [
    proxyUpstreamTlsUnverifiedProxy,
    "reverse_proxy 127.0.0.1:8001",
    "reverse_proxy https://10.0.0.2 {\n\t\t\ttransport http {\n\t\t\t\ttls_insecure_skip_verify\n\t\t\t}\n\t\t}",
    ["warn upstream-tls-unverified:22"],
  ],
];

const apacheBad: Product["bad"] = [
  [headersDisclosureProxy, "ServerTokens Prod", "ServerTokens OS", ["warn server-tokens:1"]],
  [headersDisclosureProxy, "ServerTokens Prod\n", "", ["unknown not-recorded"]],
  [
    hstsConfiguredProxy,
    "Header always set Strict",
    "# Header always set Strict",
    ["fail hsts-missing:17"],
  ],
  [
    hstsConfiguredProxy,
    "Header always set Strict",
    "Header set Strict",
    ["warn hsts-not-always:22"],
  ],
  [hstsMaxAgeProxy, "max-age=31536000", "max-age=15768000", ["warn hsts-short-max-age:22"]],
  [proxyAccessLogOffProxy, "CustomLog l c\nHeader", "Header", ["pass", "note access-log-off:17"]],
  [
    proxyAutoindexProxy,
    "DocumentRoot /srv\n",
    "DocumentRoot /srv\n<Directory /srv>\nOptions Indexes\nRequire all granted\n</Directory>\n",
    ["warn autoindex:26"],
  ],
  [
    proxyBodySizeProxy,
    "LimitRequestBody 10485760",
    "LimitRequestBody 0",
    ["fail body-size-unlimited:4"],
  ],
  [
    proxyDefaultServerProxy,
    "Redirect 404 /",
    "ProxyPass / http://127.0.0.1:8000/",
    ["warn tls-no-default-server:10"],
  ],
  [
    proxyDotfilesNotDeniedProxy,
    "RedirectMatch 404",
    "# RedirectMatch 404",
    ["warn dotfiles-not-denied:26"],
  ],
  [
    proxyForwardedHeadersProxy,
    "ProxyPreserveHost On\n",
    "",
    ["warn forwarded-host-missing:31", "warn forwarded-host-missing:32"],
  ],
  [proxyHttp2Proxy, "Protocols h2 http/1.1", "Protocols http/1.1", ["warn http2-missing:7"]],
  [
    proxyHttpsRedirectProxy,
    "Redirect permanent / https://a.test/",
    "ProxyPass / http://127.0.0.1:8000/",
    ["fail http-no-redirect:38"],
  ],
  [
    proxyRateLimitProxy,
    "QS_SrvMaxConnPerIP 50\nQS_ClientEventPerSecLimit 10\n",
    "",
    ["warn rate-limit-missing:15"],
  ],
  [proxyRealipTrustAnyProxy, "RemoteIPInternalProxy 10.0.0.1\n", "", ["fail realip-trust-any:2"]],
  [
    proxyRealipTrustAnyProxy,
    "RemoteIPInternalProxy 10.0.0.1\n",
    "RemoteIPTrustedProxy 0.0.0.0/0\n",
    ["fail realip-trust-any:3"],
  ],
  [
    proxyStatusPageExposedProxy,
    "Require local",
    "Require all granted",
    ["warn status-page-exposed:29"],
  ],
  [proxyTlsCiphersProxy, "ECDHE-RSA-AES128-GCM-SHA256", "RC4-SHA", ["fail tls-weak-ciphers:9"]],
  [
    proxyTlsProtocolsProxy,
    "-all +TLSv1.2",
    "-all +TLSv1.1 +TLSv1.2",
    ["fail tls-legacy-protocol:8"],
  ],
  [
    proxyUpstreamPlaintextRemoteProxy,
    "ProxyPass /app http://127.0.0.1:8000/",
    "ProxyPass /app http://app.example.com/",
    ["warn upstream-plaintext-remote:33"],
  ],
  [
    proxyUpstreamTlsUnverifiedProxy,
    "ProxyPass /app http://127.0.0.1:8000/",
    "SSLProxyEngine on\nProxyPass /app https://10.0.0.2/",
    ["warn upstream-tls-unverified:34"],
  ],
  [proxyWebsocketProxy, " upgrade=websocket", "", ["warn websocket-incomplete:32"]],
];

const haproxyBad: Product["bad"] = [
  [
    hstsConfiguredProxy,
    " http-response set-header Strict",
    " # http-response set-header Strict",
    ["warn hsts-missing:10"],
  ],
  [hstsMaxAgeProxy, "max-age=31536000", "max-age=0", ["fail hsts-short-max-age:22"]],
  [hstsMaxAgeProxy, "max-age=31536000", "%[var(txn.hsts)]", ["unknown unsupported"]],
  [proxyAccessLogOffProxy, "\n log global", "", ["pass", "note access-log-off:9"]],
  [proxyBodySizeProxy, "gt 10485760", "gt 99999999", ["warn body-size-large:18"]],
  [
    proxyDefaultServerProxy,
    " http-request deny unless { hdr(host) -i a.test }\n",
    "",
    ["warn tls-no-default-server:10"],
  ],
  [
    proxyForwardedHeadersProxy,
    " option forwardfor\n",
    "",
    ["warn forwarded-for-missing:25", "warn forwarded-for-missing:27"],
  ],
  [proxyHttp2Proxy, " alpn h2,http/1.1", " alpn http/1.1", ["warn http2-missing:12"]],
  [proxyHttp2Proxy, " alpn h2,http/1.1", "", ["warn http2-missing:12"]],
  [
    proxyHttpsRedirectProxy,
    "redirect scheme https code 301 unless { ssl_fc }",
    "redirect scheme https code 302 unless { ssl_fc }",
    ["warn http-redirect-temporary:13"],
  ],
  [
    proxyHttpsRedirectProxy,
    " http-request redirect scheme https code 301 unless { ssl_fc }\n",
    "",
    ["fail http-no-redirect:25"],
  ],
  [proxyMetricsExposedProxy, "bind 127.0.0.1:8404", "bind :8404", ["fail metrics-exposed:33"]],
  [
    proxyRateLimitProxy,
    " http-request track-sc0 src\n",
    "",
    ["warn rate-limit-missing:10", "warn rate-limit-unused-zone:19"],
  ],
  [
    proxyStatusPageExposedProxy,
    "bind 127.0.0.1:8404",
    "bind :8404",
    ["warn status-page-exposed:31"],
  ],
  [
    proxyTlsCiphersProxy,
    "ECDHE-RSA-AES128-GCM-SHA256",
    "DES-CBC3-SHA",
    ["fail tls-weak-ciphers:3"],
  ],
  [
    proxyTlsProtocolsProxy,
    "ssl-min-ver TLSv1.2",
    "ssl-min-ver TLSv1.0",
    ["fail tls-legacy-protocol:4"],
  ],
  [
    proxyTlsProtocolsProxy,
    " alpn h2,http/1.1\n",
    " alpn h2,http/1.1\n bind :8443 ssl crt /c.pem alpn h2 ssl-min-ver TLSv1.1\n",
    ["fail tls-legacy-protocol:13"],
  ],
  [
    proxyTlsProtocolsProxy,
    "ssl-min-ver TLSv1.2",
    'ssl-min-ver "${LEAST}"',
    ["unknown unsupported"],
  ],
  [
    proxyUpstreamPlaintextRemoteProxy,
    "server one 127.0.0.1:8001",
    "server one 203.0.113.7:80",
    ["warn upstream-plaintext-remote:26"],
  ],
  [
    proxyUpstreamTlsUnverifiedProxy,
    "server one 127.0.0.1:8001",
    "server one 10.0.0.2:443 ssl verify none",
    ["warn upstream-tls-unverified:26"],
  ],
];

const traefikBad: Product["bad"] = [
  [
    hstsConfiguredProxy,
    "      middlewares: [hsts, limit, body]\n      tls: {}\n    ws",
    "      middlewares: [limit, body]\n      tls: {}\n    ws",
    ["warn hsts-missing:25"],
  ],
  [hstsMaxAgeProxy, "stsSeconds: 31536000", "stsSeconds: 60", ["fail hsts-short-max-age:39"]],
  [proxyAccessLogOffProxy, "accessLog: {}\n", "", ["pass", "note access-log-off:3"]],
  [
    proxyBodySizeProxy,
    "maxRequestBodyBytes: 10485760",
    "maxRequestBodyBytes: 0",
    ["fail body-size-unlimited:46"],
  ],
  [
    proxyForwardedHeadersProxy,
    "stsSeconds: 31536000",
    'stsSeconds: 31536000\n        customRequestHeaders:\n          X-Forwarded-For: ""',
    ["warn forwarded-for-missing:25", "warn forwarded-for-missing:31"],
  ],
  [
    proxyHttp2Proxy,
    "minVersion: VersionTLS12",
    "alpnProtocols: [http/1.1]",
    ["warn http2-missing:55"],
  ],
  [
    proxyHttp2Proxy,
    "      tls: {}\n    ws",
    "      tls:\n        options: other\n    ws",
    ["unknown unsupported"],
  ],
  [
    proxyHttpsRedirectProxy,
    "permanent: true",
    "permanent: false",
    ["warn http-redirect-temporary:7"],
  ],
  [
    proxyHttpsRedirectProxy,
    "entryPoints: [websecure]\n      middlewares: [hsts, limit, body]\n      tls: {}\n    ws",
    "entryPoints: [open]\n    ws",
    ["fail http-no-redirect:25"],
  ],
  [
    proxyMetricsExposedProxy,
    "metrics:\n  prometheus:\n    entryPoint: inside\n",
    "metrics:\n  prometheus: {}\n",
    ["fail metrics-exposed:19"],
  ],
  [
    proxyRateLimitProxy,
    "average: 10",
    "average: 0",
    ["warn rate-limit-missing:25", "warn rate-limit-missing:31"],
  ],
  [
    proxyRealipTrustAnyProxy,
    'trustedIPs: ["10.0.0.1/32"]',
    "insecure: true",
    ["fail realip-trust-any:13"],
  ],
  [
    proxyTlsCiphersProxy,
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    ["fail tls-weak-ciphers:56"],
  ],
  [proxyTlsProtocolsProxy, "VersionTLS12", "VersionTLS10", ["fail tls-legacy-protocol:55"]],
  [
    proxyUpstreamPlaintextRemoteProxy,
    "http://127.0.0.1:8000",
    "http://203.0.113.7",
    ["warn upstream-plaintext-remote:25", "warn upstream-plaintext-remote:31"],
  ],
  [
    proxyUpstreamTlsUnverifiedProxy,
    "        servers:\n          - url: http://127.0.0.1:8000\n",
    "        serversTransport: lax\n        servers:\n          - url: https://10.0.0.2\n  serversTransports:\n    lax:\n      insecureSkipVerify: true\n",
    ["warn upstream-tls-unverified:55"],
  ],
];

const products: Readonly<Record<string, Product>> = {
  Caddy: {
    good: CADDY,
    read: (text) => caddyWanted(text),
    skips: [proxyDefaultServerProxy],
    bad: caddyBad,
  },
  Apache: { good: APACHE, read: (text) => apacheWanted(text), skips: [], bad: apacheBad },
  HAProxy: { good: HAPROXY, read: haproxyWanted, skips: [], bad: haproxyBad },
  Traefik: {
    good: TRAEFIK,
    read: (text) => traefikWanted({ "traefik.yml": text }),
    skips: [proxyDefaultServerProxy],
    bad: traefikBad,
  },
};

for (const [name, { good, read, skips, bad }] of Object.entries(products)) {
  describe(`controls on ${name}`, () => {
    for (const check of CONTROLS) {
      const expected = skips.includes(check) ? "skip" : "pass";
      test(`${check.control.id}: a sound configuration is ${expected}`, async () => {
        assert.deepEqual(verdict(check, await read(good)), [expected]);
      });
    }
    for (const [check, from, to, expected] of bad) {
      test(`${check.control.id}: ${JSON.stringify(to)}`, async () => {
        assert.equal(good.split(from).length, 2);
        assert.deepEqual(verdict(check, await read(good.replace(from, () => to))), expected);
      });
    }
  });
}
