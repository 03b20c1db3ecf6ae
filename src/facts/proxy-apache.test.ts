import assert from "node:assert/strict";
import { test } from "node:test";
import { parseApache } from "../parsers/apache.ts";
import { apacheRoutes } from "./proxy-apache.ts";
import type { ProxyRoute } from "./proxy-routes.fact.ts";

function shown({ names, listeners, upstreams, path }: ProxyRoute): string {
  const at = listeners.map(({ address, port, isTls }) => `${address}:${port}${isTls ? "+" : ""}`);
  const to = upstreams.map(
    ({ kind, host, port, isTls }) =>
      `${kind === "tcp" ? "" : `${kind}:`}${host}:${port}${isTls ? "+" : ""}`,
  );
  return `${names.join(",")} ${path} -> ${to.join(" ")} @ ${at.join(" ")}`;
}

const APACHE: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  [
    "virtual host with TLS",
    "<VirtualHost *:443>\nServerName a.test\nServerAlias b.test\nSSLEngine on\nSSLCertificateFile /c.pem\nProxyPass / http://127.0.0.1:8000/\n</VirtualHost>",
    ["a.test,b.test / -> 127.0.0.1:8000 @ *:443+"],
  ],
  [
    "certificate in a comment",
    "<VirtualHost *:443>\nSSLEngine on\n# SSLCertificateFile /c.pem\nProxyPass / http://x:1/\n</VirtualHost>",
    [" / -> x:1 @ *:443"],
  ],
  [
    "SSLEngine in another host",
    "<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile /c\n</VirtualHost>\n<VirtualHost *:80>\nProxyPass / http://x:1/\n</VirtualHost>",
    [" / -> x:1 @ *:80"],
  ],
  [
    "module condition, Define, Location",
    "Define up x\n<IfModule mod_ssl.c>\n<VirtualHost _default_:443>\nSSLEngine On\nSSLCertificateFile /c\n<Location /a>\nProxyPass http://${up}:1/ \\\n  timeout=5\n</Location>\n</VirtualHost>\n</IfModule>",
    [" /a -> x:1 @ *:443+"],
  ],
  [
    "IfDefine that is not",
    "<IfDefine NOPE>\n<VirtualHost *:80>\nProxyPass / http://x:1/\n</VirtualHost>\n</IfDefine>\nListen 80",
    [],
  ],
  [
    "rewrite with P, exclusion, websocket",
    "<VirtualHost *:80>\nRewriteEngine on\nRewriteRule ^/(.*)$ http://x:1/$1 [P,L]\nProxyPass /static !\nProxyPassMatch ^/ws ws://x:2/\n</VirtualHost>",
    [" ^/(.*)$ -> x:1 @ *:80", " ^/ws -> x:2 @ *:80"],
  ],
  [
    "rewrite engine off",
    "<VirtualHost *:80>\nRewriteRule ^/(.*)$ http://x:1/$1 [P]\n</VirtualHost>\nListen 80",
    [],
  ],
  [
    "balancer and socket",
    '<Proxy "balancer://app">\nBalancerMember http://a:1\nBalancerMember unix:/run/a.sock|http://localhost\n</Proxy>\n<VirtualHost *:80>\nProxyPass / balancer://app/\n</VirtualHost>',
    [" / -> a:1 unix:/run/a.sock:0 @ *:80"],
  ],
  [
    "port without Listen",
    "Listen 80\n<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile /c\nProxyPass / http://x:1/\n</VirtualHost>",
    [" / -> x:1 @ *:443"],
  ],
  [
    "main server",
    "Listen 8080\nServerName a.test\nProxyPass / http://x:1/",
    ["a.test / -> x:1 @ *:8080"],
  ],
];
for (const [name, text, expected] of APACHE)
  test(`apache: ${name}`, async () => {
    const configuration = await parseApache(
      { file: "app.conf", text },
      { defines: new Map(), readInclude: async () => [] },
    );
    const { routes } = apacheRoutes(configuration, "/etc/apache2");
    assert.deepEqual(configuration.problems, []);
    assert.deepEqual(routes.map(shown), expected);
  });
