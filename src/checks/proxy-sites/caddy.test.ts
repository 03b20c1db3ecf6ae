import assert from "node:assert/strict";
import { test } from "node:test";

import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import {
  caddyAdminProxiedRule,
  caddyAdminRule,
  caddyAutoHttpsRule,
  caddyInternalRule,
  caddyOnDemandRule,
} from "./caddy.ts";
import { caddyWanted, siteFindings } from "./example-sites.ts";
import {
  siteAccessLogRule,
  siteAutoindexRule,
  siteDotfilesRule,
  siteMetricsRule,
} from "./exposure.ts";
import { siteForwardedRule } from "./forwarding.ts";
import { siteHstsMaxAgeRule, siteHstsMissingRule, siteHstsPlainRule } from "./hsts.ts";
import { siteBodySizeRule, siteRateLimitRule } from "./limits.ts";
import { siteHttp2Rule, siteWebsocketRule } from "./protocols.ts";
import { siteRedirectRule, siteTlsMissingRule } from "./redirect.ts";
import { siteTlsCiphersRule, siteTlsProtocolsRule } from "./tls.ts";
import { globalTrustRule, siteTrustRule } from "./trust.ts";
import { siteUpstreamPlainRule, siteUpstreamTlsRule } from "./upstream.ts";

type Row = readonly [name: string, text: string, expected: readonly string[]];

function table(
  what: string,
  sites: readonly SiteRule[],
  globals: readonly GlobalRule[],
  rows: readonly Row[],
): void {
  for (const [name, text, expected] of rows)
    test(`Caddy, ${what}: ${name}`, async () =>
      assert.deepEqual(siteFindings(await caddyWanted(text), sites, globals), expected));
}

table(
  "redirect",
  [siteRedirectRule, siteTlsMissingRule],
  [],
  [
    ["a name alone: Caddy redirects by itself", "a.test {\n reverse_proxy app:80\n}", []],
    ["a name on another port", "a.test:8443 {\n reverse_proxy app:80\n}", []],
    [
      "plain HTTP and nothing else",
      "http://a.test {\n reverse_proxy app:80\n}",
      ["tls-missing:1 fail"],
    ],
    [":80 and nothing else", ":80 {\n reverse_proxy app:80\n}", ["tls-missing:1 fail"]],
    [
      "both on purpose",
      "http://a.test, https://a.test {\n reverse_proxy app:80\n}",
      ["http-no-redirect:2 fail"],
    ],
    [
      "a plain block beside the one with TLS",
      "a.test {\n reverse_proxy app:80\n}\nhttp://a.test {\n reverse_proxy app:80\n}",
      ["http-no-redirect:5 fail"],
    ],
    [
      "a plain block that redirects",
      "a.test {\n reverse_proxy app:80\n}\nhttp://a.test {\n redir https://a.test{uri} permanent\n}",
      [],
    ],
    [
      "a plain block that redirects for now",
      "a.test {\n reverse_proxy app:80\n}\nhttp://a.test {\n redir https://{host}{uri}\n}",
      ["http-redirect-temporary:5 warn"],
    ],
    [
      "all but challenges",
      "a.test {\n}\nhttp://a.test {\n handle /.well-known/acme-challenge/* {\n  reverse_proxy acme:80\n }\n handle {\n  redir https://{host}{uri} 308\n }\n}",
      [],
    ],
    [
      "all but an API",
      "a.test {\n}\nhttp://a.test {\n handle /api/* {\n  reverse_proxy app:80\n }\n handle {\n  redir https://{host}{uri} 308\n }\n}",
      ["http-redirect-partial:5 fail"],
    ],
    [
      "a redirect of one path is none of the site",
      "http://a.test {\n redir /old https://b.test permanent\n reverse_proxy app:80\n}",
      ["tls-missing:1 fail"],
    ],
    [
      "redir runs before reverse_proxy wherever it stands",
      "http://a.test {\n reverse_proxy app:80\n redir https://{host}{uri} 301\n}",
      [],
    ],
    [
      "in route it runs as written",
      "a.test {\n}\nhttp://a.test {\n route {\n  reverse_proxy app:80\n  redir https://{host}{uri} 301\n }\n}",
      ["http-no-redirect:5 fail"],
    ],
    [
      "of plain requests alone, by a matcher",
      "http://a.test, https://a.test {\n @plain protocol http\n redir @plain https://{host}{uri} 308\n reverse_proxy app:80\n}",
      [],
    ],
    [
      "behind a balancer that ends TLS",
      ":80 {\n @plain header X-Forwarded-Proto http\n redir @plain https://{host}{uri} 308\n reverse_proxy app:80\n}",
      [],
    ],
    ["on loopback", "http://localhost:8080 {\n reverse_proxy app:80\n}", []],
    ["bound to loopback", ":8080 {\n bind 127.0.0.1\n reverse_proxy app:80\n}", []],
    ["nothing but an answer", ":8080 {\n respond /health 200\n}", []],
    ["a variable for an address", "{$SITE} {\n reverse_proxy app:80\n}", []],
    [
      "automatic HTTPS off",
      "{\n auto_https off\n}\na.test {\n reverse_proxy app:80\n}",
      ["tls-missing:4 fail"],
    ],
    [
      "a catch-all does not stand before the redirect of a name",
      "a.test {\n reverse_proxy app:80\n}\n:80 {\n respond 404\n}",
      [],
    ],
  ],
);

table(
  "automatic HTTPS",
  [caddyInternalRule],
  [caddyAutoHttpsRule],
  [
    ["off", "{\n auto_https off\n}\na.test {\n}", ["auto-https-off:2 warn"]],
    ["no redirects", "{\n auto_https disable_redirects\n}\na.test {\n}", ["auto-https-off:2 warn"]],
    ["no certificates but those given", "{\n auto_https ignore_loaded_certs\n}\na.test {\n}", []],
    ["commented", "{\n # auto_https off\n}\na.test {\n}", []],
    [
      "an own certificate for a public name",
      "shop.example.com {\n tls internal\n}",
      ["tls-internal-public:2 warn"],
    ],
    [
      "for a name of one's own",
      "app.internal, nas.lan, localhost, 10.0.0.2 {\n tls internal\n}",
      [],
    ],
    ["the word elsewhere", "shop.example.com {\n tls ops@example.com\n respond internal\n}", []],
  ],
);

table(
  "administration",
  [caddyAdminProxiedRule],
  [caddyAdminRule],
  [
    ["as it is", "a.test {\n}", []],
    ["off", "{\n admin off\n}\na.test {\n}", []],
    ["everywhere", "{\n admin :2019\n}\na.test {\n}", ["admin-exposed:2 fail"]],
    [
      "everywhere, in full",
      "{\n admin 0.0.0.0:2019 {\n  origins x\n }\n}\na.test {\n}",
      ["admin-exposed:2 fail"],
    ],
    ["loopback", "{\n admin 127.0.0.1:2020\n}\na.test {\n}", []],
    ["loopback of IPv6", "{\n admin [::1]:2019\n}\na.test {\n}", []],
    ["a unix socket", "{\n admin unix//run/caddy/admin.sock\n}\na.test {\n}", []],
    ["a variable", "{\n admin {$ADMIN}\n}\na.test {\n}", []],
    ["handed on", "a.test {\n reverse_proxy localhost:2019\n}", ["admin-exposed:2 fail"]],
    [
      "handed on with a password",
      "a.test {\n basic_auth {\n  a $2a$14$x\n }\n reverse_proxy localhost:2019\n}",
      [],
    ],
    ["another machine's port", "a.test {\n reverse_proxy app:2019\n}", []],
  ],
);

table(
  "certificates on demand",
  [caddyOnDemandRule],
  [],
  [
    ["for everybody", "https:// {\n tls {\n  on_demand\n }\n}", ["on-demand-without-ask:3 fail"]],
    [
      "asked",
      "{\n on_demand_tls {\n  ask http://app/ok\n }\n}\nhttps:// {\n tls {\n  on_demand\n }\n}",
      [],
    ],
    [
      "asked of a module",
      "{\n on_demand_tls {\n  permission http http://app/ok\n }\n}\nhttps:// {\n tls {\n  on_demand\n }\n}",
      [],
    ],
    [
      "a limit is no question",
      "{\n on_demand_tls {\n  interval 2m\n  burst 5\n }\n}\n*.a.test {\n tls {\n  on_demand\n }\n}",
      ["on-demand-without-ask:9 fail"],
    ],
    ["for one name", "a.test {\n tls {\n  on_demand\n }\n}", []],
  ],
);

table(
  "HSTS",
  [siteHstsMissingRule, siteHstsMaxAgeRule, siteHstsPlainRule],
  [],
  [
    ["none, files", "a.test {\n root * /srv\n file_server\n}", ["hsts-missing:1 fail"]],
    ["none, an application", "a.test {\n reverse_proxy app:80\n}", ["hsts-missing:1 warn"]],
    ["a year", "a.test {\n header Strict-Transport-Security max-age=31536000\n file_server\n}", []],
    [
      "below a year",
      "a.test {\n header Strict-Transport-Security max-age=31535999\n file_server\n}",
      ["hsts-short-max-age:2 warn"],
    ],
    [
      "below half a year",
      "a.test {\n header Strict-Transport-Security max-age=86400\n file_server\n}",
      ["hsts-short-max-age:2 fail"],
    ],
    [
      "in a block, deferred",
      'a.test {\n header {\n  -Server\n  >Strict-Transport-Security "max-age=31536000"\n  defer\n }\n file_server\n}',
      [],
    ],
    [
      "of a snippet",
      "(s) {\n header Strict-Transport-Security max-age=31536000\n}\na.test {\n import s\n file_server\n}",
      [],
    ],
    [
      "a snippet nobody imports",
      "(s) {\n header Strict-Transport-Security max-age=31536000\n}\na.test {\n file_server\n}",
      ["hsts-missing:4 fail"],
    ],
    [
      "taken away",
      "a.test {\n reverse_proxy app:80 {\n  header_down -Strict-Transport-Security\n }\n}",
      ["hsts-missing:3 fail"],
    ],
    [
      "in one handle only",
      "a.test {\n handle /a/* {\n  header Strict-Transport-Security max-age=31536000\n  reverse_proxy app:80\n }\n handle {\n  reverse_proxy app:80\n }\n}",
      ["hsts-lost-in-location:7 warn"],
    ],
    [
      "for every handle",
      "a.test {\n handle /a/* {\n  reverse_proxy app:80\n }\n handle {\n  reverse_proxy app:80\n }\n header Strict-Transport-Security max-age=31536000\n}",
      [],
    ],
    [
      "for a path of the site only",
      "a.test {\n header /a/* Strict-Transport-Security max-age=31536000\n file_server\n}",
      ["hsts-missing:2 warn"],
    ],
    [
      "on the plain side only",
      "http://b.test {\n header Strict-Transport-Security max-age=31536000\n redir https://b.test{uri} 301\n}",
      ["hsts-over-http:2 note"],
    ],
    ["plain HTTP alone", "http://a.test {\n file_server\n}", []],
  ],
);

table(
  "limits",
  [siteBodySizeRule],
  [],
  [
    ["no size", "a.test {\n reverse_proxy app:80\n}", ["body-size-not-set:1 warn"]],
    ["a size", "a.test {\n request_body {\n  max_size 10MB\n }\n reverse_proxy app:80\n}", []],
    [
      "the largest that passes",
      "a.test {\n request_body {\n  max_size 10MiB\n }\n reverse_proxy app:80\n}",
      [],
    ],
    [
      "more",
      "a.test {\n request_body {\n  max_size 10485761\n }\n reverse_proxy app:80\n}",
      ["body-size-large:3 warn"],
    ],
    [
      "for another path",
      "a.test {\n request_body /up/* {\n  max_size 1MB\n }\n reverse_proxy app:80\n}",
      ["body-size-not-set:1 warn"],
    ],
    ["nothing to send bodies to", "a.test {\n file_server\n}", []],
  ],
);

table(
  "rate",
  [siteRateLimitRule],
  [],
  [
    ["none", "a.test {\n reverse_proxy app:80\n}", ["rate-limit-missing:1 warn"]],
    [
      "of the plugin",
      "{\n order rate_limit before basic_auth\n}\na.test {\n rate_limit {\n  zone a {\n   key {remote_host}\n   events 10\n   window 1s\n  }\n }\n reverse_proxy app:80\n}",
      [],
    ],
    [
      "in another handle",
      "a.test {\n handle /login {\n  rate_limit {\n   zone a {\n    key x\n   }\n  }\n  reverse_proxy app:80\n }\n handle {\n  reverse_proxy app:80\n }\n}",
      ["rate-limit-missing:1 warn"],
    ],
  ],
);

table(
  "forwarded headers",
  [siteForwardedRule, siteTrustRule],
  [globalTrustRule],
  [
    ["Caddy's own", "a.test {\n reverse_proxy app:80\n}", []],
    [
      "taken away",
      "a.test {\n reverse_proxy app:80 {\n  header_up -X-Forwarded-Proto\n }\n}",
      ["forwarded-proto-missing:2 warn"],
    ],
    [
      "what the client sent",
      "a.test {\n reverse_proxy app:80 {\n  header_up X-Forwarded-For {header.X-Forwarded-For}\n }\n}",
      ["xff-passthrough:3 warn"],
    ],
    [
      "the address itself",
      "a.test {\n reverse_proxy app:80 {\n  header_up X-Real-IP {remote_host}\n }\n}",
      [],
    ],
    [
      "trusted proxies",
      "{\n servers {\n  trusted_proxies static private_ranges\n }\n}\na.test {\n reverse_proxy app:80\n}",
      [],
    ],
    [
      "everybody is trusted",
      "{\n servers {\n  trusted_proxies static 0.0.0.0/0\n }\n}\na.test {\n reverse_proxy app:80\n}",
      ["realip-trust-any:3 fail"],
    ],
    [
      "by halves",
      "a.test {\n reverse_proxy app:80 {\n  trusted_proxies 0.0.0.0/1 128.0.0.0/1\n }\n}",
      ["realip-trust-any:2 fail"],
    ],
    ["one half", "a.test {\n reverse_proxy app:80 {\n  trusted_proxies 0.0.0.0/1\n }\n}", []],
    ["php_fastcgi has variables of its own", "a.test {\n php_fastcgi unix//run/php.sock\n}", []],
  ],
);

table(
  "exposure",
  [siteAutoindexRule, siteMetricsRule, siteDotfilesRule],
  [],
  [
    ["listing", "a.test {\n file_server browse {\n  hide .*\n }\n}", ["autoindex:2 warn"]],
    [
      "listing in a block",
      "a.test {\n file_server {\n  browse\n  hide .*\n }\n}",
      ["autoindex:2 warn"],
    ],
    [
      "listing with a password",
      "a.test {\n basic_auth {\n  a x\n }\n file_server browse {\n  hide .*\n }\n}",
      [],
    ],
    [
      "files, dotfiles too",
      "a.test {\n root * /srv\n file_server\n}",
      ["dotfiles-not-denied:3 warn"],
    ],
    ["hidden", "a.test {\n file_server {\n  hide .git .env\n }\n}", []],
    [
      "one of two hidden",
      "a.test {\n file_server {\n  hide .git\n }\n}",
      ["dotfiles-not-denied:2 warn"],
    ],
    ["refused by a path", "a.test {\n @dot path */.*\n respond @dot 404\n file_server\n}", []],
    [
      "refused by a pattern",
      "a.test {\n @dot path_regexp /\\.\n error @dot 404\n file_server\n}",
      [],
    ],
    [
      "the application takes those below the root, not those below a prefix",
      "a.test {\n handle /static/* {\n  file_server\n }\n handle {\n  reverse_proxy app:80\n }\n}",
      ["dotfiles-not-denied:3 warn"],
    ],
    [
      "the application takes them all",
      "a.test {\n handle /static/* {\n  file_server {\n   hide .*\n  }\n }\n handle {\n  reverse_proxy app:80\n }\n}",
      [],
    ],
    [
      "metrics for all",
      "a.test {\n metrics /metrics\n reverse_proxy app:80\n}",
      ["metrics-exposed:2 fail"],
    ],
    [
      "metrics for some",
      "a.test {\n @in remote_ip 10.0.0.0/8\n metrics @in\n reverse_proxy app:80\n}",
      [],
    ],
    [
      "others refused first",
      "a.test {\n handle /metrics {\n  @out not remote_ip 10.0.0.0/8\n  abort @out\n  metrics\n }\n reverse_proxy app:80\n}",
      [],
    ],
    ["metrics on loopback", "http://localhost:9180 {\n metrics\n}", []],
  ],
);

table(
  "upstreams",
  [siteUpstreamTlsRule, siteUpstreamPlainRule],
  [],
  [
    [
      "unchecked",
      "a.test {\n reverse_proxy https://b.test {\n  transport http {\n   tls_insecure_skip_verify\n  }\n }\n}",
      ["upstream-tls-unverified:4 warn"],
    ],
    [
      "unchecked on loopback",
      "a.test {\n reverse_proxy https://127.0.0.1:8443 {\n  transport http {\n   tls_insecure_skip_verify\n  }\n }\n}",
      [],
    ],
    ["checked", "a.test {\n reverse_proxy https://b.test\n}", []],
    [
      "in clear elsewhere",
      "a.test {\n reverse_proxy http://203.0.113.9:80\n}",
      ["upstream-plaintext-remote:2 warn"],
    ],
    ["in clear within", "a.test {\n reverse_proxy 10.0.0.9:80 app:80 unix//run/a.sock\n}", []],
  ],
);

table(
  "protocols",
  [siteHttp2Rule, siteWebsocketRule, siteTlsProtocolsRule, siteTlsCiphersRule],
  [],
  [
    ["as it is", "a.test {\n reverse_proxy /ws/* app:80\n}", []],
    [
      "HTTP/1.1 alone",
      "{\n servers {\n  protocols h1\n }\n}\na.test {\n reverse_proxy app:80\n}",
      ["http2-missing:3 warn"],
    ],
    [
      "suites without forward secrecy",
      "a.test {\n tls {\n  ciphers TLS_RSA_WITH_AES_128_GCM_SHA256\n }\n reverse_proxy app:80\n}",
      ["tls-no-forward-secrecy:3 warn"],
    ],
    ["TLS 1.3 alone", "a.test {\n tls {\n  protocols tls1.3\n }\n reverse_proxy app:80\n}", []],
  ],
);

table(
  "log",
  [siteAccessLogRule],
  [],
  [
    ["none", "a.test {\n reverse_proxy app:80\n}", ["access-log-off:1 note"]],
    ["one", "a.test {\n log\n reverse_proxy app:80\n}", []],
  ],
);

test("Caddy: one statement of a snippet is one finding for all its sites", async () => {
  const wanted = await caddyWanted(
    "(s) {\n header Strict-Transport-Security max-age=1\n}\na.test {\n import s\n file_server\n}\nb.test {\n import s\n file_server\n}",
  );
  assert.deepEqual(siteFindings(wanted, [siteHstsMaxAgeRule]), ["hsts-short-max-age:2 fail"]);
});
