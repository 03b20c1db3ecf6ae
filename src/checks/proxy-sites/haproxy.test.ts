import assert from "node:assert/strict";
import { test } from "node:test";

import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import { haproxyWanted, siteFindings, withVersion } from "./example-sites.ts";
import { siteAccessLogRule, siteMetricsRule, siteStatusPageRule } from "./exposure.ts";
import { siteForwardedRule } from "./forwarding.ts";
import {
  haproxyChrootRule,
  haproxyInvalidRule,
  haproxyRequestTimeoutRule,
  haproxySocketRule,
  haproxyTimeoutRule,
  haproxyUserRule,
} from "./haproxy.ts";
import { siteHstsMissingRule } from "./hsts.ts";
import { siteBodySizeRule, siteRateLimitRule, siteUnusedLimitRule } from "./limits.ts";
import { siteDefaultServerRule, siteHttp2Rule, siteWebsocketRule } from "./protocols.ts";
import { siteRedirectRule, siteTlsMissingRule } from "./redirect.ts";
import { siteTlsCiphersRule, siteTlsProtocolsRule } from "./tls.ts";
import { siteUpstreamTlsRule } from "./upstream.ts";

type Row = readonly [name: string, text: string, expected: readonly string[]];

function table(
  what: string,
  sites: readonly SiteRule[],
  globals: readonly GlobalRule[],
  rows: readonly Row[],
): void {
  for (const [name, text, expected] of rows)
    test(`HAProxy, ${what}: ${name}`, () =>
      assert.deepEqual(siteFindings(haproxyWanted(text), sites, globals), expected));
}

const BACKEND = "\nbackend app\n server a 127.0.0.1:8000";
/** Line 1 to 5: defaults and a frontend with both ways. */
const BOTH = "defaults\n mode http\nfrontend web\n bind :80\n bind :443 ssl crt /c.pem alpn h2\n";
const TLS = "defaults\n mode http\nfrontend web\n bind :443 ssl crt /c.pem alpn h2\n";
const END = ` default_backend app${BACKEND}`;

table(
  "redirect",
  [siteRedirectRule, siteTlsMissingRule],
  [],
  [
    [
      "unless TLS",
      `${BOTH} http-request redirect scheme https code 301 unless { ssl_fc }\n${END}`,
      [],
    ],
    [
      "if not TLS",
      `${BOTH} http-request redirect scheme https code 308 if !{ ssl_fc }\n${END}`,
      [],
    ],
    [
      "by a named ACL",
      `${BOTH} acl tls ssl_fc\n http-request redirect scheme https code 301 unless tls\n${END}`,
      [],
    ],
    [
      "by port",
      `${BOTH} http-request redirect scheme https code 301 if { dst_port 80 }\n${END}`,
      [],
    ],
    [
      "without a code",
      `${BOTH} redirect scheme https if !{ ssl_fc }\n${END}`,
      ["http-redirect-temporary:6 warn"],
    ],
    [
      "by location",
      `${BOTH} http-request redirect location https://a.test%[path] code 301 unless { ssl_fc }\n${END}`,
      [],
    ],
    ["none", `${BOTH}${END}`, ["http-no-redirect:8 fail"]],
    [
      "the other way round",
      `${BOTH} http-request redirect scheme https code 301 if { ssl_fc }\n${END}`,
      ["http-no-redirect:9 fail"],
    ],
    [
      "for one path",
      `${BOTH} http-request redirect scheme https code 301 if { path_beg /login } !{ ssl_fc }\n${END}`,
      ["http-no-redirect:9 fail"],
    ],
    [
      "but for challenges",
      `${BOTH} acl acme path_beg /.well-known/acme-challenge/\n http-request redirect scheme https code 301 unless { ssl_fc } || acme\n use_backend app if acme\n${END}`,
      [],
    ],
    [
      "but for an API",
      `${BOTH} http-request redirect scheme https code 301 unless { ssl_fc } || { path_beg /api }\n${END}`,
      ["http-redirect-partial:9 fail"],
    ],
    [
      "for one name",
      `${BOTH} http-request redirect scheme https code 301 if { hdr(host) -i a.test } !{ ssl_fc }\n${END}`,
      ["http-redirect-partial:9 fail"],
    ],
    [
      "in another frontend",
      `${BOTH}${END}\nfrontend other\n bind :81\n http-request redirect scheme https code 301`,
      ["http-no-redirect:8 fail"],
    ],
    [
      "in the backend",
      `${BOTH} default_backend app\nbackend app\n http-request redirect scheme https code 301 unless { ssl_fc }\n server a 127.0.0.1:8000`,
      [],
    ],
    [
      "in a comment",
      `${BOTH} # http-request redirect scheme https code 301 unless { ssl_fc }\n${END}`,
      ["http-no-redirect:9 fail"],
    ],
    [
      "in a branch nobody knows",
      `${BOTH} .if feature(OPENSSL)\n http-request redirect scheme https code 301 unless { ssl_fc }\n .endif\n${END}`,
      ["http-redirect-partial:11 fail"],
    ],
    [
      "two frontends",
      `defaults\n mode http\nfrontend plain\n bind :80\n http-request redirect scheme https code 301\nfrontend web\n bind :443 ssl crt /c.pem\n${END}`,
      [],
    ],
    [
      "two frontends, none redirects",
      `defaults\n mode http\nfrontend plain\n bind :80\n${END}\nfrontend web\n bind :443 ssl crt /c.pem\n default_backend app`,
      ["http-no-redirect:7 fail"],
    ],
    [
      "plain alone",
      `defaults\n mode http\nfrontend plain\n bind :80\n${END}`,
      ["tls-missing:4 fail"],
    ],
    ["plain on loopback", `defaults\n mode http\nfrontend plain\n bind 127.0.0.1:80\n${END}`, []],
    ["TLS passed through", `frontend tls\n mode tcp\n bind :443\n${END}`, []],
    [
      "mode of a named defaults",
      `defaults http\n mode http\ndefaults tcp\n mode tcp\nfrontend plain from http\n bind :80\n${END}`,
      ["tls-missing:6 fail"],
    ],
    ["statistics alone", "listen stats\n mode http\n bind :8404\n stats enable", []],
  ],
);

table(
  "HSTS",
  [siteHstsMissingRule],
  [],
  [
    ["none", `${TLS}${END}`, ["hsts-missing:3 warn"]],
    [
      "set",
      `${TLS} http-response set-header Strict-Transport-Security max-age=31536000\n${END}`,
      [],
    ],
    [
      "over TLS",
      `${BOTH} http-response set-header Strict-Transport-Security max-age=31536000 if { ssl_fc }\n${END}`,
      [],
    ],
    [
      "of the other frontend",
      `${TLS}${END}\nfrontend b\n mode http\n bind :81\n http-response set-header Strict-Transport-Security max-age=31536000`,
      ["hsts-missing:3 warn"],
    ],
    [
      "in the backend",
      `${TLS} default_backend app\nbackend app\n http-response set-header Strict-Transport-Security max-age=31536000\n server a 127.0.0.1:8000`,
      [],
    ],
    [
      "in one of two backends",
      `${TLS} use_backend b if { path_beg /b }\n default_backend app\nbackend app\n http-response set-header Strict-Transport-Security max-age=31536000\n server a 127.0.0.1:8000\nbackend b\n server a 127.0.0.1:8001`,
      ["hsts-lost-in-location:11 warn"],
    ],
    [
      "taken away",
      `${TLS} http-response del-header Strict-Transport-Security\n${END}`,
      ["hsts-missing:5 fail"],
    ],
    [
      "after everything",
      `${TLS} http-after-response set-header Strict-Transport-Security max-age=31536000\n${END}`,
      [],
    ],
  ],
);

table(
  "statistics",
  [siteStatusPageRule, siteMetricsRule],
  [],
  [
    [
      "for all",
      "defaults\n mode http\nlisten stats\n bind *:8404\n stats enable\n stats uri /",
      ["status-page-exposed:5 warn"],
    ],
    [
      "for all, with commands",
      "defaults\n mode http\nlisten stats\n bind *:8404\n stats enable\n stats admin if TRUE",
      ["status-page-exposed:5 fail"],
    ],
    [
      "with a password",
      "defaults\n mode http\nlisten stats\n bind *:8404\n stats enable\n stats auth a:b",
      [],
    ],
    [
      "to some addresses",
      "defaults\n mode http\nlisten stats\n bind *:8404\n http-request deny unless { src 10.0.0.0/8 }\n stats enable",
      [],
    ],
    ["on loopback", "defaults\n mode http\nlisten stats\n bind 127.0.0.1:8404\n stats enable", []],
    [
      "on the application's own address",
      `defaults\n mode http\n stats enable\nfrontend web\n bind :80\n${END}`,
      ["status-page-exposed:3 warn"],
    ],
    [
      "a uri without enable",
      `defaults\n mode http\nfrontend web\n bind :80\n stats uri /s\n${END}`,
      ["status-page-exposed:5 warn"],
    ],
    [
      "metrics for all",
      `defaults\n mode http\nfrontend m\n bind :8405\n http-request use-service prometheus-exporter if { path /metrics }`,
      ["metrics-exposed:5 fail"],
    ],
    [
      "metrics for some",
      `defaults\n mode http\nfrontend m\n bind :8405\n http-request use-service prometheus-exporter if { path /metrics } { src 10.0.0.0/8 }`,
      [],
    ],
    [
      "others refused first",
      `defaults\n mode http\nfrontend m\n bind :8405\n http-request deny unless { src 10.0.0.0/8 }\n http-request use-service prometheus-exporter if { path /metrics }`,
      [],
    ],
  ],
);

table(
  "limits",
  [siteRateLimitRule, siteUnusedLimitRule, siteBodySizeRule],
  [],
  [
    ["none", `${TLS}${END}`, ["rate-limit-missing:3 warn", "body-size-not-set:3 warn"]],
    [
      "counted and refused",
      `${TLS} stick-table type ip size 1m store http_req_rate(10s)\n http-request track-sc0 src\n http-request deny if { sc_http_req_rate(0) gt 10 }\n http-request deny if { req.body_size gt 1048576 }\n${END}`,
      [],
    ],
    [
      "by a named ACL, from connections on",
      `${TLS} stick-table type ip size 1m store conn_rate(10s)\n tcp-request connection track-sc0 src\n acl fast sc_conn_rate(0) gt 10\n tcp-request connection reject if fast\n http-request deny if { req.hdr_val(content-length) gt 1m }\n${END}`,
      [],
    ],
    [
      "counted for nothing",
      `${TLS} stick-table type ip size 1m store http_req_rate(10s)\n http-request track-sc0 src\n http-request deny if { req.body_size gt 1m }\n${END}`,
      ["rate-limit-missing:3 warn", "rate-limit-unused-zone:5 warn"],
    ],
    [
      "never counted",
      `${TLS} stick-table type ip size 1m store http_req_rate(10s)\n http-request deny if { sc_http_req_rate(0) gt 10 }\n http-request deny if { req.body_size gt 1m }\n${END}`,
      ["rate-limit-missing:3 warn", "rate-limit-unused-zone:5 warn"],
    ],
    [
      "a table for persistence",
      `${TLS} http-request deny if { req.body_size gt 1m }\n default_backend app\nbackend app\n stick-table type ip size 1m\n stick on src\n server a 127.0.0.1:8000`,
      ["rate-limit-missing:3 warn"],
    ],
  ],
);

table(
  "forwarded headers",
  [siteForwardedRule],
  [],
  [
    ["none", `${TLS}${END}`, ["forwarded-for-missing:7 warn", "forwarded-proto-missing:7 warn"]],
    [
      "appended",
      `defaults\n mode http\n option forwardfor\nfrontend web\n bind :443 ssl crt /c.pem\n http-request set-header X-Forwarded-Proto https if { ssl_fc }\n${END}`,
      ["xff-passthrough:3 note"],
    ],
    [
      "the client's own goes first",
      `defaults\n mode http\n option forwardfor if-none\nfrontend web\n bind :443 ssl crt /c.pem\n http-request set-header X-Forwarded-Proto https\n${END}`,
      ["xff-passthrough:3 warn"],
    ],
    [
      "set",
      `${TLS} http-request set-header X-Forwarded-For %[src]\n http-request set-header X-Forwarded-Proto https\n${END}`,
      [],
    ],
    [
      "cleaned, then appended",
      `${TLS} option forwardfor\n http-request del-header X-Forwarded-For\n http-request set-header X-Forwarded-Proto https\n${END}`,
      [],
    ],
    [
      "switched off for this one",
      `defaults\n mode http\n option forwardfor\nfrontend web\n bind :443 ssl crt /c.pem\n no option forwardfor\n http-request set-header X-Forwarded-Proto https\n default_backend app\ndefaults\n mode http\nbackend app\n server a 127.0.0.1:1`,
      ["forwarded-for-missing:12 warn"],
    ],
  ],
);

table(
  "options",
  [haproxyInvalidRule, haproxyTimeoutRule, haproxyRequestTimeoutRule],
  [],
  [
    [
      "none of the times",
      "frontend web\n mode http\n bind :80\n",
      ["timeouts-missing:1 warn", "timeout-http-request-missing:1 note"],
    ],
    [
      "all of them inherited",
      `defaults base\n timeout client 1s\n timeout server 1s\n timeout connect 1s\n timeout http-request 1s\ndefaults web from base\n mode http\nfrontend web from web\n bind :80\n default_backend app\nbackend app from base\n server a 127.0.0.1:1`,
      [],
    ],
    [
      "not from a defaults of another name",
      `defaults base\n timeout client 1s\n timeout http-request 1s\ndefaults web\n mode http\nfrontend web from web\n bind :80`,
      ["timeouts-missing:6 warn", "timeout-http-request-missing:6 note"],
    ],
    [
      "a backend's",
      "defaults\n timeout client 1s\n timeout http-request 1s\nfrontend web\n mode http\n bind :80\n default_backend app\nbackend app\n server a 127.0.0.1:1",
      ["timeouts-missing:8 warn", "timeouts-missing:8 warn"],
    ],
    [
      "invalid requests",
      "defaults\n timeout client 1s\n timeout http-request 1s\n option accept-invalid-http-request\nfrontend web\n mode http\n bind :80",
      ["invalid-requests-accepted:4 warn"],
    ],
    [
      "taken back",
      "defaults\n timeout client 1s\n timeout http-request 1s\n option accept-invalid-http-request\nfrontend web\n mode http\n bind :80\n no option accept-invalid-http-request",
      [],
    ],
  ],
);

table(
  "global",
  [],
  [haproxySocketRule, haproxyUserRule, haproxyChrootRule],
  [
    [
      "all set",
      "global\n user haproxy\n chroot /var/lib/haproxy\n stats socket /run/haproxy/admin.sock mode 660 level admin",
      [],
    ],
    ["neither", "global\n log stdout local0", ["runs-as-root:1 note", "chroot-missing:1 note"]],
    ["root", "global\n user root\n chroot /x", ["runs-as-root:2 warn"]],
    ["a number", "global\n uid 99\n chroot /x", []],
    ["no global at all", "defaults\n mode http", ["runs-as-root:1 note", "chroot-missing:1 note"]],
    [
      "socket over TCP",
      "global\n user h\n chroot /x\n stats socket ipv4@0.0.0.0:9999 level admin",
      ["stats-socket-exposed:4 fail"],
    ],
    [
      "socket over TCP, to look",
      "global\n user h\n chroot /x\n stats socket *:9999 level user",
      ["stats-socket-exposed:4 warn"],
    ],
    [
      "socket over TCP on loopback",
      "global\n user h\n chroot /x\n stats socket ipv4@127.0.0.1:9999 level admin",
      [],
    ],
    [
      "socket for everybody",
      "global\n user h\n chroot /x\n stats socket /run/h.sock mode 666 level admin",
      ["stats-socket-exposed:4 warn"],
    ],
    [
      "level as a file's name",
      "global\n user h\n chroot /x\n stats socket /run/level mode 600",
      [],
    ],
  ],
);

table(
  "TLS",
  [siteTlsProtocolsRule, siteTlsCiphersRule, siteHttp2Rule],
  [],
  [
    [
      "old protocols of global",
      `global\n ssl-default-bind-options ssl-min-ver TLSv1.0\n ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256\n${TLS}${END}`,
      ["tls-legacy-protocol:2 fail"],
    ],
    [
      "the bind's own word",
      `global\n ssl-default-bind-options ssl-min-ver TLSv1.0\n ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256\ndefaults\n mode http\nfrontend web\n bind :443 ssl crt /c.pem ssl-min-ver TLSv1.2 alpn h2\n${END}`,
      [],
    ],
    [
      "weak suites",
      `global\n ssl-default-bind-options ssl-min-ver TLSv1.2\n ssl-default-bind-ciphers RC4-SHA\n${TLS}${END}`,
      ["tls-weak-ciphers:3 fail"],
    ],
    [
      "no h2",
      `global\n ssl-default-bind-options ssl-min-ver TLSv1.2\n ssl-default-bind-ciphers ECDHE-RSA-AES128-GCM-SHA256\ndefaults\n mode http\nfrontend web\n bind :443 ssl crt /c.pem alpn http/1.1\n${END}`,
      ["http2-missing:7 warn"],
    ],
  ],
);

table(
  "the rest",
  [siteWebsocketRule, siteDefaultServerRule, siteUpstreamTlsRule, siteAccessLogRule],
  [],
  [
    [
      "every name is served",
      `global\n log stdout local0\n${TLS} log global\n use_backend app if { path_beg /ws }\n${END}`,
      ["tls-no-default-server:5 warn"],
    ],
    [
      "by name alone",
      `${TLS} log global\n use_backend app if { hdr(host) -i a.test }${BACKEND}`,
      [],
    ],
    [
      "others are refused",
      `${TLS} log global\n http-request deny unless { hdr(host) -i a.test }\n${END}`,
      [],
    ],
    [
      "unchecked",
      `${TLS} log global\n use_backend app if { hdr(host) -i a.test }\nbackend app\n server a 10.0.0.9:443 ssl verify none`,
      ["upstream-tls-unverified:8 warn"],
    ],
    [
      "unchecked by default-server",
      `${TLS} log global\n use_backend app if { hdr(host) -i a.test }\nbackend app\n default-server ssl verify none\n server a 10.0.0.9:443`,
      ["upstream-tls-unverified:8 warn"],
    ],
    [
      "checked again",
      `${TLS} log global\n use_backend app if { hdr(host) -i a.test }\nbackend app\n default-server ssl verify none\n server a 10.0.0.9:443 verify required ca-file /c`,
      [],
    ],
    [
      "no log",
      `${TLS} use_backend app if { hdr(host) -i a.test }${BACKEND}`,
      ["access-log-off:3 note"],
    ],
    [
      "log taken away",
      `defaults\n mode http\n log global\nfrontend web\n bind :443 ssl crt /c.pem\n no log\n use_backend app if { hdr(host) -i a.test }${BACKEND}`,
      ["access-log-off:6 note"],
    ],
  ],
);

test("HAProxy offers h2 by itself from 2.8 on", () => {
  const text = `defaults\n mode http\nfrontend web\n bind :443 ssl crt /c.pem\n${END}`;
  const at = (version: string) =>
    siteFindings(withVersion(haproxyWanted(text), { proxy: "haproxy", version }), [siteHttp2Rule]);
  assert.deepEqual(at("2.7.9"), ["http2-missing:4 warn"]);
  assert.deepEqual(at("2.8.0"), []);
});
