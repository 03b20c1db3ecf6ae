import assert from "node:assert/strict";
import { test } from "node:test";

import type { GlobalRule, SiteRule } from "../proxy-rules/proxy-check.ts";
import {
  apacheOpenProxyRule,
  apacheOverrideRule,
  apacheRemoteIpRule,
  apacheRootGrantedRule,
  apacheTokensRule,
  apacheTraceRule,
} from "./apache.ts";
import { apacheWanted, siteFindings, withVersion } from "./example-sites.ts";
import {
  siteAccessLogRule,
  siteAutoindexRule,
  siteDotfilesRule,
  siteStatusPageRule,
} from "./exposure.ts";
import { siteForwardedRule } from "./forwarding.ts";
import { siteHstsMissingRule, siteHstsNotAlwaysRule, siteHstsPlainRule } from "./hsts.ts";
import { siteBodySizeRule, siteRateLimitRule } from "./limits.ts";
import { siteDefaultServerRule, siteHttp2Rule, siteWebsocketRule } from "./protocols.ts";
import { siteRedirectRule, siteTlsMissingRule } from "./redirect.ts";
import { siteTlsCiphersRule, siteTlsProtocolsRule } from "./tls.ts";
import { globalTrustRule } from "./trust.ts";
import { siteUpstreamTlsRule } from "./upstream.ts";

type Row = readonly [name: string, text: string, expected: readonly string[]];

function table(
  what: string,
  sites: readonly SiteRule[],
  globals: readonly GlobalRule[],
  rows: readonly Row[],
): void {
  for (const [name, text, expected] of rows)
    test(`Apache, ${what}: ${name}`, async () =>
      assert.deepEqual(siteFindings(await apacheWanted(text), sites, globals), expected));
}

const host = (port: number, lines: string, name = "a.test"): string =>
  `<VirtualHost *:${port}>\nServerName ${name}\n${lines}\n</VirtualHost>\n`;
const SSL = "SSLEngine on\nSSLCertificateFile /c.pem";
const PASS = "ProxyPass / http://127.0.0.1:8000/";
/** Ends TLS for a.test in lines 1 to 6. */
const TLS = host(443, `${SSL}\n${PASS}`);

table(
  "redirect",
  [siteRedirectRule, siteTlsMissingRule],
  [],
  [
    ["Redirect permanent", TLS + host(80, "Redirect permanent / https://a.test/"), []],
    [
      "Redirect alone",
      TLS + host(80, "Redirect / https://a.test/"),
      ["http-redirect-temporary:9 warn"],
    ],
    ["RedirectPermanent", TLS + host(80, "RedirectPermanent / https://a.test/"), []],
    ["RedirectMatch", TLS + host(80, "RedirectMatch 301 ^/(.*)$ https://a.test/$1"), []],
    [
      "a rewrite",
      TLS +
        host(
          80,
          "RewriteEngine On\nRewriteCond %{HTTPS} off\nRewriteRule ^(.*)$ https://%{HTTP_HOST}%{REQUEST_URI} [L,R=301]",
        ),
      [],
    ],
    [
      "a rewrite without R",
      TLS + host(80, "RewriteEngine On\nRewriteRule ^ https://a.test%{REQUEST_URI}"),
      ["http-redirect-temporary:10 warn"],
    ],
    [
      "a rewrite that is switched off",
      TLS + host(80, `RewriteRule ^ https://a.test%{REQUEST_URI} [R=301]\n${PASS}`),
      ["http-no-redirect:10 fail"],
    ],
    [
      "certbot's",
      TLS +
        host(
          80,
          "ServerAlias www.a.test\nRewriteEngine on\nRewriteCond %{SERVER_NAME} =www.a.test [OR]\nRewriteCond %{SERVER_NAME} =a.test\nRewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]\nDocumentRoot /srv",
        ),
      [],
    ],
    [
      "certbot's for one of two names",
      TLS +
        host(
          80,
          "ServerAlias www.a.test\nRewriteEngine on\nRewriteCond %{SERVER_NAME} =a.test\nRewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]\nDocumentRoot /srv",
        ),
      ["http-redirect-partial:13 fail"],
    ],
    [
      "but for challenges",
      TLS +
        host(
          80,
          `RewriteEngine on\nRewriteCond %{REQUEST_URI} !^/\\.well-known/acme-challenge/\nRewriteRule ^ https://a.test%{REQUEST_URI} [R=301,L]\nDocumentRoot /srv`,
        ),
      [],
    ],
    ["none", TLS + host(80, PASS), ["http-no-redirect:9 fail"]],
    [
      "ProxyPass stands before Redirect, whatever the file says",
      TLS + host(80, `Redirect permanent / https://a.test/\n${PASS}`),
      ["http-no-redirect:10 fail"],
    ],
    ["another name's", TLS + host(80, PASS, "b.test"), ["tls-missing:7 fail"]],
    [
      "in a comment",
      TLS + host(80, `# Redirect permanent / https://a.test/\n${PASS}`),
      ["http-no-redirect:10 fail"],
    ],
    [
      "in a module that is not loaded",
      `LoadModule proxy_module x/mod_proxy.so\n${TLS}${host(80, `<IfModule mod_alias.c>\nRedirect permanent / https://a.test/\n</IfModule>\n${PASS}`)}`,
      ["http-no-redirect:13 fail"],
    ],
    [
      "without the module's other",
      `LoadModule alias_module x/mod_alias.so\n${TLS}${host(80, `<IfModule !mod_rewrite.c>\nRedirect permanent / https://a.test/\n</IfModule>`)}`,
      [],
    ],
    [
      "of a definition that is not given",
      TLS + host(80, `<IfDefine Live>\nRedirect permanent / https://a.test/\n</IfDefine>\n${PASS}`),
      ["http-no-redirect:12 fail"],
    ],
    [
      "of the main server's, in every host",
      `Redirect permanent /old https://a.test/\n${TLS}${host(80, "DocumentRoot /srv")}`,
      ["http-no-redirect:10 fail"],
    ],
    ["plain alone", host(80, PASS), ["tls-missing:1 fail"]],
    ["a port of loopback", `<VirtualHost 127.0.0.1:80>\n${PASS}\n</VirtualHost>`, []],
  ],
);

table(
  "headers",
  [siteHstsMissingRule, siteHstsNotAlwaysRule, siteHstsPlainRule],
  [],
  [
    ["none", host(443, `${SSL}\nDocumentRoot /srv`), ["hsts-missing:1 fail"]],
    [
      "always",
      host(443, `${SSL}\nHeader always set Strict-Transport-Security max-age=31536000\n${PASS}`),
      [],
    ],
    [
      "not always",
      host(443, `${SSL}\nHeader set Strict-Transport-Security max-age=31536000\n${PASS}`),
      ["hsts-not-always:5 warn"],
    ],
    [
      "of the main server",
      `Header always set Strict-Transport-Security max-age=31536000\n${host(443, `${SSL}\n${PASS}`)}`,
      [],
    ],
    [
      "over TLS",
      host(
        443,
        `${SSL}\nHeader always set Strict-Transport-Security max-age=31536000 env=HTTPS\n${PASS}`,
      ),
      [],
    ],
    [
      "taken out in a location",
      host(
        443,
        `${SSL}\nHeader always set Strict-Transport-Security max-age=31536000\n<Location /a>\nHeader always unset Strict-Transport-Security\n</Location>\n${PASS}`,
      ),
      ["hsts-missing:7 fail"],
    ],
    [
      "in the plain host",
      `${TLS}${host(80, "Header always set Strict-Transport-Security max-age=31536000\nRedirect permanent / https://a.test/")}`,
      ["hsts-missing:1 warn", "hsts-over-http:9 note"],
    ],
    [
      "of a module that is not loaded",
      `LoadModule ssl_module x/mod_ssl.so\n${host(443, `${SSL}\n<IfModule mod_headers.c>\nHeader always set Strict-Transport-Security max-age=31536000\n</IfModule>\n${PASS}`)}`,
      ["hsts-missing:2 warn"],
    ],
  ],
);

table(
  "access",
  [siteStatusPageRule, siteAutoindexRule, siteDotfilesRule, apacheOpenProxyRule],
  [],
  [
    [
      "a status page",
      host(80, "<Location /server-status>\nSetHandler server-status\n</Location>"),
      ["status-page-exposed:4 warn"],
    ],
    [
      "for the inside",
      host(80, "<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>"),
      [],
    ],
    [
      "in the old words",
      host(
        80,
        "<Location /server-status>\nSetHandler server-status\nOrder deny,allow\nDeny from all\nAllow from 127.0.0.1\n</Location>",
      ),
      [],
    ],
    [
      "granted again",
      host(80, "<Location /server-info>\nSetHandler server-info\nRequire all granted\n</Location>"),
      ["status-page-exposed:4 warn"],
    ],
    [
      "a list with everybody in it",
      host(
        80,
        "<Location /server-info>\nSetHandler server-info\n<RequireAny>\nRequire ip 10.0.0.0/8\nRequire all granted\n</RequireAny>\n</Location>",
      ),
      ["status-page-exposed:4 warn"],
    ],
    [
      "balancers",
      host(80, "<Location /balancer-manager>\nSetHandler balancer-manager\n</Location>"),
      ["status-page-exposed:4 fail"],
    ],
    [
      "behind ProxyPass / it does not answer",
      host(80, `${PASS}\n<Location /server-status>\nSetHandler server-status\n</Location>`),
      [],
    ],
    [
      "kept out of ProxyPass it does",
      host(
        80,
        `ProxyPass /server-status !\n${PASS}\n<Location /server-status>\nSetHandler server-status\n</Location>`,
      ),
      ["status-page-exposed:6 warn"],
    ],
    [
      "listing",
      host(
        80,
        'DocumentRoot /srv\n<Directory /srv>\nOptions Indexes\nRequire all granted\n</Directory>\n<FilesMatch "^\\.">\nRequire all denied\n</FilesMatch>\nRedirectMatch 404 /\\.git',
      ),
      ["autoindex:3 warn"],
    ],
    [
      "listing taken back",
      host(
        80,
        "DocumentRoot /srv/web\n<Directory /srv>\nOptions Indexes FollowSymLinks\n</Directory>\n<Directory /srv/web>\nOptions -Indexes\n</Directory>\nRedirectMatch 404 /\\.",
      ),
      [],
    ],
    [
      "options replaced",
      host(
        80,
        "DocumentRoot /srv/web\n<Directory /srv>\nOptions Indexes\n</Directory>\n<Directory /srv/web>\nOptions FollowSymLinks\n</Directory>\nRedirectMatch 404 /\\.",
      ),
      [],
    ],
    [
      "another directory's",
      host(
        80,
        "DocumentRoot /srv/web\n<Directory /srv/other>\nOptions Indexes\n</Directory>\nRedirectMatch 404 /\\.",
      ),
      [],
    ],
    ["dotfiles", host(80, "DocumentRoot /srv"), ["dotfiles-not-denied:3 warn"]],
    [
      "the root is denied",
      host(80, "DocumentRoot /srv\n<Directory />\nRequire all denied\n</Directory>"),
      [],
    ],
    [
      ".ht files alone",
      host(80, 'DocumentRoot /srv\n<FilesMatch "^\\.ht">\nRequire all denied\n</FilesMatch>'),
      ["dotfiles-not-denied:3 warn"],
    ],
    [
      "names with a dot do not cover what lies below them",
      host(80, 'DocumentRoot /srv\n<FilesMatch "^\\.">\nRequire all denied\n</FilesMatch>'),
      ["dotfiles-not-denied:3 warn"],
    ],
    [
      "directories as well",
      host(
        80,
        'DocumentRoot /srv\n<FilesMatch "^\\.">\nRequire all denied\n</FilesMatch>\n<DirectoryMatch "/\\.git">\nRequire all denied\n</DirectoryMatch>',
      ),
      [],
    ],
    ["an open proxy", "ProxyRequests On\nListen 80\n", ["open-proxy:1 fail"]],
    ["no open proxy", `ProxyRequests Off\n${host(80, PASS)}`, []],
    [
      "a host that switches it off",
      `ProxyRequests On\n${host(80, `ProxyRequests Off\n${PASS}`)}`,
      [],
    ],
  ],
);

table(
  "global",
  [],
  [
    apacheTokensRule,
    apacheTraceRule,
    apacheRootGrantedRule,
    apacheOverrideRule,
    apacheRemoteIpRule,
    globalTrustRule,
  ],
  [
    ["nothing said", "Listen 80", ["server-tokens:1 warn", "trace-enabled:1 note"]],
    ["quiet", "Listen 80\nServerTokens Prod\nTraceEnable Off", []],
    [
      "loud",
      "ServerTokens OS\nTraceEnable extended\nListen 80",
      ["server-tokens:1 warn", "trace-enabled:2 warn"],
    ],
    ["a host alone", host(80, PASS), []],
    [
      "all of the disk",
      "<Directory />\nRequire all granted\nAllowOverride All\n</Directory>",
      ["root-granted:2 fail", "allow-override-all:3 warn"],
    ],
    [
      "none of it",
      "<Directory />\nRequire all denied\nAllowOverride None\n</Directory>\n<Directory /srv>\nRequire all granted\n</Directory>",
      [],
    ],
    ["an address from anybody", "RemoteIPHeader X-Forwarded-For", ["realip-trust-any:1 fail"]],
    [
      "an address from the proxies",
      "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 10.0.0.0/8",
      [],
    ],
    [
      "from every proxy there may be",
      "RemoteIPHeader X-Forwarded-For\nRemoteIPTrustedProxy 0.0.0.0/0",
      ["realip-trust-any:2 fail"],
    ],
  ],
);

table(
  "limits",
  [siteBodySizeRule, siteRateLimitRule],
  [],
  [
    ["none", host(80, PASS), ["body-size-not-set:1 warn", "rate-limit-missing:1 warn"]],
    [
      "all of the disk",
      host(80, `LimitRequestBody 0\nQS_SrvMaxConnPerIP 50\n${PASS}`),
      ["body-size-unlimited:3 fail"],
    ],
    ["of the main server", `LimitRequestBody 1000000\nDOSPageCount 5\n${host(80, PASS)}`, []],
    [
      "of a location",
      host(
        80,
        `LimitRequestBody 1000\nQS_SrvMaxConnPerIP 50\n<Location /up>\nLimitRequestBody 20000000\n</Location>\n${PASS}`,
      ),
      ["body-size-large:6 warn"],
    ],
  ],
);

table(
  "forwarded",
  [siteForwardedRule],
  [],
  [
    [
      "as httpd does it",
      host(443, `${SSL}\n${PASS}`),
      ["forwarded-proto-missing:5 warn", "forwarded-host-missing:5 warn", "xff-passthrough:5 note"],
    ],
    [
      "all of it",
      host(
        443,
        `${SSL}\nProxyPreserveHost On\nRequestHeader unset X-Forwarded-For\nRequestHeader set X-Forwarded-Proto https\n${PASS}`,
      ),
      [],
    ],
    [
      "nothing at all",
      host(
        443,
        `${SSL}\nProxyPreserveHost On\nProxyAddHeaders Off\nRequestHeader set X-Forwarded-Proto https\n${PASS}`,
      ),
      ["forwarded-for-missing:8 warn"],
    ],
    [
      "of the main server",
      `ProxyPreserveHost On\nRequestHeader unset X-Forwarded-For early\nRequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}\n${host(443, `${SSL}\n${PASS}`)}`,
      [],
    ],
  ],
);

table(
  "the rest",
  [siteWebsocketRule, siteHttp2Rule, siteUpstreamTlsRule, siteAccessLogRule],
  [],
  [
    [
      "a path without its upgrade",
      host(443, `${SSL}\nProtocols h2\nCustomLog l c\nProxyPass /ws/ http://127.0.0.1:8000/ws/`),
      ["websocket-incomplete:7 warn"],
    ],
    [
      "with ws",
      host(443, `${SSL}\nProtocols h2\nCustomLog l c\nProxyPass /ws/ ws://127.0.0.1:8000/ws/`),
      [],
    ],
    [
      "with upgrade",
      host(
        443,
        `${SSL}\nProtocols h2\nCustomLog l c\nProxyPass /ws/ http://127.0.0.1:8000/ws/ upgrade=websocket`,
      ),
      [],
    ],
    [
      "by a rewrite",
      host(
        443,
        `${SSL}\nProtocols h2\nCustomLog l c\nRewriteEngine On\nRewriteCond %{HTTP:Upgrade} websocket [NC]\nRewriteRule /(.*) ws://127.0.0.1:8000/$1 [P,L]\nProxyPass /ws/ http://127.0.0.1:8000/ws/`,
      ),
      [],
    ],
    ["no h2", host(443, `${SSL}\nCustomLog l c\n${PASS}`), ["http2-missing:1 warn"]],
    [
      "h2 of the main server",
      `Protocols h2 http/1.1\n${host(443, `${SSL}\nCustomLog l c\n${PASS}`)}`,
      [],
    ],
    [
      "unchecked",
      host(
        443,
        `${SSL}\nProtocols h2\nCustomLog l c\nSSLProxyEngine on\nProxyPass / https://10.0.0.9/`,
      ),
      ["upstream-tls-unverified:8 warn"],
    ],
    [
      "checked",
      host(
        443,
        `${SSL}\nProtocols h2\nCustomLog l c\nSSLProxyEngine on\nSSLProxyVerify require\nProxyPass / https://10.0.0.9/`,
      ),
      [],
    ],
    [
      "checked but for the name",
      host(
        443,
        `${SSL}\nProtocols h2\nCustomLog l c\nSSLProxyVerify require\nSSLProxyCheckPeerName off\nProxyPass / https://10.0.0.9/`,
      ),
      ["upstream-tls-unverified:8 warn"],
    ],
    ["no log", host(80, PASS), ["access-log-off:1 note"]],
  ],
);

table(
  "default server",
  [siteDefaultServerRule],
  [],
  [
    [
      "the first host takes every name",
      host(443, `${SSL}\n${PASS}`) + host(443, `${SSL}\n${PASS}`, "b.test"),
      ["tls-no-default-server:1 warn"],
    ],
    [
      "the first refuses",
      host(443, `${SSL}\nRedirect 404 /`, "x.invalid") + host(443, `${SSL}\n${PASS}`),
      [],
    ],
  ],
);

table(
  "TLS",
  [siteTlsProtocolsRule, siteTlsCiphersRule],
  [],
  [
    [
      "old ones, of the main server",
      `SSLProtocol all -SSLv3\nSSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256\n${host(443, SSL)}`,
      ["tls-legacy-protocol:1 fail"],
    ],
    [
      "the host's own word",
      `SSLProtocol all\nSSLCipherSuite ECDHE-RSA-AES128-GCM-SHA256\n${host(443, `${SSL}\nSSLProtocol -all +TLSv1.2 +TLSv1.3`)}`,
      [],
    ],
    [
      "weak ones",
      host(443, `${SSL}\nSSLProtocol -all +TLSv1.2\nSSLCipherSuite DES-CBC3-SHA`),
      ["tls-weak-ciphers:6 fail"],
    ],
  ],
);

test("Apache: what an unset LimitRequestBody means depends on the version", async () => {
  const wanted = await apacheWanted(host(80, PASS));
  const at = (version: string) =>
    [siteBodySizeRule]
      .flatMap((rule) =>
        wanted.sites.state === "known"
          ? wanted.sites.value.flatMap((site) =>
              rule(site, withVersion(wanted, { proxy: "apache", version })),
            )
          : [],
      )
      .map(({ message }) => message);
  assert.deepEqual(at("2.4.53"), [
    "No LimitRequestBody is set: Apache 2.4.53 takes in bodies of any length",
  ]);
  assert.deepEqual(at("2.4.54"), ["No LimitRequestBody is set: Apache 2.4.54 takes in 1 GiB"]);
});
